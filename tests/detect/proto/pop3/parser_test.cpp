#include "detect/proto/pop3/parser.hpp"

#include "tests/support/parser_feed.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset;
using namespace cresset::detect::proto;
using namespace cresset::test;

namespace {

constexpr auto to_server = direction::to_server;
constexpr auto to_client = direction::to_client;

const conversation session{server("+OK POP server ready\r\n"),
                           client("USER a@b\r\nPASS my secret\r\n"),
                           server("+OK password required\r\n-ERR wrong\r\n"),
                           client("list\r\nTOP 1 0\r\n"),
                           server("+OK\r\n1 120\r\n..2 3\r\n.\r\n+OK\r\nSubject: x\r\n\r\n.\r\n"),
                           client("QUIT\r\n"),
                           server("+OK bye\r\n")};

struct flow {
  pop3::parser parser;
  parse_status client(std::string_view bytes) { return feed(parser, to_server, bytes); }
  parse_status server(std::string_view bytes) { return feed(parser, to_client, bytes); }
  const transaction& tx(std::size_t i) {
    BOOST_REQUIRE(parser.transactions().size() > i);
    return *parser.transactions()[i];
  }
  bool has(std::size_t i, std::string_view event) {
    const auto all = tx(i).events();
    return std::find(all.begin(), all.end(), event) != all.end();
  }
};

} // namespace

BOOST_AUTO_TEST_SUITE(pop3_parser)

BOOST_AUTO_TEST_CASE(commands_and_their_responses_are_exchanges) {
  flow f;
  for (const auto& [way, bytes] : session)
    feed(f.parser, way, bytes);
  BOOST_REQUIRE(f.parser.transactions().size() == 6U);
  BOOST_TEST(
      members_of(f.tx(0)) ==
      R"({"response":{"success":true,"status":"OK","header":"POP server ready","data":[]}})");
  BOOST_TEST(
      members_of(f.tx(1)) ==
      R"({"request":{"command":"USER","args":["a@b"]},)"
      R"("response":{"success":true,"status":"OK","header":"password required","data":[]}})");
  BOOST_TEST(members_of(f.tx(2)) ==
             R"({"request":{"command":"PASS","args":["my","secret"]},)"
             R"("response":{"success":false,"status":"ERR","header":"wrong","data":[]}})");
  BOOST_TEST(members_of(f.tx(3)) ==
             R"({"request":{"command":"LIST","args":[]},)"
             R"("response":{"success":true,"status":"OK","header":"","data":["1 120",".2 3"]}})");
  BOOST_TEST(members_of(f.tx(4)).find(R"("data":["Subject: x",""])") != std::string::npos);
  for (std::size_t i = 0; i < 6; ++i) {
    BOOST_TEST(f.tx(i).is_done());
    BOOST_TEST(f.tx(i).events().empty());
  }
}

BOOST_AUTO_TEST_CASE(the_same_bytes_give_the_same_exchanges_however_they_are_cut) {
  const auto all = summaries_of_all_splits([] { return std::make_unique<pop3::parser>(); },
                                           pop3::description, session);
  for (const auto& one : all)
    BOOST_REQUIRE(one == all.front());
}

BOOST_AUTO_TEST_CASE(answers_to_a_challenge_are_no_commands) {
  flow f;
  f.client("AUTH PLAIN\r\n");
  f.server("+ \r\n");
  f.client("AHNlY3JldA==\r\n");
  f.server("+OK\r\n");
  f.client("STAT\r\n");
  BOOST_REQUIRE(f.parser.transactions().size() == 2U);
  BOOST_TEST(members_of(f.tx(0)).find("AHNl") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(behind_a_granted_stls_the_flow_changes) {
  flow f;
  f.client("STLS\r\n");
  BOOST_CHECK(f.server("+OK begin\r\n") == parse_status::changed);
  BOOST_TEST(f.parser.left_over(to_client).empty());
  const std::string_view hello = "\x16\x03";
  BOOST_CHECK(f.parser.bytes(to_server, as_bytes(hello), {}) == parse_status::changed);
  BOOST_TEST(as_text(f.parser.left_over(to_server)) == hello);
  flow refused;
  refused.client("STLS\r\n");
  BOOST_CHECK(refused.server("-ERR no\r\n") == parse_status::consumed);
}

BOOST_AUTO_TEST_CASE(what_is_wrong_is_an_event) {
  flow f;
  f.client("HELO x\r\nRETR\r\nUSER " + std::string(300, 'x') + "\r\n");
  BOOST_TEST(f.has(0, "unknown_command"));
  BOOST_TEST(f.has(1, "incorrect_argument_num"));
  BOOST_TEST(f.has(2, "request_too_long"));
  f.server("-ERR " + std::string(600, 'x') + "\r\n");
  BOOST_TEST(f.has(0, "response_too_long"));
}

BOOST_AUTO_TEST_CASE(memory_is_bounded) {
  flow f;
  f.client("RETR 1\r\n");
  f.server("+OK\r\n");
  for (int i = 0; i < 1000; ++i)
    f.server(std::string(100, 'x') + "\r\n");
  BOOST_TEST(members_of(f.tx(0)).size() < 2 * pop3::exchange::retained_bytes);
  for (std::size_t i = 0; i < 2 * pop3::parser::transaction_limit; ++i)
    f.client("NOOP\r\n");
  BOOST_TEST(f.parser.transactions().size() == pop3::parser::transaction_limit);
  BOOST_TEST(f.parser.refused() > 0U);
  BOOST_TEST(f.has(pop3::parser::transaction_limit - 1, "too_many_transactions"));
}

BOOST_AUTO_TEST_CASE(behind_a_gap_reading_goes_on_with_the_next_line) {
  flow f;
  f.client("USER al");
  BOOST_CHECK(f.parser.gap(to_server, 10) == parse_status::resynchronised);
  f.client("ce\r\nSTAT\r\n");
  BOOST_REQUIRE(f.parser.transactions().size() == 1U);
  f.parser.end(to_server);
  f.parser.end(to_client);
  BOOST_TEST(f.tx(0).is_done());
  f.parser.release(0);
  BOOST_TEST(f.parser.transactions().empty());
}

BOOST_AUTO_TEST_SUITE_END()
