#include "detect/proto/sip/parser.hpp"

#include "tests/support/parser_feed.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset;
using namespace cresset::detect::proto;
using namespace cresset::detect::proto::sip;
using namespace cresset::test;

namespace {

constexpr auto to_server = direction::to_server;
constexpr auto to_client = direction::to_client;

const std::string offer =
    "v=0\r\no=alice 1 2 IN IP4 10.0.0.1\r\ns=call\r\ni=about\r\nu=http://x\r\n"
    "e=a@b\r\np=+1 2\r\nc=IN IP4 10.0.0.1\r\nb=CT:64\r\nt=0 0\r\nr=7d 1h 0\r\n"
    "z=0 1h\r\nk=clear:x\r\na=tool:t\r\nm=audio 49170 RTP/AVP 0\r\ni=voice\r\n"
    "c=IN IP4 10.0.0.2\r\nb=AS:1\r\nk=prompt\r\na=sendrecv\r\nm=video 1 RTP/AVP 31\r\n";

std::string invite(const std::string& body = offer) {
  return "INVITE sip:bob@b.example SIP/2.0\r\nVia: SIP/2.0/UDP one\r\nv: SIP/2.0/UDP two\r\n"
         "From: Alice\r\n <sip:alice@a.example>\r\nt: <sip:bob@b.example>\r\nUser-Agent: phone\r\n"
         "c: application/sdp; charset=utf-8\r\nContent-Length: " +
         std::to_string(body.size()) + "\r\n\r\n" + body;
}
const std::string ok = "SIP/2.0 200 All fine\r\nl: 0\r\n\r\n";

struct flow {
  explicit flow(transport over = transport::udp) : parser{over} {}
  sip::parser parser;
  const message& tx(std::size_t i = 0) {
    BOOST_REQUIRE(parser.transactions().size() > i);
    return static_cast<const message&>(*parser.transactions()[i]);
  }
  std::string text(part wanted, std::size_t instance = 0, std::size_t i = 0) {
    const auto found =
        tx(i).buffer(static_cast<buffer_id>(2 * static_cast<std::size_t>(wanted)), instance);
    return found ? std::string{as_text(*found)} : "(none)";
  }
  bool has_event(std::string_view event, std::size_t i = 0) {
    const auto all = tx(i).events();
    return std::find(all.begin(), all.end(), event) != all.end();
  }
};

} // namespace

BOOST_AUTO_TEST_SUITE(sip_parser)

BOOST_AUTO_TEST_CASE(a_request_shows_its_line_and_headers) {
  flow f;
  BOOST_CHECK(feed(f.parser, to_server, invite()) == parse_status::consumed);
  BOOST_TEST(f.text(part::method) == "INVITE");
  BOOST_TEST(f.text(part::uri) == "sip:bob@b.example");
  BOOST_TEST(f.text(part::protocol) == "SIP/2.0");
  BOOST_TEST(f.text(part::request_line) == "INVITE sip:bob@b.example SIP/2.0");
  BOOST_TEST(f.text(part::stat_code) == "(none)");
  BOOST_TEST(f.text(part::via, 0) == "SIP/2.0/UDP one");
  BOOST_TEST(f.text(part::via, 1) == "SIP/2.0/UDP two");
  BOOST_TEST(f.text(part::via, 2) == "(none)");
  BOOST_TEST(f.text(part::from) == "Alice   <sip:alice@a.example>"); // unfolded
  BOOST_TEST(f.text(part::to) == "<sip:bob@b.example>");
  BOOST_TEST(f.text(part::user_agent) == "phone");
  BOOST_TEST(f.text(part::content_length) == std::to_string(offer.size()));
  BOOST_TEST(f.tx().is_done());
  BOOST_TEST(f.tx().events().empty());
}

BOOST_AUTO_TEST_CASE(a_session_description_shows_its_parts) {
  flow f;
  feed(f.parser, to_server, invite());
  BOOST_TEST(f.text(part::sdp_origin) == "alice 1 2 IN IP4 10.0.0.1");
  BOOST_TEST(f.text(part::sdp_session_name) == "call");
  BOOST_TEST(f.text(part::sdp_session_info) == "about");
  BOOST_TEST(f.text(part::sdp_uri) == "http://x");
  BOOST_TEST(f.text(part::sdp_email) == "a@b");
  BOOST_TEST(f.text(part::sdp_phone_number) == "+1 2");
  BOOST_TEST(f.text(part::sdp_connection_data) == "IN IP4 10.0.0.1");
  BOOST_TEST(f.text(part::sdp_bandwidth, 1) == "AS:1");
  BOOST_TEST(f.text(part::sdp_time) == "0 0");
  BOOST_TEST(f.text(part::sdp_repeat_time) == "7d 1h 0");
  BOOST_TEST(f.text(part::sdp_timezone) == "0 1h");
  BOOST_TEST(f.text(part::sdp_encryption_key) == "clear:x");
  BOOST_TEST(f.text(part::sdp_attribute, 0) == "tool:t");
  BOOST_TEST(f.text(part::sdp_attribute, 1) == "sendrecv");
  BOOST_TEST(f.text(part::sdp_media, 1) == "video 1 RTP/AVP 31");
  BOOST_TEST(f.text(part::sdp_media_info) == "voice");
  BOOST_TEST(f.text(part::sdp_media_connection_data) == "IN IP4 10.0.0.2");
  BOOST_TEST(f.text(part::sdp_media_encryption_key) == "prompt");
  const auto json = members_of(f.tx());
  BOOST_TEST(json.find(R"("sdp":{"origin":"alice 1 2 IN IP4 10.0.0.1","session_name":"call")") !=
             std::string::npos);
  BOOST_TEST(json.find(R"("time_descriptions":[{"time":"0 0","repeat_times":["7d 1h 0"]}])") !=
             std::string::npos);
  BOOST_TEST(json.find(R"("media_descriptions":[{"media":"audio 49170 RTP/AVP 0")") !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_response_shows_code_and_reason_and_either_side_may_ask) {
  flow f;
  feed(f.parser, to_client, ok);
  BOOST_TEST(f.text(part::stat_code) == "200");
  BOOST_TEST(f.text(part::stat_msg) == "All fine");
  BOOST_TEST(f.text(part::response_line) == "SIP/2.0 200 All fine");
  BOOST_TEST(f.text(part::method) == "(none)");
  BOOST_TEST(!f.tx().concerns(to_server));
  BOOST_TEST(
      members_of(f.tx()) ==
      R"({"version":"SIP/2.0","code":"200","reason":"All fine","response_line":"SIP/2.0 200 All fine"})");
  feed(f.parser, to_client, "BYE sip:a@b SIP/2.0\r\n\r\n");
  BOOST_TEST(f.text(part::method, 0, 1) == "BYE");
}

BOOST_AUTO_TEST_CASE(the_same_stream_gives_the_same_messages_however_it_is_cut) {
  const conversation talk{client("\r\n\r\n" + invite() + "ACK sip:b SIP/2.0\r\n\r\n"),
                          server(ok + ok)};
  const auto all = summaries_of_all_splits(
      [] { return std::make_unique<sip::parser>(transport::tcp); }, sip::description, talk);
  BOOST_TEST(all.front().find("tx 3") != std::string::npos);
  for (const auto& one : all)
    BOOST_REQUIRE(one == all.front());
}

BOOST_AUTO_TEST_CASE(what_is_no_message_is_named_and_not_logged) {
  for (const std::string bad : {"INVITE\r\n\r\n", "SIP/2.0\r\n\r\n", "SIP/2.0 abc x\r\n\r\n",
                                "GET / HTTP/1.1\r\n\r\n", "IN VI(TE sip:x SIP/2.0 SIP\r\n\r\n"}) {
    BOOST_TEST_CONTEXT(bad) {
      flow f;
      BOOST_CHECK(feed(f.parser, to_server, bad) == parse_status::resynchronised);
      BOOST_TEST(f.has_event("invalid_data"));
      BOOST_TEST(!f.tx().is_logged());
    }
  }
}

BOOST_AUTO_TEST_CASE(parts_that_are_wrong_leave_the_message) {
  flow f;
  feed(f.parser, to_server, "ACK sip:b SIP/2.0\r\nno colon\r\n\r\n");
  BOOST_TEST(f.has_event("invalid_data"));
  BOOST_TEST(f.tx().is_logged());
  feed(f.parser, to_server, "ACK sip:b SIP/2.0\r\nl: 12\r\n\r\nshort");
  BOOST_TEST(f.has_event("incomplete_data", 1));
  feed(f.parser, to_server, "ACK sip:b SIP/2.0\r\nl: x\r\n\r\nshort");
  BOOST_TEST(f.has_event("invalid_data", 2));
  feed(f.parser, to_server, "ACK sip:b SIP/2.0\r\nVia: x\r\n");
  BOOST_TEST(f.has_event("incomplete_data", 3));
  BOOST_TEST(f.text(part::via, 0, 3) == "x");
  feed(f.parser, to_server, invite("nonsense"));
  BOOST_TEST(f.has_event("invalid_data", 4));
  feed(f.parser, to_server, invite("v=0\r\nbroken\r\nr=1\r\nm=a\r\n?=x\r\n"));
  BOOST_TEST(f.has_event("invalid_data", 5));
}

BOOST_AUTO_TEST_CASE(keep_alives_are_no_messages) {
  flow f;
  for (const std::string& alive : {std::string{"\r\n"}, std::string{"     "}, std::string(4, '\0')})
    feed(f.parser, to_server, alive + "\r\n");
  BOOST_TEST(f.parser.transactions().empty());
}

BOOST_AUTO_TEST_CASE(a_description_of_too_many_lines_is_cut) {
  std::string body = "v=0\r\n";
  for (int i = 0; i < 600; ++i)
    body += "a=x\r\n";
  flow f;
  feed(f.parser, to_server, invite(body));
  BOOST_REQUIRE(f.tx().description());
  BOOST_TEST(f.tx().description()->attributes.size() == session_description::limit_lines - 1);
  BOOST_TEST(f.tx().description()->refused > 0U);
}

BOOST_AUTO_TEST_CASE(a_message_over_the_limit_is_read_as_far_as_the_limit) {
  flow f{transport::tcp};
  feed(f.parser, to_server,
       "MESSAGE sip:b SIP/2.0\r\nl: 100000\r\n\r\n" + std::string(100000, 'x') +
           "ACK sip:b SIP/2.0\r\n\r\n");
  BOOST_TEST(f.parser.transactions().size() == 2U);
  BOOST_TEST(f.has_event("incomplete_data"));
  BOOST_TEST(f.text(part::method, 0, 1) == "ACK");
  flow endless{transport::tcp};
  feed(endless.parser, to_server, "ACK sip:b SIP/2.0\r\n" + std::string(70000, 'x'));
  BOOST_TEST(endless.has_event("incomplete_data"));
}

BOOST_AUTO_TEST_CASE(behind_a_gap_the_next_message_is_found) {
  flow f{transport::tcp};
  feed(f.parser, to_server, invite().substr(0, 60));
  BOOST_CHECK(f.parser.gap(to_server, 100) == parse_status::resynchronised);
  BOOST_TEST(f.has_event("incomplete_data"));
  feed(f.parser, to_server, "rest of something\r\n");
  feed(f.parser, to_server, "ACK sip:b SIP/2.0\r\n\r\n");
  BOOST_TEST(f.text(part::method, 0, 1) == "ACK");
  feed(f.parser, to_server, "BYE sip:b SIP/2.0\r\n");
  f.parser.end(to_server);
  BOOST_TEST(f.text(part::method, 0, 2) == "BYE");
}

BOOST_AUTO_TEST_CASE(live_transactions_are_bounded) {
  flow f;
  for (std::size_t i = 0; i < sip::parser::transaction_limit + 5; ++i)
    feed(f.parser, to_server, "ACK sip:b SIP/2.0\r\n\r\n");
  BOOST_TEST(f.parser.transactions().size() == sip::parser::transaction_limit);
  BOOST_TEST(f.parser.refused() == 5U);
  f.parser.release(0);
  BOOST_TEST(f.parser.transactions().size() == sip::parser::transaction_limit - 1);
}

BOOST_AUTO_TEST_SUITE_END()
