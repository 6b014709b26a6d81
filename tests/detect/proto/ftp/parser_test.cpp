#include "detect/proto/ftp/parser.hpp"

#include "tests/support/parser_feed.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset;
using namespace cresset::detect::proto;
using namespace cresset::detect::proto::ftp;
using namespace cresset::test;

namespace {

constexpr auto to_server = direction::to_server;
constexpr auto to_client = direction::to_client;

struct flow {
  ftp::parser parser;
  parse_status client(std::string_view bytes) { return feed(parser, to_server, bytes); }
  parse_status server(std::string_view bytes) { return feed(parser, to_client, bytes); }
  const exchange& tx(std::size_t i) {
    BOOST_REQUIRE(parser.transactions().size() > i);
    return static_cast<const exchange&>(*parser.transactions()[i]);
  }
  std::string buffer(buffer_index id, std::size_t i, std::size_t instance = 0) {
    const auto bytes = tx(i).buffer(static_cast<buffer_id>(id), instance);
    return bytes ? std::string{as_text(*bytes)} : "(none)";
  }
  bool has_event(std::string_view event, std::size_t i) {
    for (const auto one : tx(i).events())
      if (one == event)
        return true;
    return false;
  }
};

} // namespace

BOOST_AUTO_TEST_SUITE(ftp_parser)

BOOST_AUTO_TEST_CASE(a_command_and_its_replies_are_a_transaction) {
  flow f;
  f.server("220-hello\r\n there\r\n220 ready\r\n");
  f.client("retr index.html\r\n");
  BOOST_TEST(f.tx(1).is_done(to_server));
  f.server("150 opening\r\n");
  BOOST_TEST(!f.tx(1).is_done(to_client));
  f.server("226 Transfer complete.\r\n");
  BOOST_TEST(f.tx(1).is_done());
  BOOST_TEST(f.tx(0).is_done());
  BOOST_TEST(f.buffer(buffer_index::reply, 0, 1) == " there");
  BOOST_TEST(f.buffer(buffer_index::command, 1) == "RETR");
  BOOST_TEST(f.buffer(buffer_index::command_data, 1) == "index.html");
  BOOST_TEST(f.buffer(buffer_index::completion_code, 1, 1) == "226");
  BOOST_TEST(members_of(f.tx(1)) ==
             R"({"command":"RETR","command_truncated":false,"command_data":"index.html",)"
             R"("reply":["opening","Transfer complete."],"completion_code":["150","226"],)"
             R"("reply_received":"yes","reply_truncated":false})");
}

BOOST_AUTO_TEST_CASE(the_port_of_the_data_connection_is_known) {
  flow f;
  f.client("PORT 192,0,2,1,232,157\r\nEPRT |1|192.0.2.1|4000|\r\nPASV\r\nEPSV\r\nPORT "
           "1,2,3\r\nPORT 1,2,3,4,5,256\r\n");
  f.server("200 ok\r\n200 ok\r\n227 Entering Passive Mode (192,0,2,1,4,1).\r\n229 Extended "
           "(|||58612|)\r\n500 no\r\n500 no\r\n");
  BOOST_TEST(f.tx(0).dynamic_port().value() == 59549);
  BOOST_TEST(f.buffer(buffer_index::mode_ts, 0) == "active");
  BOOST_TEST(f.tx(1).dynamic_port().value() == 4000);
  BOOST_TEST(f.tx(2).dynamic_port().value() == 1025);
  BOOST_TEST(f.buffer(buffer_index::mode_tc, 2) == "passive");
  BOOST_TEST(f.tx(3).field(static_cast<field_id>(field_index::dynamic_port_tc), 0).value() ==
             58612U);
  BOOST_TEST(!f.tx(4).dynamic_port().has_value());
  BOOST_TEST(!f.tx(5).dynamic_port().has_value());
}

BOOST_AUTO_TEST_CASE(lines_over_the_limit_are_cut_with_an_event) {
  flow f;
  f.client("RETR " + std::string(5000, 'x') + "\r\n");
  f.server("550 " + std::string(5000, 'y') + "\r\n");
  BOOST_TEST(f.tx(0).command_data().size() == 4091U);
  BOOST_TEST(f.has_event("request_command_too_long", 0));
  BOOST_TEST(f.has_event("response_command_too_long", 0));
  const auto json = members_of(f.tx(0));
  BOOST_TEST(json.find(R"("command_truncated":true)") != std::string::npos);
  BOOST_TEST(json.find(R"("reply_truncated":true)") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_same_bytes_give_the_same_commands_however_they_are_cut) {
  const conversation talk{
      cresset::test::server("220-a\r\n220 b\r\n"), cresset::test::client("USER x\r\nPASS y\r\n"),
      cresset::test::server("331 more\r\n230 in\r\n"), cresset::test::client("QUIT")};
  const auto all = summaries_of_all_splits([] { return std::make_unique<ftp::parser>(); },
                                           ftp::description, talk);
  BOOST_TEST(all.front().find("QUIT") != std::string::npos);
  for (const auto& one : all)
    BOOST_REQUIRE(one == all.front());
}

BOOST_AUTO_TEST_CASE(behind_a_granted_auth_the_flow_changes) {
  flow f;
  f.client("AUTH TLS\r\n");
  BOOST_CHECK(f.server("234 go\r\n") == parse_status::changed);
  flow refused;
  refused.client("AUTH TLS\r\n");
  BOOST_CHECK(refused.server("530 no\r\n") == parse_status::consumed);
}

BOOST_AUTO_TEST_CASE(transactions_are_bounded_and_released_ones_make_room) {
  flow f;
  for (std::size_t i = 0; i < ftp::parser::transaction_limit; ++i)
    f.client("NOOP\r\n");
  BOOST_CHECK(f.client("NOOP\r\n") == parse_status::malformed);
  f.parser.release(0);
  BOOST_CHECK(f.client("NOOP\r\n") == parse_status::consumed);
}

BOOST_AUTO_TEST_CASE(behind_a_gap_reading_goes_on_with_the_next_line) {
  flow f;
  f.client("USER a");
  BOOST_CHECK(f.parser.gap(to_server, 5) == parse_status::resynchronised);
  f.client("rest\r\nPASS b\r\n");
  BOOST_REQUIRE(f.parser.transactions().size() == 1U);
  BOOST_TEST(f.buffer(buffer_index::command, 0) == "PASS");
}

BOOST_AUTO_TEST_SUITE_END()
