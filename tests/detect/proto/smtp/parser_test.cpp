#include "detect/proto/smtp/parser.hpp"

#include "tests/support/parser_feed.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset;
using namespace cresset::detect::proto;
using namespace cresset::detect::proto::smtp;
using namespace cresset::test;

namespace {

constexpr auto to_server = direction::to_server;
constexpr auto to_client = direction::to_client;

const smtp::settings by_default;

struct flow {
  explicit flow(const smtp::settings& wanted = by_default, const file_settings& files = no_digests)
      : parser{wanted, files} {}
  smtp::parser parser;
  parse_status client(std::string_view bytes) { return feed(parser, to_server, bytes); }
  parse_status server(std::string_view bytes) { return feed(parser, to_client, bytes); }
  const transaction& tx(std::size_t i = 0) {
    BOOST_REQUIRE(parser.transactions().size() > i);
    return *parser.transactions()[i];
  }
  std::string buffer(buffer_index id, std::size_t instance = 0, std::size_t i = 0) {
    const auto bytes = tx(i).buffer(static_cast<buffer_id>(id), instance);
    return bytes ? std::string{as_text(*bytes)} : "(none)";
  }
  bool has_event(std::string_view event, std::size_t i = 0) {
    for (const auto one : tx(i).events())
      if (one == event)
        return true;
    return false;
  }
};

const std::string content =
    "From: toto <toto@example.org>\r\nTo: a@b, \"x, y\" <c@d>\r\nSubject: s\r\nReceived: r1\r\n"
    "Received: r2\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n"
    "Content-Type: text/plain\r\n\r\nsee http://www.test.com/malware.exe?x now\r\n..dot\r\n--b\r\n"
    "Content-Disposition: attachment; filename=J.txt\r\n\r\nfile text\r\n--b--\r\n.\r\n";
const conversation session{
    cresset::test::server("220 mail ESMTP\r\n"),
    cresset::test::client("EHLO host\r\n"),
    cresset::test::server("250-mail\r\n250 PIPELINING\r\n"),
    cresset::test::client(
        "MAIL FROM: <s@example.org> SIZE=9\r\nRCPT TO:<r@example.org>\r\nDATA\r\n"),
    cresset::test::server("250 ok\r\n250 ok\r\n354 go\r\n"),
    cresset::test::client(content),
    cresset::test::server("250 queued\r\n"),
    cresset::test::client("QUIT\r\n"),
    cresset::test::server("221 bye\r\n")};

} // namespace

BOOST_AUTO_TEST_SUITE(smtp_parser)

BOOST_AUTO_TEST_CASE(a_mail_shows_its_envelope_headers_links_and_files) {
  flow f;
  for (const auto& [way, bytes] : session)
    feed(f.parser, way, bytes);
  BOOST_REQUIRE(f.parser.transactions().size() == 1U);
  BOOST_TEST(f.tx().is_done());
  BOOST_TEST(f.tx().events().empty());
  BOOST_TEST(f.buffer(buffer_index::helo) == "host");
  BOOST_TEST(f.buffer(buffer_index::mail_from) == "<s@example.org>");
  BOOST_TEST(f.buffer(buffer_index::rcpt_to) == "<r@example.org>");
  BOOST_TEST(f.buffer(buffer_index::from) == "toto <toto@example.org>");
  BOOST_TEST(f.buffer(buffer_index::subject) == "s");
  BOOST_TEST(f.buffer(buffer_index::received, 1) == "r2");
  BOOST_TEST(f.buffer(buffer_index::url) == "www.test.com/malware.exe?x");
  BOOST_REQUIRE(f.tx().files(to_server) == 1U);
  BOOST_TEST(f.tx().file(to_server, 0).name == "J.txt");
  BOOST_TEST(as_text(f.tx().file(to_server, 0).content.bytes) == "file text");
  BOOST_TEST(
      members_of(f.tx()) ==
      R"({"helo":"host","mail_from":"<s@example.org>","rcpt_to":["<r@example.org>"],)"
      R"("email":{"status":"PARSE_DONE","from":"toto <toto@example.org>","to":["a@b","\"x, y\" <c@d>"],)"
      R"("attachment":["J.txt"],"url":["www.test.com/malware.exe?x"],"has_exe_url":true}})");
}

BOOST_AUTO_TEST_CASE(the_same_bytes_give_the_same_mail_however_they_are_cut) {
  const auto all =
      summaries_of_all_splits([] { return std::make_unique<smtp::parser>(by_default, no_digests); },
                              smtp::description, session);
  for (const auto& one : all)
    BOOST_REQUIRE(one == all.front());
}

BOOST_AUTO_TEST_CASE(each_mail_of_a_session_is_a_transaction) {
  flow f;
  f.client("EHLO h\r\nMAIL FROM:<a>\r\nRCPT TO:<b>\r\nDATA\r\n");
  f.server("220 x\r\n250 a\r\n250 a\r\n250 a\r\n354 a\r\n");
  f.client("Subject: 1\r\n\r\nx\r\n.\r\nMAIL FROM:<c>\r\nRSET\r\nRSET\r\nQUIT\r\n");
  BOOST_REQUIRE(f.parser.transactions().size() == 2U);
  BOOST_TEST(f.buffer(buffer_index::mail_from, 0, 1) == "<c>");
  BOOST_TEST(f.buffer(buffer_index::helo, 0, 1) == "h");
}

BOOST_AUTO_TEST_CASE(chunks_are_content_by_their_length) {
  flow f;
  f.client("EHLO h\r\nMAIL FROM:<a>\r\nBDAT 12\r\nSubject: q\r\nBDAT 8 LAST\r\n\r\nRSET\r\nMAIL "
           "FROM:<b>\r\n");
  BOOST_REQUIRE(f.parser.transactions().size() == 2U);
  BOOST_TEST(f.buffer(buffer_index::subject) == "q");
  BOOST_TEST(f.tx(0).is_done());
  flow bad;
  bad.client("MAIL FROM:<a>\r\nBDAT x\r\n");
  BOOST_TEST(bad.has_event("invalid_bdat"));
}

BOOST_AUTO_TEST_CASE(behind_starttls_the_flow_changes) {
  flow f;
  f.client("EHLO h\r\nSTARTTLS\r\n");
  f.server("220 hi\r\n250 ok\r\n");
  BOOST_CHECK(f.server("220 ready\r\n") == parse_status::changed);
  BOOST_CHECK(f.client("\x16\x03") == parse_status::changed);
  flow eager;
  eager.client("EHLO h\r\nSTARTTLS\r\n");
  const std::string both = "220 hi\r\n250 ok\r\n220 ready\r\n\x16\x03";
  BOOST_CHECK(eager.parser.bytes(direction::to_client, as_bytes(both), {}) ==
              parse_status::changed);
  BOOST_TEST(as_text(eager.parser.left_over(direction::to_client)) == "\x16\x03");
  BOOST_CHECK(eager.parser.next().expected == app_protocol::tls);
  flow refused;
  refused.client("EHLO h\r\nSTARTTLS\r\n");
  BOOST_CHECK(refused.server("220 hi\r\n250 ok\r\n454 no\r\n") == parse_status::consumed);
  BOOST_TEST(refused.has_event("tls_rejected"));
}

BOOST_AUTO_TEST_CASE(a_server_that_does_not_greet_is_told_with_the_first_mail) {
  flow f;
  f.client("EHLO h\r\n");
  f.server("250 ok\r\n");
  f.client("MAIL FROM:<a>\r\n");
  BOOST_TEST(f.has_event("no_server_welcome_message"));
  BOOST_TEST(!f.has_event("unable_to_match_reply_with_request"));
  flow greeted;
  greeted.server("220 hi\r\n");
  greeted.client("EHLO h\r\nMAIL FROM:<a>\r\n");
  BOOST_TEST(!greeted.has_event("no_server_welcome_message"));
}

BOOST_AUTO_TEST_CASE(what_is_wrong_becomes_events) {
  flow f;
  f.client("MAIL FROM:<a>\r\nMAIL FROM:<b>\r\nDATA\r\n");
  f.server("220 x\r\n250 a\r\n250 a\r\n554 no\r\n");
  BOOST_TEST(f.has_event("duplicate_fields"));
  BOOST_TEST(f.has_event("data_command_rejected"));
  f.server("xyz\r\n250 what\r\n");
  BOOST_TEST(f.has_event("invalid_reply"));
  BOOST_TEST(f.has_event("unable_to_match_reply_with_request"));
  f.client(std::string(3000, 'c') + "\r\n");
  BOOST_TEST(f.has_event("max_command_line_len_exceeded"));
  f.server(std::string(3000, '2') + "\r\n");
  BOOST_TEST(f.has_event("max_reply_line_len_exceeded"));
  for (std::size_t i = 0; i < smtp::parser::waiting_limit + 2; ++i)
    f.client("NOOP\r\n");
  BOOST_TEST(f.has_event("invalid_pipelined_sequence"));
}

BOOST_AUTO_TEST_CASE(a_line_of_any_length_is_content_in_pieces) {
  flow f;
  f.client("MAIL FROM:<a>\r\nDATA\r\nContent-Disposition: a; filename=f\r\n\r\n");
  const std::string line(50000, 'l');
  f.client(line + "\r\n.\r\n");
  BOOST_TEST(f.tx().file(to_server, 0).content.total == line.size());
  BOOST_TEST(f.tx().is_done());
}

BOOST_AUTO_TEST_CASE(behind_a_gap_reading_goes_on_with_the_next_line) {
  flow f;
  f.client("MAIL FROM:<a>\r\nRCPT T");
  BOOST_CHECK(f.parser.gap(to_server, 10) == parse_status::resynchronised);
  f.client("rest of it\r\nRCPT TO:<b>\r\n");
  BOOST_TEST(f.buffer(buffer_index::rcpt_to) == "<b>");
}

BOOST_AUTO_TEST_CASE(an_end_completes_the_mail_and_released_ones_are_gone) {
  flow f;
  f.client("MAIL FROM:<a>\r\nDATA\r\nSubject: s\r\n\r\nhalf");
  f.parser.end(to_server);
  BOOST_TEST(f.tx().is_done());
  BOOST_TEST(f.buffer(buffer_index::subject) == "s");
  f.parser.release(0);
  BOOST_TEST(f.parser.transactions().empty());
}

BOOST_AUTO_TEST_CASE(a_mail_is_over_when_the_server_has_answered_its_content) {
  flow f;
  f.server("220 x\r\n");
  f.client("MAIL FROM:<a>\r\nDATA\r\n");
  f.server("250 a\r\n354 go\r\n");
  f.client("Subject: s\r\n\r\nx\r\n.\r\n");
  BOOST_TEST(f.tx().is_done(to_server));
  BOOST_TEST(!f.tx().is_done());
  f.server("250 queued\r\n");
  BOOST_TEST(f.tx().is_done());
  BOOST_TEST(f.tx().events().empty());
}

BOOST_AUTO_TEST_CASE(content_that_does_not_wait_for_the_server_is_told) {
  flow f;
  f.server("220 x\r\n");
  f.client("MAIL FROM:<a>\r\nDATA\r\nSubject: s\r\n\r\nx\r\n.\r\n");
  BOOST_TEST(f.has_event("invalid_pipelined_sequence"));
  BOOST_TEST(f.buffer(buffer_index::subject) == "s");
  flow one_sided;
  one_sided.client("MAIL FROM:<a>\r\nDATA\r\nSubject: s\r\n\r\nx\r\n.\r\n");
  BOOST_TEST(one_sided.tx().events().empty());
}

BOOST_AUTO_TEST_CASE(digests_of_attachments_are_of_all_their_bytes) {
  const file_settings digests{.md5 = true};
  flow f{by_default, digests};
  f.client("MAIL FROM:<a>\r\nDATA\r\nContent-Disposition: a; filename=f\r\n\r\nabc\r\n.\r\n");
  const auto content = f.tx().file(to_server, 0).content;
  BOOST_REQUIRE(content.meter != nullptr);
  BOOST_TEST(content.meter->md5() == "900150983cd24fb0d6963f7d28e17f72");
  BOOST_TEST(content.meter->sha1().empty());
}

BOOST_AUTO_TEST_CASE(the_event_log_shows_what_it_is_asked_for) {
  smtp::settings wanted;
  wanted.logged_headers = {"subject", "bcc", "reply_to"};
  wanted.body_md5 = wanted.subject_md5 = true;
  wanted.url_schemes = {"http", "https"};
  wanted.log_url_scheme = true;
  flow f{wanted};
  f.client("MAIL FROM:<a>\r\nDATA\r\nSubject: abc\r\nBcc: x\r\nBcc: y\r\nDate: d\r\n\r\n"
           "https://192.0.2.1/a\r\n.\r\n");
  BOOST_TEST(members_of(f.tx()) ==
             R"({"mail_from":"<a>","email":{"status":"PARSE_DONE","url":["https://192.0.2.1/a"],)"
             R"("has_ipv4_url":true,"subject":"abc","bcc":["x","y"],)"
             R"("body_md5":"27b5ac09564b0009b50de6ef33a68061",)"
             R"("subject_md5":"900150983cd24fb0d6963f7d28e17f72"}})");
}

BOOST_AUTO_TEST_CASE(lines_and_content_are_frames) {
  flow f;
  f.parser.frames()->wake();
  f.server("220 mail\r\n");
  f.client("EHLO h\r\nDATA\r\n");
  f.server("250 ok\r\n354 go\r\n");
  f.client("Subject: s\r\n\r\nte");
  f.client("xt\r\n.\r\nQUIT\r\n");
  std::vector<std::string> seen;
  for (const auto& one : f.parser.frames()->frames())
    if (one.is_complete)
      seen.push_back(std::string{one.type} + " " + std::string{as_text(one.bytes)});
  const std::vector<std::string> expected{
      "response_line 220 mail\r\n", "command_line EHLO h\r\n",  "command_line DATA\r\n",
      "response_line 250 ok\r\n",   "response_line 354 go\r\n", "data Subject: s\r\n\r\ntext\r\n",
      "command_line QUIT\r\n"};
  BOOST_TEST(seen == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
