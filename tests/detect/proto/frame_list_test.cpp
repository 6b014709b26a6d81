#include "detect/proto/frame_list.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset;
using namespace cresset::detect::proto;

namespace {

constexpr auto ts = direction::to_server;

std::string text(const frame& one) {
  return std::string{as_text(one.bytes)};
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

BOOST_AUTO_TEST_SUITE_END()
