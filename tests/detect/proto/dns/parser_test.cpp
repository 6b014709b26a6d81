#include "detect/proto/dns/parser.hpp"

#include "tests/support/parser_feed.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset;
using namespace cresset::detect::proto;
using namespace cresset::test;

namespace {

constexpr auto to_server = direction::to_server;
constexpr auto to_client = direction::to_client;

const std::string query = from_hex("0001 0100 0001 0000 0000 0000 03777777 026465 00 0001 0001");
const std::string response = from_hex("0001 8180 0001 0001 0000 0000 03777777 026465 00 0001 0001"
                                      "c00c 0001 0001 0000003a 0004 01020304");
std::string framed(const std::string& message) {
  return std::string{static_cast<char>(message.size() >> 8), static_cast<char>(message.size())} +
         message;
}

} // namespace

BOOST_AUTO_TEST_SUITE(dns_parser)

BOOST_AUTO_TEST_CASE(each_datagram_is_a_transaction) {
  dns::parser parser{transport::udp};
  BOOST_CHECK(feed(parser, to_server, query) == parse_status::consumed);
  BOOST_CHECK(feed(parser, to_client, response) == parse_status::consumed);
  BOOST_REQUIRE(parser.transactions().size() == 2U);
  BOOST_TEST(parser.transactions()[1]->number() == 1U);
  BOOST_TEST(parser.transactions()[1]->is_done());
}

BOOST_AUTO_TEST_CASE(a_damaged_datagram_leaves_its_event_with_the_message_before_it) {
  dns::parser parser{transport::udp};
  BOOST_CHECK(feed(parser, to_server, query.substr(0, 20)) == parse_status::resynchronised);
  BOOST_TEST(parser.transactions().empty());
  feed(parser, to_server, query);
  BOOST_CHECK(feed(parser, to_server, query.substr(0, 20)) == parse_status::resynchronised);
  BOOST_REQUIRE(parser.transactions().size() == 1U);
  BOOST_REQUIRE(parser.transactions()[0]->events().size() == 1U);
  BOOST_TEST(parser.transactions()[0]->events()[0] == "malformed_data");
}

BOOST_AUTO_TEST_CASE(released_transactions_are_gone_and_numbers_go_on) {
  dns::parser parser{transport::udp};
  feed(parser, to_server, query);
  parser.release(0);
  parser.release(99);
  BOOST_TEST(parser.transactions().empty());
  feed(parser, to_server, query);
  BOOST_TEST(parser.transactions()[0]->number() == 1U);
}

BOOST_AUTO_TEST_CASE(transactions_nobody_releases_are_bounded_and_counted) {
  dns::parser parser{transport::udp};
  for (std::size_t i = 0; i < dns::parser::transaction_limit + 5; ++i)
    feed(parser, to_server, query);
  BOOST_TEST(parser.transactions().size() == dns::parser::transaction_limit);
  BOOST_TEST(parser.refused() == 5U);
}

BOOST_AUTO_TEST_CASE(a_stream_is_cut_into_messages_wherever_its_segments_end) {
  const conversation talk{client(framed(query) + framed(query)),
                          server(framed(response) + framed(response))};
  const auto all = summaries_of_all_splits(
      [] { return std::make_unique<dns::parser>(transport::tcp); }, dns::description, talk);
  for (const auto& one : all)
    BOOST_REQUIRE(one.find("tx 3") != std::string::npos);
  // The order of transactions follows the order of arrival; it is the same here because directions
  // do not mix.
  for (const auto& one : all)
    BOOST_TEST(one == all.front());
}

BOOST_AUTO_TEST_CASE(an_open_message_asks_for_more) {
  dns::parser parser{transport::tcp};
  BOOST_CHECK(feed(parser, to_server, framed(query).substr(0, 1)) == parse_status::need_more);
  BOOST_CHECK(feed(parser, to_server, framed(query).substr(1, 9)) == parse_status::need_more);
  BOOST_CHECK(feed(parser, to_server, framed(query).substr(10)) == parse_status::consumed);
  BOOST_TEST(parser.transactions().size() == 1U);
}

BOOST_AUTO_TEST_CASE(an_empty_message_is_passed_over) {
  dns::parser parser{transport::tcp};
  BOOST_CHECK(feed(parser, to_server, from_hex("0000") + framed(query)) == parse_status::consumed);
  BOOST_TEST(parser.transactions().size() == 1U);
}

BOOST_AUTO_TEST_CASE(behind_a_gap_parsing_goes_on_at_the_next_plausible_message) {
  dns::parser parser{transport::tcp};
  feed(parser, to_server, framed(query).substr(0, 9));
  BOOST_CHECK(parser.gap(to_server, 20) == parse_status::resynchronised);
  BOOST_CHECK(feed(parser, to_server, "in the middle of something") ==
              parse_status::resynchronised);
  BOOST_CHECK(feed(parser, to_server, framed(query)) == parse_status::consumed);
  BOOST_TEST(parser.transactions().size() == 1U);
}

BOOST_AUTO_TEST_CASE(the_tables_name_the_buffers_of_the_manual) {
  BOOST_TEST(dns::description.buffers[static_cast<std::size_t>(dns::buffer_index::query)].name ==
             "dns.query");
  BOOST_TEST(
      dns::description.buffers[static_cast<std::size_t>(dns::buffer_index::response_rrname)].name ==
      "dns.response.rrname");
  BOOST_TEST(dns::description.fields.size() == 6U);
}

BOOST_AUTO_TEST_CASE(each_message_is_a_frame_however_the_stream_is_cut) {
  const auto stream = framed(query) + framed(query);
  for (std::size_t cut = 1; cut < stream.size(); ++cut) {
    dns::parser parser{transport::tcp};
    parser.frames()->wake();
    feed(parser, to_server, stream.substr(0, cut));
    feed(parser, to_server, stream.substr(cut));
    const auto& frames = parser.frames()->frames();
    BOOST_REQUIRE(frames.size() == 2U);
    for (std::size_t i = 0; i < 2; ++i) {
      BOOST_TEST(as_text(frames[i].bytes) == query);
      BOOST_TEST(frames[i].is_complete);
      BOOST_TEST(frames[i].offset == i * framed(query).size() + 2);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
