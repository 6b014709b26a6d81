#include "detect/proto/rfb/parser.hpp"

#include "tests/support/parser_feed.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset;
using namespace cresset::detect::proto;
using namespace cresset::detect::proto::rfb;
using namespace cresset::test;

namespace {

constexpr auto to_server = direction::to_server;
constexpr auto to_client = direction::to_client;

const std::string challenge = from_hex("0805b790b58e967f2b350a0c99de3881");
const std::string response = from_hex("aecb26faeaaa62179636a5934bac1078");
const std::string init =
    from_hex("0500 0320 20 18 00 01 00ff 00ff 00ff 10 08 00 000000 00000004") + "desk";

const conversation full{
    server("RFB 003.008\n"),      client("RFB 003.008\n"), server(from_hex("02 02 10")),
    client(from_hex("02")),       server(challenge),       client(response),
    server(from_hex("00000000")), client(from_hex("00")),  server(init)};

struct flow {
  rfb::parser parser;
  parse_status client(std::string_view bytes) { return feed(parser, to_server, bytes); }
  parse_status server(std::string_view bytes) { return feed(parser, to_client, bytes); }
  const session& tx() {
    BOOST_REQUIRE(parser.transactions().size() == 1U);
    return static_cast<const session&>(*parser.transactions()[0]);
  }
  bool has(std::string_view event) {
    const auto all = tx().events();
    return std::find(all.begin(), all.end(), event) != all.end();
  }
};

} // namespace

BOOST_AUTO_TEST_SUITE(rfb_parser)

BOOST_AUTO_TEST_CASE(a_whole_handshake_is_one_session) {
  flow f;
  auto status = parse_status::consumed;
  for (const auto& [way, bytes] : full)
    status = feed(f.parser, way, bytes);
  BOOST_CHECK(status == parse_status::finished);
  BOOST_TEST(f.tx().is_done());
  BOOST_TEST(f.tx().events().empty());
  BOOST_TEST(as_text(*f.tx().buffer(static_cast<buffer_id>(buffer_index::name), 0)) == "desk");
  BOOST_TEST(*f.tx().field(static_cast<field_id>(field_index::security_type), 0) == 2U);
  BOOST_TEST(*f.tx().field(static_cast<field_id>(field_index::security_result), 0) == 0U);
  BOOST_TEST(
      members_of(f.tx()) ==
      R"({"server_protocol_version":{"major":"003","minor":"008"},)"
      R"("client_protocol_version":{"major":"003","minor":"008"},)"
      R"("authentication":{"security_type":2,"vnc":{"challenge":"0805b790b58e967f2b350a0c99de3881",)"
      R"("response":"aecb26faeaaa62179636a5934bac1078"},"security_result":"OK"},)"
      R"("screen_shared":false,"framebuffer":{"width":1280,"height":800,"name":"desk",)"
      R"("pixel_format":{"bits_per_pixel":32,"depth":24,"big_endian":false,"true_color":true,)"
      R"("red_max":255,"green_max":255,"blue_max":255,"red_shift":16,"green_shift":8,"blue_shift":0}}})");
}

BOOST_AUTO_TEST_CASE(the_same_bytes_give_the_same_session_however_they_are_cut) {
  const auto all = summaries_of_all_splits([] { return std::make_unique<rfb::parser>(); },
                                           rfb::description, full);
  for (const auto& one : all)
    BOOST_REQUIRE(one == all.front());
}

BOOST_AUTO_TEST_CASE(bytes_that_come_before_their_turn_are_held) {
  flow f;
  for (const auto& [way, bytes] : full)
    if (way == to_server)
      f.client(bytes);
  BOOST_TEST(!f.tx().is_done());
  for (const auto& [way, bytes] : full)
    if (way == to_client)
      f.server(bytes);
  BOOST_TEST(f.tx().is_done());
  BOOST_TEST(f.tx().desktop->name == "desk");
}

BOOST_AUTO_TEST_CASE(without_authentication_older_versions_send_no_result) {
  flow f;
  f.server("RFB 003.003\n");
  f.client("RFB 003.003\n");
  f.server(from_hex("00000001"));
  f.client(from_hex("01"));
  BOOST_CHECK(f.server(init) == parse_status::finished);
  BOOST_TEST(*f.tx().is_shared);
  BOOST_CHECK(!f.tx().security_result);
}

BOOST_AUTO_TEST_CASE(refusals_carry_their_reason) {
  flow f;
  f.server("RFB 003.008\n");
  f.client("RFB 003.008\n");
  f.server(from_hex("0101"));
  f.client(from_hex("01"));
  BOOST_CHECK(f.server(from_hex("00000001 00000003") + "bad") == parse_status::finished);
  BOOST_TEST(members_of(f.tx()).find(
                 R"("security_result":"FAIL"},"server_security_failure_reason":"bad")") !=
             std::string::npos);
  flow none;
  none.server("RFB 003.008\n");
  none.client("RFB 003.008\n");
  none.server(from_hex("00 00000004") + "busy");
  BOOST_TEST(*none.tx().failure_reason == "busy");
  BOOST_TEST(none.tx().is_done());
}

BOOST_AUTO_TEST_CASE(what_cannot_be_read_is_an_event_and_the_end) {
  flow f;
  BOOST_CHECK(f.server("RFB 003x008\n") == parse_status::malformed);
  BOOST_TEST(f.has("malformed_message"));
  BOOST_CHECK(f.client("x") == parse_status::malformed);
  flow type;
  type.server("RFB 003.008\n");
  type.client("RFB 003.008\n");
  type.server(from_hex("0110"));
  BOOST_CHECK(type.client(from_hex("10")) == parse_status::malformed);
  BOOST_TEST(type.has("unimplemented_security_type"));
  BOOST_TEST(*type.tx().security_type == 16U);
  flow result;
  result.server("RFB 003.008\n");
  result.client("RFB 003.008\n" + from_hex("01"));
  result.server(from_hex("0101 00000007"));
  BOOST_TEST(result.has("unknown_security_result"));
  BOOST_TEST(members_of(result.tx()).find("UNKNOWN (7)") != std::string::npos);
  flow name;
  name.server("RFB 003.003\n");
  name.client("RFB 003.003\n" + from_hex("01"));
  name.server(from_hex("00000001"));
  BOOST_CHECK(name.server(init.substr(0, 20) + from_hex("ffffffff")) == parse_status::malformed);
  BOOST_TEST(name.has("malformed_message"));
}

BOOST_AUTO_TEST_CASE(one_that_never_gets_its_turn_is_not_held_for_ever) {
  flow f;
  auto status = parse_status::consumed;
  for (int i = 0; i < 100 && status != parse_status::malformed; ++i)
    status = f.client(std::string(1000, 'x'));
  BOOST_CHECK(status == parse_status::malformed);
  BOOST_TEST(f.has("confused_state"));
  flow gap;
  gap.server("RFB");
  BOOST_CHECK(gap.parser.gap(to_client, 1) == parse_status::malformed);
  BOOST_TEST(gap.tx().is_done());
  gap.parser.release(0);
  BOOST_TEST(gap.parser.transactions().empty());
}

BOOST_AUTO_TEST_SUITE_END()
