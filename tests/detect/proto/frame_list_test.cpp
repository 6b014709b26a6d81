#include "detect/proto/frame_list.hpp"

#include "detect/proto/frame_cutter.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset;
using namespace cresset::detect::proto;

namespace {

constexpr auto ts = direction::to_server;

std::string text(const frame& one) {
  return std::string{as_text(one.bytes)};
}

/// One digit says how many bytes follow.
frame_cutter::step digits(direction, byte_view seen, const frame_cutter::namer& name) {
  if (seen.size() < 2)
    return frame_cutter::wants(2); // more than the layout needs, to have a head in two pieces
  const auto size = std::to_integer<std::uint64_t>(seen[0]) - '0';
  if (size > 9)
    return {};
  name("pdu", 0, 1 + size);
  return frame_cutter::goes_on(1 + size);
}

} // namespace

BOOST_AUTO_TEST_SUITE(frames_of_a_stream)

BOOST_AUTO_TEST_CASE(a_frame_of_known_length_gathers_its_bytes) {
  frame_list list;
  list.wake();
  list.take(ts, as_bytes("xxab"));
  list.open(ts, "pdu", 2, 5);
  auto& one = list.frames().front();
  BOOST_TEST(text(one) == "ab");
  BOOST_TEST(!one.is_over);
  list.take(ts, as_bytes("cdeyy"));
  BOOST_TEST(text(one) == "abcde");
  BOOST_TEST(one.is_complete);
  BOOST_TEST(one.offset == 2U);
}

BOOST_AUTO_TEST_CASE(a_frame_of_unknown_length_ends_where_it_is_closed) {
  frame_list list;
  list.wake();
  list.take(ts, as_bytes("ab"));
  const auto id = list.open(ts, "line", 0);
  list.take(ts, as_bytes("c\ndef"));
  list.close(id, 2);
  const auto& one = list.frames().front();
  BOOST_TEST(text(one) == "abc\n");
  BOOST_TEST(one.length.value() == 4U);
  BOOST_TEST(one.is_complete);
  list.close(id, 5); // not open any more
  BOOST_TEST(one.length.value() == 4U);
}

BOOST_AUTO_TEST_CASE(a_frame_may_begin_in_bytes_that_came_before) {
  frame_list list;
  list.wake();
  list.take(ts, as_bytes("abc"));
  list.take(ts, as_bytes("def"));
  list.open(ts, "hdr", -2, 3);
  BOOST_TEST(text(list.frames().front()) == "bcd");
  BOOST_TEST(list.frames().front().offset == 1U);
  BOOST_TEST(list.open(ts, "hdr", -4, 3) == 0U);
  BOOST_TEST(list.open(ts, "hdr", 4, 3) == 0U);
  BOOST_TEST(list.refused() == 2U);
}

BOOST_AUTO_TEST_CASE(a_gap_and_the_end_cut_frames_off) {
  frame_list list;
  list.wake();
  list.take(ts, as_bytes("ab"));
  list.open(ts, "pdu", 0, 10);
  list.skip(ts, 100);
  BOOST_TEST(list.frames().front().is_over);
  BOOST_TEST(!list.frames().front().is_complete);
  list.take(ts, as_bytes("cd"));
  list.open(ts, "pdu", 1, 10);
  BOOST_TEST(list.frames().back().offset == 103U);
  list.end(ts);
  BOOST_TEST(list.frames().back().is_over);
}

BOOST_AUTO_TEST_CASE(what_is_retained_is_bounded) {
  frame_list list;
  list.wake();
  const std::string much(frame_list::limit_bytes, 'a');
  list.take(ts, as_bytes(much));
  list.open(ts, "stream", 0);
  list.take(ts, as_bytes(much));
  BOOST_TEST(list.frames().front().bytes.size() == frame_list::limit_bytes);
  BOOST_TEST(list.frames().front().is_over);
  BOOST_TEST(!list.frames().front().is_complete);
  for (std::size_t i = 1; i < frame_list::limit_frames; ++i)
    list.open(ts, "pdu", 0, 1);
  BOOST_TEST(list.open(ts, "pdu", 0, 1) == 0U);
  for (auto& one : list.frames())
    one.is_inspected = true;
  list.sweep();
  BOOST_TEST(list.frames().empty());
}

BOOST_AUTO_TEST_CASE(a_list_asleep_keeps_nothing_and_datagrams_count_from_their_own_begin) {
  frame_list asleep;
  asleep.take(ts, as_bytes("abc"));
  BOOST_TEST(asleep.open(ts, "pdu", 0, 3) == 0U);
  BOOST_TEST(asleep.frames().empty());
  frame_list datagrams{true};
  datagrams.wake();
  datagrams.take(ts, as_bytes("abc"));
  datagrams.take(ts, as_bytes("de"));
  datagrams.open(ts, "pdu", 0, 2);
  BOOST_TEST(datagrams.frames().front().offset == 0U);
}

BOOST_AUTO_TEST_CASE(records_are_cut_the_same_wherever_the_bytes_are_split) {
  const std::string_view sent = "3abc0x1y5hello";
  for (std::size_t split = 0; split <= sent.size(); ++split) {
    frame_cutter cutter;
    cutter.list.wake();
    cutter.bytes(ts, as_bytes(sent.substr(0, split)), digits);
    cutter.bytes(ts, as_bytes(sent.substr(split)), digits);
    std::string all;
    for (const auto& one : cutter.list.frames())
      all += text(one) + '@' + std::to_string(one.offset) + (one.is_complete ? " " : "? ");
    BOOST_TEST_CONTEXT("split at " << split) {
      BOOST_TEST(all == "3abc@0 0@4 ");
    }
  }
}

BOOST_AUTO_TEST_CASE(behind_a_gap_within_a_record_the_next_is_still_found) {
  frame_cutter cutter;
  cutter.list.wake();
  cutter.bytes(ts, as_bytes("9ab"), digits);
  cutter.gap(ts, 5);
  cutter.bytes(ts, as_bytes("zz2cd"), digits);
  BOOST_REQUIRE(cutter.list.frames().size() == 2U);
  BOOST_TEST(!cutter.list.frames()[0].is_complete);
  BOOST_TEST(text(cutter.list.frames()[1]) == "2cd");
  cutter.gap(ts, 1);
  cutter.bytes(ts, as_bytes("2cd"), digits);
  BOOST_TEST(cutter.list.frames().size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_cutter_asleep_keeps_nothing) {
  frame_cutter cutter;
  cutter.bytes(ts, as_bytes("3abc"), digits);
  BOOST_TEST(cutter.list.frames().empty());
}

BOOST_AUTO_TEST_SUITE_END()
