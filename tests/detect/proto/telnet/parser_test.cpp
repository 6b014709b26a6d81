#include "detect/proto/telnet/parser.hpp"

#include "tests/support/parser_feed.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset;
using namespace cresset::detect::proto;
using namespace cresset::test;
using namespace std::string_literals;

namespace {

constexpr auto ts = direction::to_server;

/// The frames that are complete, without those named `pdu`, whose bytes are the same.
std::vector<std::string> frames_of(telnet::parser& parser) {
  std::vector<std::string> seen;
  for (const auto& one : parser.frames()->frames())
    if (one.is_complete && one.type != "pdu")
      seen.push_back(std::string{one.type} + " " + std::string{as_text(one.bytes)});
  return seen;
}

std::size_t pdus_of(telnet::parser& parser) {
  std::size_t count = 0;
  for (const auto& one : parser.frames()->frames())
    count += one.type == "pdu" && one.is_complete ? 1 : 0;
  return count;
}

std::vector<std::string> frames_of_bytes(std::string_view bytes, std::size_t piece) {
  telnet::parser parser;
  parser.frames()->wake();
  for (std::size_t i = 0; i < bytes.size(); i += piece)
    feed(parser, ts, bytes.substr(i, piece));
  BOOST_TEST(pdus_of(parser) == frames_of(parser).size());
  return frames_of(parser);
}

void check(std::string_view bytes, const std::vector<std::string>& expected) {
  for (const std::size_t piece : {bytes.size(), std::size_t{1}, std::size_t{2}, std::size_t{3}})
    BOOST_TEST(frames_of_bytes(bytes, piece) == expected, boost::test_tools::per_element());
}

} // namespace

BOOST_AUTO_TEST_SUITE(telnet_parser)

BOOST_AUTO_TEST_CASE(commands_are_frames) {
  check("\xff\xfd\x18\xff\xf6\xff\xfa\x18\0xterm\xff\xf0\xff\xf9"s,
        {"ctl \xff\xfd\x18", "ctl \xff\xf6", "ctl \xff\xfa\x18\0xterm\xff\xf0"s, "ctl \xff\xf9"});
}

BOOST_AUTO_TEST_CASE(lines_are_frames_whether_they_end_with_lf_or_with_cr_nul) {
  check("Linux\r\nls -l\r\0\n"s, {"data Linux\r\n", "data ls -l\r\0"s, "data \n"});
}

BOOST_AUTO_TEST_CASE(a_command_ends_the_line_before_it) {
  check("login: \xff\xfb\x01root\n", {"data login: ", "ctl \xff\xfb\x01", "data root\n"});
}

BOOST_AUTO_TEST_CASE(iac_twice_is_text) {
  check("\xff\xff\xff\xff\n", {"data \xff\xff\xff\xff\n"});
  check("a\xff\xff\n", {"data a\xff\xff\n"});
  check("\xff\xfa\x01\xff\xff\xff\xf0", {"ctl \xff\xfa\x01\xff\xff\xff\xf0"});
}

BOOST_AUTO_TEST_CASE(the_two_directions_do_not_mix) {
  telnet::parser parser;
  parser.frames()->wake();
  feed(parser, ts, "\xff");
  feed(parser, direction::to_client, "hello\n");
  feed(parser, ts, "\xfb\x01");
  BOOST_TEST(frames_of(parser) == (std::vector<std::string>{"data hello\n", "ctl \xff\xfb\x01"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(behind_a_gap_a_line_or_command_begins) {
  telnet::parser parser;
  parser.frames()->wake();
  feed(parser, ts, "\xff\xfa\x18 lost");
  BOOST_CHECK(parser.gap(ts, 10) == parse_status::resynchronised);
  feed(parser, ts, "ls\n");
  parser.end(ts);
  BOOST_TEST(frames_of(parser) == (std::vector<std::string>{"data ls\n"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(nothing_is_kept_while_nobody_asks_for_frames) {
  telnet::parser parser;
  BOOST_CHECK(feed(parser, ts, "ls\n") == parse_status::consumed);
  BOOST_TEST(parser.frames()->frames().empty());
  BOOST_TEST(parser.transactions().empty());
}

BOOST_AUTO_TEST_SUITE_END()
