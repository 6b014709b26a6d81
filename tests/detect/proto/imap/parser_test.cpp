#include "detect/proto/imap/parser.hpp"

#include "tests/support/parser_feed.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset;
using namespace cresset::detect::proto;
using namespace cresset::test;

namespace {

constexpr auto to_server = direction::to_server;
constexpr auto to_client = direction::to_client;

} // namespace

BOOST_AUTO_TEST_SUITE(imap_parser)

BOOST_AUTO_TEST_CASE(a_granted_starttls_changes_the_flow_however_it_is_cut) {
  const std::string ask = "a1 CAPABILITY\r\na2 starttls\r\n";
  const std::string grant = "* CAPABILITY STARTTLS\r\na1 OK done\r\na2 OK go\r\n";
  for (std::size_t cut = 0; cut <= ask.size(); ++cut) {
    imap::parser parser;
    feed(parser, to_server, ask.substr(0, cut));
    feed(parser, to_server, ask.substr(cut));
    const auto at = std::min(cut, grant.size() - 1);
    feed(parser, to_client, grant.substr(0, at));
    BOOST_CHECK(feed(parser, to_client, grant.substr(at)) == parse_status::changed);
  }
}

BOOST_AUTO_TEST_CASE(a_refused_one_or_another_tag_does_not) {
  imap::parser parser;
  feed(parser, to_server, "a2 STARTTLS\r\n");
  BOOST_CHECK(feed(parser, to_client, "a1 OK\r\n") == parse_status::consumed);
  BOOST_CHECK(feed(parser, to_client, "a2 NO\r\na2 OK\r\n") == parse_status::consumed);
  BOOST_CHECK(feed(parser, to_client, "OK\r\n OK\r\n\r\n") == parse_status::consumed);
}

BOOST_AUTO_TEST_CASE(long_lines_and_gaps_are_passed_over) {
  imap::parser parser;
  feed(parser, to_server, std::string(100000, 'x') + " STARTTLS\r\n");
  BOOST_CHECK(feed(parser, to_server, "a STARTTLS") == parse_status::need_more);
  BOOST_CHECK(parser.gap(to_server, 4) == parse_status::resynchronised);
  feed(parser, to_server, "x\r\n");
  BOOST_CHECK(feed(parser, to_client, "a OK\r\n") == parse_status::consumed);
  BOOST_TEST(parser.transactions().empty());
}

BOOST_AUTO_TEST_SUITE_END()
