#include "detect/flow/segment_list.hpp"

#include <boost/test/unit_test.hpp>

#include <random>
#include <string>

using namespace cresset;
using namespace cresset::detect::flow;

BOOST_AUTO_TEST_SUITE(segment_list_test)

namespace {
struct fixture {
  buffer_pool pool{1 << 20};
  segment_list list;
  segment_list::insert_terms terms;

  segment_list::outcome put(std::uint64_t begin, std::string_view text) {
    return list.insert(pool, terms, begin, as_bytes(text), {begin, begin + text.size()});
  }
  /// All bytes from 0, '.' for holes.
  std::string text() const {
    std::string all;
    for (std::size_t i = 0; i < list.size(); ++i) {
      all.resize(list[i].begin, '.');
      all += as_text(list[i].bytes());
    }
    return all;
  }
};
} // namespace

BOOST_AUTO_TEST_CASE(pieces_stand_in_order_whatever_order_they_come_in) {
  fixture f;
  f.put(8, "ccc");
  f.put(0, "aa");
  f.put(4, "bb");
  BOOST_TEST(f.text() == "aa..bb..ccc");
  BOOST_TEST(f.list.runs() == 3U);
}

BOOST_AUTO_TEST_CASE(a_run_over_several_pieces_fills_only_the_holes_when_the_older_wins) {
  fixture f;
  f.terms.policy = overlap_policy::first;
  f.put(2, "bb");
  f.put(6, "cc");
  const auto result = f.put(0, "nnnnnnnnnn");
  BOOST_TEST(f.text() == "nnbbnnccnn");
  BOOST_TEST(result.added_bytes == 6U);
  BOOST_TEST(result.overlapped);
  BOOST_TEST(result.differed);
  BOOST_TEST(f.list.runs() == 1U);
}

BOOST_AUTO_TEST_CASE(the_newer_can_take_front_middle_and_end_of_a_piece) {
  for (const auto& [begin, expected] : {std::pair{0U, "nnbbbb"}, {2U, "bbnnbb"}, {4U, "bbbbnn"}}) {
    fixture f;
    f.terms.policy = overlap_policy::last;
    f.put(0, "bbbbbb");
    f.put(begin, "nn");
    BOOST_TEST(f.text() == expected);
  }
}

BOOST_AUTO_TEST_CASE(a_piece_cut_by_a_newer_one_is_judged_by_what_is_left_of_it) {
  fixture f; // bsd: the newer wins where it begins before the older
  f.put(4, "bbbb");
  f.put(2, "ccccc"); // takes 4..6 from b, which begins at 7 now
  BOOST_TEST(f.text() == "..cccccb");
  f.put(5, "dddd"); // begins behind c, before what is left of b
  BOOST_TEST(f.text() == "..cccccdd");
}

BOOST_AUTO_TEST_CASE(the_same_bytes_again_are_an_overlap_without_difference) {
  fixture f;
  f.put(4, "bbbb");
  const auto again = f.put(4, "bbbb");
  BOOST_TEST(again.overlapped);
  BOOST_TEST(!again.differed);
  BOOST_TEST(again.added_bytes == 0U);
}

BOOST_AUTO_TEST_CASE(over_the_limit_of_pieces_bytes_are_refused_and_counted) {
  fixture f;
  f.terms.limit_pieces = 2;
  f.put(0, "a");
  f.put(2, "b");
  BOOST_TEST(f.put(4, "ccc").refused_bytes == 3U);
  BOOST_TEST(f.text() == "a.b");
}

BOOST_AUTO_TEST_CASE(without_memory_bytes_are_refused_and_counted) {
  fixture f;
  buffer_pool small{256};
  BOOST_TEST(f.list.insert(small, f.terms, 0, as_bytes("aa"), {0, 2}).added_bytes == 2U);
  BOOST_TEST(f.list.insert(small, f.terms, 4, as_bytes("bb"), {4, 6}).refused_bytes == 2U);
  f.list.clear();
  BOOST_TEST(small.lent_bytes() == 0U);
}

BOOST_AUTO_TEST_CASE(many_pieces_can_be_popped_and_others_come_behind) {
  fixture f;
  for (unsigned i = 0; i < 200; ++i)
    f.put(2 * i, "x");
  for (unsigned i = 0; i < 150; ++i) {
    BOOST_TEST(f.list.front().begin == 2 * i);
    f.list.pop_front();
  }
  f.put(301, "y");
  BOOST_TEST(f.list.size() == 51U);
  BOOST_TEST(f.list[1].begin == 301U);
}

BOOST_AUTO_TEST_CASE(first_and_last_agree_with_a_plain_array_on_random_overlaps) {
  std::mt19937 random{7};
  for (int round = 0; round < 300; ++round) {
    fixture f;
    const bool last = round % 2 == 0;
    f.terms.policy = last ? overlap_policy::last : overlap_policy::first;
    std::string expected(64, '.');
    for (int i = 0; i < 12; ++i) {
      const std::size_t begin = random() % 48;
      const std::string text(1 + random() % 16, static_cast<char>('a' + i));
      f.put(begin, text);
      for (std::size_t k = 0; k < text.size(); ++k)
        if (last || expected[begin + k] == '.')
          expected[begin + k] = text[k];
    }
    auto got = f.text();
    got.resize(64, '.');
    BOOST_TEST(got == expected);
  }
}

BOOST_AUTO_TEST_SUITE_END()
