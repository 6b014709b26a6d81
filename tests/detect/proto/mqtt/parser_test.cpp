#include "detect/proto/mqtt/parser.hpp"

#include "tests/support/parser_feed.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset;
using namespace cresset::detect::proto;
using namespace cresset::detect::proto::mqtt;
using namespace cresset::test;

namespace {

constexpr auto to_server = direction::to_server;
constexpr auto to_client = direction::to_client;

std::string text(std::string_view value) {
  return std::string{static_cast<char>(value.size() >> 8), static_cast<char>(value.size())} +
         std::string{value};
}
std::string packet(unsigned first, const std::string& body) {
  std::string made{static_cast<char>(first)};
  for (std::size_t left = body.size();;) {
    made += static_cast<char>((left & 0x7fU) | (left > 0x7f ? 0x80U : 0U));
    if ((left >>= 7U) == 0)
      return made + body;
  }
}
std::string bytes(std::initializer_list<int> values) {
  std::string made;
  for (const auto value : values)
    made += static_cast<char>(value);
  return made;
}

const auto connect_5 =
    packet(0x10, text("MQTT") + bytes({5, 0xc6, 0, 60, 3, 0x21, 0, 20}) + text("id") + bytes({0}) +
                     text("wt") + text("wm") + text("user") + text("pass"));
const auto connect_3 = packet(0x10, text("MQIsdp") + bytes({3, 2, 0, 60}) + text("old"));
const auto connack_5 = packet(0x20, bytes({1, 0, 3, 0x22, 0, 10}));
const auto connack_3 = packet(0x20, bytes({0, 0}));
const auto publish_1 = packet(0x3b, text("topic") + bytes({0, 7, 7}) + bytes({38}) + text("k") +
                                        text("v") + "payload");
const auto subscribe =
    packet(0x82, bytes({0, 1, 0}) + text("a/#") + bytes({1}) + text("b") + bytes({0}));
const auto unsubscribe = packet(0xa2, bytes({0, 2, 0}) + text("a/#") + text("b"));

const conversation session{cresset::test::client(connect_5), cresset::test::server(connack_5),
                           cresset::test::client(subscribe + publish_1 + unsubscribe),
                           cresset::test::server(packet(0x90, bytes({0, 1, 0, 1, 0x87})) +
                                                 packet(0x40, bytes({0, 7, 16, 0})) +
                                                 packet(0xb0, bytes({0, 2, 0, 0, 17})) +
                                                 packet(0x30, text("down") + bytes({0}) + "x")),
                           cresset::test::client(packet(0xc0, "") + packet(0xe0, ""))};

struct flow {
  mqtt::parser parser;
  explicit flow(const mqtt::settings& wanted = {}) : parser{wanted} {}
  parse_status client(std::string_view bytes) { return feed(parser, to_server, bytes); }
  parse_status server(std::string_view bytes) { return feed(parser, to_client, bytes); }
  const exchange& tx(std::size_t i) {
    BOOST_REQUIRE(parser.transactions().size() > i);
    return static_cast<const exchange&>(*parser.transactions()[i]);
  }
  std::string json(std::size_t i) { return members_of(tx(i)); }
  bool has(std::size_t i, std::string_view event) {
    const auto all = tx(i).events();
    return std::find(all.begin(), all.end(), event) != all.end();
  }
  std::string buffer(std::size_t i, buffer_index id, std::size_t instance = 0) {
    const auto bytes = tx(i).buffer(static_cast<buffer_id>(id), instance);
    return bytes ? std::string{as_text(*bytes)} : "(none)";
  }
  std::vector<std::uint64_t> numbers(std::size_t i, field_index id) {
    std::vector<std::uint64_t> all;
    for (std::size_t n = 0; n < tx(i).field_instances(static_cast<field_id>(id)); ++n)
      all.push_back(*tx(i).field(static_cast<field_id>(id), n));
    return all;
  }
};

using numbers = std::vector<std::uint64_t>;

} // namespace

BOOST_AUTO_TEST_SUITE(mqtt_parser)

BOOST_AUTO_TEST_CASE(messages_that_belong_together_are_one_exchange) {
  flow f;
  for (const auto& [way, bytes] : session)
    feed(f.parser, way, bytes);
  BOOST_REQUIRE(f.parser.transactions().size() == 7U);
  BOOST_TEST(
      f.json(0) ==
      R"({"connect":{"qos":0,"retain":false,"dup":false,"protocol_string":"MQTT",)"
      R"("protocol_version":5,"flags":{"username":true,"password":true,"will_retain":false,)"
      R"("will":true,"clean_session":true},"client_id":"id","will":{"topic":"wt","message":"wm"},)"
      R"("username":"user","password":"pass","properties":{"receive_maximum":20}},)"
      R"("connack":{"qos":0,"retain":false,"dup":false,"session_present":true,"return_code":0,)"
      R"("properties":{"topic_alias_maximum":10}}})");
  BOOST_TEST(
      f.json(1) ==
      R"({"subscribe":{"qos":1,"retain":false,"dup":false,"message_id":1,"topics":[)"
      R"({"topic":"a/#","qos":1},{"topic":"b","qos":0}]},)"
      R"("suback":{"qos":0,"retain":false,"dup":false,"message_id":1,"qos_granted":[1,135]}})");
  BOOST_TEST(f.json(2) ==
             R"({"publish":{"qos":1,"retain":true,"dup":true,"message_id":7,"topic":"topic",)"
             R"("message":"payload","properties":{"k":"v"}},)"
             R"("puback":{"qos":0,"retain":false,"dup":false,"message_id":7,"reason_code":16}})");
  BOOST_TEST(f.json(3).find(R"("topics":["a/#","b"]},"unsuback":)") != std::string::npos);
  BOOST_TEST(f.json(6) == R"({"disconnect":{"qos":0,"retain":false,"dup":false,"reason_code":0}})");
  BOOST_TEST(f.tx(4).concerns(to_client));
  BOOST_TEST(!f.tx(4).concerns(to_server));
  BOOST_TEST(!f.tx(5).is_complete()); // a ping without an answer
  for (std::size_t i = 0; i < 7; ++i)
    BOOST_TEST(f.tx(i).events().empty());
}

BOOST_AUTO_TEST_CASE(rules_see_all_messages_of_an_exchange) {
  flow f;
  for (const auto& [way, bytes] : session)
    feed(f.parser, way, bytes);
  BOOST_TEST(f.buffer(0, buffer_index::client_id) == "id");
  BOOST_TEST(f.buffer(0, buffer_index::will_message) == "wm");
  BOOST_TEST(f.buffer(0, buffer_index::protocol_string) == "MQTT");
  BOOST_TEST(f.buffer(1, buffer_index::subscribe_topic, 1) == "b");
  BOOST_TEST(f.buffer(2, buffer_index::publish_message_ts) == "payload");
  BOOST_TEST(f.buffer(2, buffer_index::subscribe_topic) == "(none)");
  BOOST_CHECK((f.numbers(0, field_index::type) == numbers{1, 2}));
  BOOST_CHECK((f.numbers(0, field_index::connect_flags) == numbers{0xc6}));
  BOOST_CHECK((f.numbers(0, field_index::session_present) == numbers{1}));
  BOOST_CHECK((f.numbers(1, field_index::reason_code) == numbers{1, 0x87}));
  BOOST_CHECK((f.numbers(2, field_index::qos) == numbers{1, 0}));
  BOOST_CHECK((f.numbers(3, field_index::reason_code) == numbers{0, 17}));
  BOOST_CHECK((f.numbers(2, field_index::version) == numbers{5}));
}

BOOST_AUTO_TEST_CASE(the_same_bytes_give_the_same_exchanges_however_they_are_cut) {
  const auto all = summaries_of_all_splits(
      [] { return std::make_unique<mqtt::parser>(mqtt::settings{}); }, mqtt::description, session);
  for (const auto& one : all)
    BOOST_REQUIRE(one == all.front());
}

BOOST_AUTO_TEST_CASE(version_3_has_no_properties_and_level_2_takes_four_messages) {
  flow f;
  f.client(connect_3);
  f.server(connack_3);
  f.client(packet(0x34, text("t") + bytes({0, 9}) + "p"));
  f.server(packet(0x50, bytes({0, 9})));
  f.client(packet(0x62, bytes({0, 9})));
  BOOST_TEST(!f.tx(1).is_complete());
  f.server(packet(0x70, bytes({0, 9})));
  BOOST_TEST(f.tx(1).is_complete());
  BOOST_TEST(f.tx(1).messages().size() == 4U);
  BOOST_TEST(f.tx(1).events().empty());
  BOOST_CHECK((f.numbers(0, field_index::version) == numbers{3}));
}

BOOST_AUTO_TEST_CASE(what_comes_out_of_turn_is_an_event) {
  flow f;
  f.server(connack_3 + packet(0x90, bytes({0, 1, 0})) + packet(0xb0, bytes({0, 1})) +
           packet(0x40, bytes({0, 1})));
  BOOST_TEST(f.has(0, "missing_connect"));
  BOOST_TEST(f.has(1, "missing_subscribe"));
  BOOST_TEST(f.has(2, "missing_unsubscribe"));
  BOOST_TEST(f.has(3, "missing_publish"));
  f.client(connect_3);
  BOOST_TEST(f.has(4, "double_connect"));
  flow early;
  early.client(connect_3 + packet(0x30, text("t") + "p"));
  BOOST_TEST(early.has(1, "unintroduced_message"));
}

BOOST_AUTO_TEST_CASE(header_bytes_that_cannot_be_are_events) {
  flow f;
  f.client(connect_3);
  f.server(connack_3);
  f.client(packet(0x36, text("t") + bytes({0, 1}) + "p") + packet(0x00, "") +
           packet(0x32, text("t") + bytes({0, 0}) + "p"));
  BOOST_TEST(f.has(1, "invalid_qos_level"));
  BOOST_TEST(f.has(2, "unassigned_msg_type"));
  BOOST_TEST(f.has(3, "missing_msg_id"));
}

BOOST_AUTO_TEST_CASE(contradictory_lengths_end_the_reading) {
  const auto malformed = [](const std::string& bytes) {
    flow f;
    const bool is = f.client(bytes) == parse_status::malformed;
    return is && f.has(f.parser.transactions().size() - 1, "malformed_traffic") &&
           f.server(connack_3) == parse_status::malformed;
  };
  BOOST_TEST(malformed(bytes({0x10, 0x80, 0x80, 0x80, 0x80, 1})));
  BOOST_TEST(malformed(packet(0x10, text("MQTT") + bytes({5, 0, 0, 60, 9, 0x21}))));
  BOOST_TEST(malformed(packet(0x10, text("MQTT") + bytes({5, 0, 0, 60, 2, 99, 0}))));
  BOOST_TEST(malformed(packet(0x10, text("MQTT") + bytes({4, 0xc0, 0, 60}) + text("x"))));
  BOOST_TEST(malformed(packet(0x20, bytes({0}))));
  BOOST_TEST(malformed(packet(0x30, bytes({0, 9}) + "abc")));
  BOOST_TEST(malformed(packet(0x82, bytes({0, 1, 0, 5}))));
  BOOST_TEST(malformed(packet(0x40, bytes({1}))));
}

BOOST_AUTO_TEST_CASE(a_long_message_is_passed_over_and_said_so) {
  flow f{mqtt::settings{.max_message_bytes = 100}};
  f.client(connect_3);
  f.server(connack_3);
  f.client(packet(0x30, text("t") + std::string(300, 'x')) + packet(0x30, text("u") + "y"));
  BOOST_TEST(
      f.json(1) ==
      R"({"publish":{"qos":0,"retain":false,"dup":false,"truncated":true,"skipped_length":303}})");
  BOOST_TEST(f.buffer(1, buffer_index::publish_topic_ts) == "(none)");
  BOOST_TEST(f.buffer(2, buffer_index::publish_topic_ts) == "u");
}

BOOST_AUTO_TEST_CASE(long_texts_are_logged_in_part_and_passwords_only_on_wish) {
  flow f{mqtt::settings{.logged_text_bytes = 4, .log_passwords = false}};
  f.client(packet(0x30, text("t") + "abcdefg"));
  BOOST_TEST(f.json(0).find(R"("message":"abcd[truncated 3 additional bytes]")") !=
             std::string::npos);
  f.client(connect_5);
  BOOST_TEST(f.json(1).find("password\":\"pass") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(rules_look_at_so_many_topics_as_they_may) {
  flow f{mqtt::settings{.subscribe_topics_matched = 1, .unsubscribe_topics_matched = 0}};
  f.client(connect_5 + subscribe + unsubscribe);
  BOOST_TEST(f.buffer(1, buffer_index::subscribe_topic) == "a/#");
  BOOST_TEST(f.buffer(1, buffer_index::subscribe_topic, 1) == "(none)");
  BOOST_TEST(f.buffer(2, buffer_index::unsubscribe_topic, 1) == "b");
  BOOST_TEST(f.json(1).find("\"b\"") != std::string::npos); // the event log has them all
}

BOOST_AUTO_TEST_CASE(too_many_open_exchanges_complete_the_oldest) {
  flow f{mqtt::settings{.max_transactions = 2}};
  f.client(connect_3);
  f.server(connack_3);
  f.client(packet(0x32, text("t") + bytes({0, 1})) + packet(0x32, text("t") + bytes({0, 2})));
  BOOST_TEST(!f.tx(1).is_complete());
  f.client(packet(0x32, text("t") + bytes({0, 3})));
  BOOST_TEST(f.has(1, "too_many_transactions"));
  BOOST_TEST(f.tx(1).is_complete());
  std::string pings;
  for (std::size_t i = 0; i < 2 * mqtt::parser::live_limit; ++i)
    pings += packet(0xc0, "");
  f.client(pings);
  BOOST_TEST(f.parser.transactions().size() == mqtt::parser::live_limit);
  BOOST_TEST(f.parser.refused() > 0U);
}

BOOST_AUTO_TEST_CASE(a_gap_inside_a_message_is_passed_over_and_any_other_ends_the_reading) {
  flow f;
  f.client(connect_3);
  f.client(packet(0x30, text("t") + std::string(100, 'x')).substr(0, 20));
  BOOST_CHECK(f.parser.gap(to_server, 50) == parse_status::resynchronised);
  f.client(std::string(35, 'x') + packet(0xe0, ""));
  BOOST_TEST(f.json(1).find("\"truncated\":true") != std::string::npos);
  BOOST_TEST(f.json(2).find("disconnect") != std::string::npos);
  BOOST_CHECK(f.parser.gap(to_server, 1) == parse_status::malformed);
}

BOOST_AUTO_TEST_CASE(an_end_completes_what_waits_and_released_ones_are_gone) {
  flow f;
  f.client(connect_3);
  f.parser.end(to_server);
  BOOST_TEST(!f.tx(0).is_complete());
  f.parser.end(to_client);
  BOOST_TEST(f.tx(0).is_complete());
  f.parser.release(0);
  BOOST_TEST(f.parser.transactions().empty());
}

BOOST_AUTO_TEST_SUITE_END()
