#include "detect/proto/shared_file.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <string>
#include <vector>

using namespace cresset;
using namespace cresset::detect::proto;

namespace {

using remark = shared_file::remark;

remark put(shared_file& file, std::uint64_t offset, std::string_view bytes) {
  const auto said = file.begin_chunk(offset, bytes.size());
  // in two pieces, as it may come
  file.chunk_bytes(as_bytes(bytes.substr(0, bytes.size() / 2)));
  file.chunk_bytes(as_bytes(bytes.substr(bytes.size() / 2)));
  file.end_chunk();
  return said;
}
std::string text_of(const shared_file& file) {
  return std::string{as_text(file.view().bytes)};
}

} // namespace

BOOST_AUTO_TEST_SUITE(file_in_chunks)

BOOST_AUTO_TEST_CASE(chunks_in_any_order_make_the_same_file) {
  std::vector<std::pair<std::uint64_t, std::string_view>> chunks{
      {0, "one"}, {3, "two"}, {6, "three"}, {11, "four"}};
  do {
    shared_file file{{1000, 10}};
    for (const auto& [offset, bytes] : chunks)
      BOOST_CHECK(put(file, offset, bytes) == remark::none);
    file.close();
    BOOST_TEST(text_of(file) == "onetwothreefour");
    BOOST_TEST(!file.is_truncated());
    BOOST_TEST(file.queued_bytes() == 0U);
  } while (std::next_permutation(chunks.begin(), chunks.end()));
}

BOOST_AUTO_TEST_CASE(what_comes_twice_is_passed_over_with_a_remark) {
  shared_file file{{1000, 10}};
  put(file, 0, "abcdef");
  BOOST_CHECK(put(file, 0, "xyz") == remark::overlap);
  BOOST_CHECK(put(file, 4, "??gh") == remark::overlap);
  put(file, 20, "late");
  BOOST_CHECK(put(file, 20, "twice") == remark::overlap);
  BOOST_TEST(text_of(file) == "abcdefgh");
}

BOOST_AUTO_TEST_CASE(what_never_comes_is_a_hole) {
  shared_file file{{1000, 10}};
  put(file, 0, "head");
  put(file, 10, "tail");
  BOOST_TEST(text_of(file) == "head");
  file.close();
  BOOST_TEST(file.is_truncated());
  BOOST_TEST(file.view().total == 14U);
  BOOST_TEST(text_of(file) == "tail");
}

BOOST_AUTO_TEST_CASE(a_loss_inside_a_chunk_is_a_hole_and_the_file_goes_on) {
  shared_file file{{1000, 10}};
  file.begin_chunk(0, 10);
  file.chunk_bytes(as_bytes("abc"));
  file.chunk_lost(4);
  file.chunk_bytes(as_bytes("hij"));
  file.end_chunk();
  put(file, 10, "klm");
  file.close();
  BOOST_TEST(file.view().total == 13U);
  BOOST_TEST(text_of(file) == "hijklm");
  BOOST_TEST(file.is_truncated());
}

BOOST_AUTO_TEST_CASE(a_waiting_chunk_that_is_lost_in_part_ends_there) {
  shared_file file{{1000, 10}};
  file.begin_chunk(4, 10);
  file.chunk_bytes(as_bytes("ef"));
  file.chunk_lost(4);
  file.chunk_bytes(as_bytes("never"));
  file.end_chunk();
  put(file, 0, "abcd");
  file.close();
  BOOST_TEST(text_of(file) == "abcdef");
}

BOOST_AUTO_TEST_CASE(the_queue_is_bounded_by_number_and_by_size) {
  shared_file few{{1000, 2}};
  put(few, 10, "a");
  put(few, 20, "b");
  BOOST_CHECK(put(few, 30, "c") == remark::queue_count_exceeded);
  BOOST_TEST(few.queued_bytes() == 0U);
  BOOST_TEST(few.view().total == 31U);
  shared_file small{{4, 0}};
  put(small, 10, "abcd");
  BOOST_CHECK(put(small, 20, "e") == remark::queue_size_exceeded);
  BOOST_TEST(small.view().total == 21U);
  BOOST_TEST(small.is_truncated());
}

BOOST_AUTO_TEST_CASE(a_chunk_that_may_not_wait_is_taken_behind_a_hole) {
  shared_file file{{1000, 10}};
  BOOST_CHECK(file.begin_chunk(5, 1, false) == remark::queue_size_exceeded);
  file.chunk_bytes(as_bytes("f"));
  file.end_chunk();
  BOOST_TEST(file.view().total == 6U);
  BOOST_TEST(text_of(file) == "f");
}

BOOST_AUTO_TEST_CASE(only_the_first_bytes_are_kept) {
  shared_file file{{0, 0}};
  const std::string block(64 * 1024, 'x');
  for (std::uint64_t i = 0; i < 4; ++i)
    put(file, i * block.size(), block);
  file.close();
  BOOST_TEST(file.view().bytes.size() == shared_file::kept_bytes);
  BOOST_TEST(file.view().total == 4 * block.size());
  BOOST_TEST(!file.is_truncated());
}

BOOST_AUTO_TEST_CASE(a_digest_is_of_the_bytes_in_their_order) {
  const file_settings wanted{.md5 = true};
  shared_file file{{1000, 10}, wanted};
  put(file, 1, "bc");
  put(file, 0, "a");
  BOOST_TEST(file.view().meter->md5().empty());
  file.close();
  BOOST_TEST(file.view().meter->md5() == "900150983cd24fb0d6963f7d28e17f72"); // of "abc"
}

BOOST_AUTO_TEST_SUITE_END()
