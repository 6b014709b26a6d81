#include "detect/flow/tcp_reassembly.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <random>
#include <string>

using namespace cresset;
using namespace cresset::detect::flow;

BOOST_AUTO_TEST_SUITE(tcp_reassembly_test)

namespace {

/// A stream whose first byte has sequence number `first`, read by both readers as far as it counts.
/// What the protocol reader got is in `read`, with "<n>" for gaps; what the raw reader saw for the
/// first time is in `raw`, with "|" where a window could not be continued.
struct stream {
  reassembly_settings settings;
  buffer_pool pool{16 << 20};
  tcp_reassembly bytes;
  std::uint32_t first;
  std::string read;
  std::string raw;
  bool ended = false;
  bool depth = false;

  explicit stream(reassembly_settings s = {}, std::uint32_t first_sequence = 1000)
      : settings{s}, first{first_sequence} {
    bytes.open(settings, pool, first);
  }
  insert_outcome put(std::uint64_t offset, std::string_view text) {
    const auto outcome = bytes.insert(first + static_cast<std::uint32_t>(offset), as_bytes(text));
    follow();
    return outcome;
  }
  bool acknowledge(std::uint64_t offset) {
    const bool moved = bytes.acknowledge(first + static_cast<std::uint32_t>(offset));
    follow();
    return moved;
  }
  void finish() {
    bytes.finish();
    follow();
  }
  void follow() {
    for (;;) {
      const auto window = bytes.window();
      raw += as_text(window.bytes.subspan(window.fresh - window.offset));
      if (window.before_gap && bytes.raw_progress() < window.end())
        raw += '|';
      bytes.raw_done(window.end());
      const auto chunk = bytes.next_chunk();
      if (chunk.what == stream_chunk::kind::none)
        return;
      if (chunk.what == stream_chunk::kind::bytes)
        read += as_text(chunk.bytes);
      else if (chunk.what == stream_chunk::kind::gap)
        read += "<" + std::to_string(chunk.gap_bytes) + ">";
      ended |= chunk.what == stream_chunk::kind::end;
      depth |= chunk.what == stream_chunk::kind::depth;
      bytes.consume(chunk.bytes.size());
    }
  }
};

std::string counting_text(std::size_t size) {
  std::string text(size, ' ');
  for (std::size_t i = 0; i < size; ++i)
    text[i] = static_cast<char>('!' + i % 89);
  return text;
}

reassembly_settings with_policy(overlap_policy policy) {
  reassembly_settings settings;
  settings.policy = policy;
  return settings;
}

} // namespace

BOOST_AUTO_TEST_CASE(bytes_count_only_once_they_are_acknowledged) {
  stream s;
  s.put(0, "GET /");
  BOOST_TEST(s.read == "");
  BOOST_TEST(s.acknowledge(3));
  BOOST_TEST(s.read == "GET");
  BOOST_TEST(!s.acknowledge(3));
  BOOST_TEST(!s.acknowledge(1));
  BOOST_TEST(s.acknowledge(5));
  BOOST_TEST(s.read == "GET /");
  BOOST_TEST(s.raw == "GET /");
}

BOOST_AUTO_TEST_CASE(inline_bytes_count_as_they_arrive) {
  reassembly_settings settings;
  settings.inline_mode = true;
  stream s{settings};
  s.put(0, "GET /");
  BOOST_TEST(s.read == "GET /");
  s.put(7, "x");
  BOOST_TEST(s.read == "GET /");
  s.put(5, "ab");
  BOOST_TEST(s.read == "GET /abx");
}

BOOST_AUTO_TEST_CASE(inline_bytes_are_never_replaced_but_a_difference_is_seen) {
  reassembly_settings settings;
  settings.inline_mode = true;
  settings.policy = overlap_policy::last;
  stream s{settings};
  s.put(0, "abcdef");
  BOOST_TEST(s.put(2, "XX").differed);
  BOOST_TEST(as_text(s.bytes.window().bytes) == "abcdef");
}

BOOST_AUTO_TEST_CASE(a_hole_that_is_filled_leaves_no_trace) {
  stream s;
  s.put(5, "56789");
  s.put(0, "01234");
  s.acknowledge(10);
  BOOST_TEST(s.read == "0123456789");
  BOOST_TEST(s.bytes.gap_bytes() == 0U);
  BOOST_TEST(s.bytes.max_regions() == 2U);
}

BOOST_AUTO_TEST_CASE(an_acknowledged_hole_is_a_gap) {
  stream s;
  s.put(0, "0123");
  s.put(8, "89");
  s.acknowledge(10);
  BOOST_TEST(s.read == "0123<4>89");
  BOOST_TEST(s.raw == "0123|89");
  BOOST_TEST(s.bytes.gap_bytes() == 4U);
  BOOST_TEST(s.bytes.confirmed_gaps() == 1U);
}

BOOST_AUTO_TEST_CASE(an_acknowledgement_that_overtakes_its_data_makes_no_gap) {
  stream s;
  s.put(0, "01");
  s.acknowledge(6);
  BOOST_TEST(s.read == "01");
  s.put(2, "2345"); // acknowledged already: counts at once
  BOOST_TEST(s.read == "012345");
  BOOST_TEST(s.bytes.gap_bytes() == 0U);
}

BOOST_AUTO_TEST_CASE(a_gap_ends_where_the_acknowledgement_ends) {
  stream s;
  s.put(0, "01");
  s.acknowledge(6);
  s.put(8, "89"); // something behind the hole: now it is believed
  BOOST_TEST(s.read == "01<4>");
  s.put(4, "4567"); // 4 and 5 were given up
  s.acknowledge(10);
  BOOST_TEST(s.read == "01<4>6789");
}

BOOST_AUTO_TEST_CASE(a_hole_at_the_end_is_a_gap_when_the_flow_is_over) {
  stream s;
  s.put(0, "01");
  s.acknowledge(6);
  s.finish();
  BOOST_TEST(s.read == "01<4>");
  BOOST_TEST(s.ended);
}

BOOST_AUTO_TEST_CASE(several_gaps_come_one_after_the_other) {
  stream s;
  s.put(2, "b");
  s.put(5, "c");
  s.put(9, "d");
  s.acknowledge(12);
  BOOST_TEST(s.read == "<2>b<2>c<3>d");
  s.finish();
  BOOST_TEST(s.read == "<2>b<2>c<3>d<2>");
  BOOST_TEST(
      s.raw ==
      "b|c|d"); // the hole behind d is believed when the flow is over, and d was seen by then
}

BOOST_AUTO_TEST_CASE(a_gap_waits_for_both_readers) {
  stream s;
  s.bytes.insert(s.first, as_bytes("aaaa"));
  s.bytes.insert(s.first + 8, as_bytes("bbbb"));
  s.bytes.acknowledge(s.first + 12);
  BOOST_TEST(as_text(s.bytes.next_chunk().bytes) == "aaaa");
  s.bytes.consume(4);
  BOOST_TEST(s.bytes.next_chunk().gap_bytes == 4U);
  s.bytes.consume(0);
  BOOST_TEST((s.bytes.next_chunk().what == stream_chunk::kind::none));
  BOOST_TEST(as_text(s.bytes.window().bytes) == "aaaa");
  BOOST_TEST(s.bytes.window().before_gap);
  s.bytes.raw_done(4);
  BOOST_TEST(as_text(s.bytes.window().bytes) == "bbbb");
  BOOST_TEST(s.bytes.window().offset == 8U);
  BOOST_TEST(as_text(s.bytes.next_chunk().bytes) == "bbbb");
}

BOOST_AUTO_TEST_CASE(finishing_gives_what_was_not_acknowledged_and_holes_as_gaps) {
  stream s;
  s.put(0, "0123");
  s.acknowledge(2);
  s.put(8, "89");
  s.finish();
  BOOST_TEST(s.read == "0123<4>89");
  BOOST_TEST(s.ended);
  BOOST_TEST(s.bytes.confirmed_gaps() == 0U);
}

BOOST_AUTO_TEST_CASE(releasing_the_contiguous_leaves_what_lies_behind_a_hole) {
  stream s;
  s.put(0, "0123");
  s.put(8, "89");
  BOOST_TEST(s.bytes.release_contiguous());
  s.follow();
  BOOST_TEST(s.read == "0123");
  s.finish();
  BOOST_TEST(s.read == "0123<4>89");
}

BOOST_AUTO_TEST_CASE(a_fin_ends_the_stream_once_all_before_it_counts) {
  stream s;
  s.put(0, "bye");
  BOOST_TEST(!s.bytes.set_end(s.first + 3));
  s.follow();
  BOOST_TEST(!s.ended);
  s.acknowledge(4); // the FIN has a number of its own
  BOOST_TEST(s.read == "bye");
  BOOST_TEST(s.ended);
  BOOST_TEST(s.bytes.gap_bytes() == 0U);
  BOOST_TEST(s.put(3, "more").added_bytes == 0U);
  BOOST_TEST(s.read == "bye");
}

BOOST_AUTO_TEST_CASE(a_fin_counts_when_it_is_acknowledged_itself) {
  stream s;
  s.put(0, "bye");
  s.acknowledge(3);
  BOOST_TEST(!s.bytes.set_end(s.first + 3));
  s.follow();
  BOOST_TEST(!s.ended);
  s.acknowledge(4);
  BOOST_TEST(s.ended);
}

BOOST_AUTO_TEST_CASE(a_fin_counts_at_once_when_it_was_acknowledged_before_or_nobody_will) {
  stream early;
  early.put(0, "bye");
  early.acknowledge(4);
  BOOST_TEST(early.bytes.set_end(early.first + 3));
  stream released;
  released.put(0, "bye");
  released.acknowledge(3);
  released.bytes.set_end(released.first + 3);
  BOOST_TEST(released.bytes.release_contiguous());
  released.follow();
  BOOST_TEST(released.ended);
}

BOOST_AUTO_TEST_CASE(a_fin_before_bytes_that_came_already_ends_nothing) {
  stream s;
  s.put(0, "01234567");
  BOOST_TEST(!s.bytes.set_end(s.first + 3));
  s.acknowledge(8);
  BOOST_TEST(s.read == "01234567");
}

BOOST_AUTO_TEST_CASE(retransmitted_bytes_are_read_once) {
  stream s;
  s.put(0, "0123");
  BOOST_TEST(s.put(0, "0123").overlapped);
  s.acknowledge(4);
  BOOST_TEST(s.put(0, "0123").before_edge);
  s.put(2, "2345");
  s.acknowledge(6);
  BOOST_TEST(s.read == "012345");
}

BOOST_AUTO_TEST_CASE(what_was_acknowledged_is_never_replaced) {
  stream s{with_policy(overlap_policy::last)};
  s.put(0, "0123");
  s.acknowledge(2);
  const auto outcome = s.put(0, "XXXX");
  BOOST_TEST(outcome.differed);
  s.acknowledge(4);
  BOOST_TEST(s.read == "01XX");
  BOOST_TEST(s.bytes.overlaps_differing() == 1U);
}

BOOST_AUTO_TEST_CASE(in_order_bytes_not_acknowledged_are_judged_segment_by_segment) {
  // Three segments in order, then one over the end of the first, all of the second and the start of
  // the third.
  const auto overlap = [](overlap_policy policy) {
    stream s{with_policy(policy)};
    s.put(0, "aaaa");
    s.put(4, "bbbb");
    s.put(8, "cccc");
    s.put(2, "nnnnnnnn");
    s.acknowledge(12);
    return s.read;
  };
  BOOST_TEST(overlap(overlap_policy::first) == "aaaabbbbcccc");
  BOOST_TEST(overlap(overlap_policy::last) == "aannnnnnnncc");
  BOOST_TEST(overlap(overlap_policy::bsd) == "aaaannnnnncc");
  BOOST_TEST(overlap(overlap_policy::bsd_right) == "aannbbbbcccc");
  BOOST_TEST(overlap(overlap_policy::linux_now) == "aaaannnnnncc");
  BOOST_TEST(overlap(overlap_policy::solaris) == "aaaannnncccc");
  BOOST_TEST(overlap(overlap_policy::vista) == "aaaabbbbcccc");
}

BOOST_AUTO_TEST_CASE(waiting_segments_are_judged_in_the_same_way) {
  const auto overlap = [](overlap_policy policy) {
    stream s{with_policy(policy)};
    s.put(4, "bbbb");
    s.put(4, "longer");
    s.put(2, "nnnn");
    s.put(0, "aa");
    s.acknowledge(10);
    return s.read;
  };
  BOOST_TEST(overlap(overlap_policy::first) == "aannbbbber");
  BOOST_TEST(overlap(overlap_policy::last) == "aannnnnger");
  BOOST_TEST(overlap(overlap_policy::bsd) == "aannnnbber");
  BOOST_TEST(overlap(overlap_policy::linux_now) == "aannnnnger");
  BOOST_TEST(overlap(overlap_policy::bsd_right) == "aannlonger");
}

BOOST_AUTO_TEST_CASE(nothing_is_followed_behind_the_depth) {
  reassembly_settings settings;
  settings.depth_bytes = 6;
  stream s{settings};
  BOOST_TEST(!s.put(0, "0123").depth_reached);
  BOOST_TEST(s.put(4, "4567").depth_reached);
  BOOST_TEST(!s.put(8, "89").depth_reached);
  s.acknowledge(10);
  BOOST_TEST(s.read == "012345");
  BOOST_TEST(s.depth);
  BOOST_TEST(!s.ended);
  BOOST_TEST(s.bytes.depth_reached());
  BOOST_TEST(s.bytes.gap_bytes() == 0U);
  s.finish();
  BOOST_TEST(s.ended);
}

BOOST_AUTO_TEST_CASE(a_stream_of_exactly_the_depth_has_not_reached_it) {
  reassembly_settings settings;
  settings.depth_bytes = 4;
  stream s{settings};
  s.put(0, "0123");
  s.acknowledge(4);
  BOOST_TEST(s.read == "0123");
  BOOST_TEST(!s.bytes.depth_reached());
}

BOOST_AUTO_TEST_CASE(a_depth_of_zero_is_none) {
  reassembly_settings settings;
  settings.depth_bytes = 0;
  stream s{settings};
  const auto text = counting_text(60'000);
  for (int i = 0; i < 40; ++i) {
    s.put(static_cast<std::uint64_t>(i) * 60'000, text);
    s.acknowledge(static_cast<std::uint64_t>(i + 1) * 60'000);
  }
  BOOST_TEST(s.read.size() == 2'400'000U);
  BOOST_TEST(!s.bytes.depth_reached());
}

BOOST_AUTO_TEST_CASE(the_raw_reader_keeps_a_tail_to_look_back_into) {
  reassembly_settings settings;
  settings.retained_tail_bytes = 10;
  settings.depth_bytes = 0;
  stream s{settings};
  const auto text = counting_text(200'000);
  for (std::size_t at = 0; at < text.size(); at += 1000) {
    s.put(at, std::string_view{text}.substr(at, 1000));
    s.acknowledge(at + 1000);
    const auto window = s.bytes.window();
    BOOST_TEST(window.bytes.size() == 10U);
    BOOST_TEST(as_text(window.bytes) == std::string_view{text}.substr(window.offset, 10));
  }
  BOOST_TEST(s.read == text);
  BOOST_TEST(s.raw == text);
  BOOST_TEST(s.pool.lent_bytes() <= 4096U);
}

BOOST_AUTO_TEST_CASE(a_reader_that_stopped_holds_nothing_up) {
  stream s;
  s.put(0, "abc");
  s.bytes.stop_raw();
  s.acknowledge(3);
  BOOST_TEST(s.read == "abc");
  BOOST_TEST(s.pool.lent_bytes() == 0U);
  s.bytes.stop_chunks();
  s.put(3, "def");
  BOOST_TEST(s.pool.lent_bytes() == 0U);
  BOOST_TEST(s.bytes.total_bytes() == 6U);
}

BOOST_AUTO_TEST_CASE(only_raw_reading_crosses_gaps_too) {
  stream s;
  s.bytes.stop_chunks();
  s.put(0, "ab");
  s.put(4, "ef");
  s.put(8, "ij");
  s.acknowledge(10);
  s.follow();
  s.follow();
  BOOST_TEST(s.raw == "ab|ef|ij");
}

BOOST_AUTO_TEST_CASE(data_with_an_ignored_syn_is_forgotten) {
  stream s;
  s.put(0, "early");
  s.bytes.discard_unacknowledged();
  s.put(0, "later");
  s.acknowledge(5);
  BOOST_TEST(s.read == "later");
}

BOOST_AUTO_TEST_CASE(a_direction_over_its_limit_refuses_and_goes_on_with_a_gap) {
  reassembly_settings settings;
  settings.limit_direction_bytes = 8192;
  settings.depth_bytes = 0;
  stream s{settings};
  const auto text = counting_text(6000);
  s.put(0, text);
  BOOST_TEST(s.put(6000, text).refused_bytes == 6000U);
  BOOST_TEST(s.bytes.refused_bytes() == 6000U);
  s.acknowledge(12'000);
  s.put(12'000, "on");
  s.acknowledge(12'002);
  BOOST_TEST(s.read == text + "<6000>on");
}

BOOST_AUTO_TEST_CASE(a_worker_without_memory_refuses_and_goes_on) {
  reassembly_settings settings;
  settings.retained_tail_bytes = 0;
  stream s{settings};
  std::vector<pooled_buffer> others;
  while (auto lent = s.pool.acquire(1 << 20))
    others.push_back(std::move(lent));
  BOOST_TEST(s.put(0, "lost").refused_bytes == 4U);
  others.clear();
  s.acknowledge(4);
  s.put(4, "seen");
  s.acknowledge(8);
  BOOST_TEST(s.read == "<4>seen");
}

BOOST_AUTO_TEST_CASE(the_limit_of_waiting_segments_is_kept) {
  reassembly_settings settings;
  settings.limit_pieces = 10;
  stream s{settings};
  for (unsigned i = 0; i < 20; ++i)
    s.put(1 + 2 * i, "x");
  BOOST_TEST(s.bytes.refused_bytes() == 10U);
  BOOST_TEST(s.bytes.max_regions() == 11U);
}

BOOST_AUTO_TEST_CASE(sequence_numbers_may_wrap_anywhere) {
  const auto text = counting_text(3000);
  for (const std::uint32_t first : {0xffffffffU, 0xfffffff0U, 0xfffff448U, 0x7ffffff0U, 0U}) {
    stream s{{}, first};
    s.put(2000, std::string_view{text}.substr(2000));
    s.put(0, std::string_view{text}.substr(0, 700));
    s.put(500, std::string_view{text}.substr(500, 1500));
    s.acknowledge(3000);
    BOOST_TEST(s.read == text);
  }
}

BOOST_AUTO_TEST_CASE(more_than_four_gibibytes_are_counted_right) {
  reassembly_settings settings;
  settings.depth_bytes = 0;
  stream s{settings, 0xfffff000U};
  // Most of the way as gaps, which cost nothing.
  std::uint64_t at = 0;
  for (int i = 0; i < 6; ++i) {
    at += 1'000'000'000;
    s.put(at, "x");
    s.acknowledge(++at);
  }
  s.read.clear();
  s.put(at, "far out");
  s.acknowledge(at + 7);
  BOOST_TEST(s.read == "far out");
  BOOST_TEST(s.bytes.chunk_progress() == 6'000'000'013U);
}

BOOST_AUTO_TEST_CASE(all_orders_of_tiny_segments_give_the_same_text) {
  const std::string text = "ATTACK";
  std::array<std::size_t, 6> order{0, 1, 2, 3, 4, 5};
  do {
    stream s;
    for (const auto at : order)
      s.put(at, std::string_view{text}.substr(at, 1));
    s.acknowledge(text.size());
    BOOST_TEST(s.read == text);
    BOOST_TEST(s.raw == text);
  } while (std::next_permutation(order.begin(), order.end()));
}

BOOST_AUTO_TEST_CASE(any_segmentation_in_any_order_with_any_policy_gives_exactly_the_text) {
  std::mt19937 random{20261121};
  const auto text = counting_text(20'000);
  for (int round = 0; round < 120; ++round) {
    reassembly_settings settings;
    settings.policy = static_cast<overlap_policy>(round % 15);
    settings.inline_mode = round % 4 == 3;
    settings.retained_tail_bytes = random() % 3000;
    stream s{settings, static_cast<std::uint32_t>(random())};
    std::vector<std::pair<std::size_t, std::size_t>>
        segments; // begin, size; overlapping, together all of it
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t size =
          std::min<std::size_t>(1 + random() % (round % 2 == 0 ? 60 : 1500), text.size() - at);
      const std::size_t early = std::min<std::size_t>(at, random() % 3 == 0 ? random() % 100 : 0);
      segments.emplace_back(at - early, size + early);
      at += size;
    }
    const std::size_t reach = 1 + random() % 40; // how far a segment may be out of its place
    for (std::size_t i = 0; i + 1 < segments.size(); ++i)
      std::swap(segments[i], segments[std::min(segments.size() - 1, i + random() % reach)]);
    std::vector<bool> there(text.size());
    std::size_t whole = 0;
    for (const auto& [begin, size] : segments) {
      s.put(begin, std::string_view{text}.substr(begin, size));
      std::fill_n(there.begin() + static_cast<std::ptrdiff_t>(begin), size, true);
      while (whole < text.size() && there[whole])
        ++whole;
      if (random() % 3 == 0)
        s.acknowledge(whole);
    }
    s.acknowledge(text.size());
    BOOST_TEST((s.read == text), "round " << round);
    BOOST_TEST((s.raw == text), "round " << round);
    BOOST_TEST(s.bytes.gap_bytes() == 0U);
    BOOST_TEST(s.bytes.overlaps_differing() == 0U);
    s.bytes.close();
    BOOST_TEST(s.pool.lent_bytes() == 0U);
  }
}

BOOST_AUTO_TEST_CASE(a_stream_in_its_stride_does_not_ask_the_heap) {
  reassembly_settings settings;
  settings.depth_bytes = 0;
  stream s{settings};
  const auto text = counting_text(1460);
  std::uint64_t allocations = 0;
  for (std::uint64_t i = 0; i < 2000; ++i) {
    s.put(i * 1460, text);
    s.acknowledge((i + 1) * 1460);
    if (i == 100)
      allocations = s.pool.allocations();
  }
  BOOST_TEST(s.pool.allocations() == allocations);
}

BOOST_AUTO_TEST_CASE(a_closed_stream_can_be_opened_anew) {
  stream s;
  s.put(3, "xyz");
  s.bytes.close();
  BOOST_TEST(!s.bytes.is_open());
  BOOST_TEST(s.pool.lent_bytes() == 0U);
  BOOST_TEST(s.bytes.insert(5, as_bytes("a")).added_bytes == 0U);
  s.bytes.open(s.settings, s.pool, s.first);
  s.put(0, "new");
  s.acknowledge(3);
  BOOST_TEST(s.read == "new");
}

BOOST_AUTO_TEST_SUITE_END()
