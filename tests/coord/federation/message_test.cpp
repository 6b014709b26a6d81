#include "coord/federation/message.hpp"

#include "tests/coord/federation/two_servers.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset::coord;
using namespace cresset::coord::federation;
namespace ex = federation::example;

namespace {

std::optional<message> read(const std::vector<std::string>& frames) {
  const std::vector<std::string_view> views{frames.begin(), frames.end()};
  return decode(views);
}
template <typename Message>
Message again(const Message& told) {
  const auto back = read(encode(told));
  BOOST_REQUIRE(back.has_value());
  const auto* one = std::get_if<Message>(&*back);
  BOOST_REQUIRE(one != nullptr);
  return *one;
}
const stream_position somewhere{std::string(32, 'a'), 7, signed_::digest::of("x")};

open_message an_open() {
  return {1,  1,         {"receipts"}, ex::north_id, ex::south_id, std::string(32, '1'),
          "", somewhere, 64,           "head",       "envelope"};
}

} // namespace

BOOST_AUTO_TEST_SUITE(federation_message)

BOOST_AUTO_TEST_CASE(every_message_reads_back_as_it_was_written) {
  const auto open = again(an_open());
  BOOST_TEST((open.has == somewhere));
  BOOST_TEST(open.head == "head");
  BOOST_TEST(open.has_envelope == "envelope");
  BOOST_TEST(open.features.size() == 1U);
  const auto push = again(push_message{{7, "e", {"s", "b"}}, std::string(32, 'a')});
  BOOST_TEST(push.entry.content.body == "b");
  BOOST_TEST(push.entry.sequence == 7U);
  const auto acknowledged = again(acknowledge_message{somewhere, 5, true});
  BOOST_TEST((acknowledged.at == somewhere));
  BOOST_TEST(acknowledged.resend);
  BOOST_TEST((again(acknowledge_message{{}, 5, false}).at == stream_position{}));
  BOOST_TEST(again(epoch_message{"opening"}).opening == "opening");
  BOOST_TEST(again(head_message{"head"}).head == "head");
  BOOST_TEST(again(refuse_message{"", 3, "busy", "text"}).sequence == 3U);
  BOOST_TEST(again(close_message{"version", "text"}).reason == "version");
}

BOOST_AUTO_TEST_CASE(an_unknown_type_is_told_apart_from_a_broken_message) {
  const auto told = read({R"({"type":"future"})", "frame"});
  BOOST_REQUIRE(told.has_value());
  BOOST_TEST(std::get<unknown_message>(*told).type == "future");
}

BOOST_AUTO_TEST_CASE(broken_messages_are_none) {
  BOOST_TEST(!read({}).has_value());
  BOOST_TEST(!read({""}).has_value());
  BOOST_TEST(!read({"{}"}).has_value());
  BOOST_TEST(!read({R"({"type":"head"})"}).has_value());           // a frame is missing
  BOOST_TEST(!read({R"({"type":"head"})", "a", "b"}).has_value()); // one too many
  BOOST_TEST(!read({R"({"type": "head"})", "a"}).has_value());     // not canonical
  BOOST_TEST(!read({R"({"epoch":"x","sequence":1,"type":"push"})", "e", "s", "b"}).has_value());
  BOOST_TEST(
      !read({R"({"credit":1,"epoch":"","hash":"","resend":1,"sequence":0,"type":"acknowledge"})"})
           .has_value());
  BOOST_TEST(!read({std::string(header_limit_bytes + 1, ' ')}).has_value());
}

BOOST_AUTO_TEST_CASE(parts_above_their_limit_are_refused) {
  auto big = push_message{{7, std::string(envelope_limit_bytes + 1, 'x'), {"s", "b"}},
                          std::string(32, 'a')};
  BOOST_TEST(!read(encode(big)).has_value());
  big.entry = {7, "e", {std::string(signed_::object_limit_seal_bytes + 1, 'x'), "b"}};
  BOOST_TEST(!read(encode(big)).has_value());
  big.entry = {7, "e", {"s", std::string(signed_::object_limit_body_bytes + 1, 'x')}};
  BOOST_TEST(!read(encode(big)).has_value());
  BOOST_TEST(!read(encode(epoch_message{std::string(opening_limit_bytes + 1, 'x')})).has_value());
  BOOST_TEST(!read(encode(head_message{std::string(head_limit_bytes + 1, 'x')})).has_value());
}

BOOST_AUTO_TEST_CASE(nobody_gets_more_credit_than_the_limit) {
  auto open = an_open();
  open.credit = 100'000;
  BOOST_TEST(again(open).credit == credit_limit);
  BOOST_TEST(again(acknowledge_message{somewhere, 100'000, false}).credit == credit_limit);
}

BOOST_AUTO_TEST_SUITE_END()
