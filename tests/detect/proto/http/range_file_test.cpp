#include "detect/proto/http/range_file.hpp"

#include <boost/test/unit_test.hpp>

#include <string_view>

using namespace cresset;
using namespace cresset::detect::proto::http;

namespace {

content_range part(std::int64_t start, std::int64_t end, std::int64_t size) {
  return {.start = start, .end = end, .size = size};
}

} // namespace

BOOST_AUTO_TEST_SUITE(http_range_file)

BOOST_AUTO_TEST_CASE(parts_in_order_make_the_file) {
  range_file file{100};
  BOOST_TEST(file.begin(part(0, 3, 8), "/f"));
  file.bytes(as_bytes(std::string_view{"abcd"}));
  BOOST_TEST(!file.is_whole());
  BOOST_TEST(file.begin(part(4, 7, 8), "/f"));
  file.bytes(as_bytes(std::string_view{"efgh"}));
  BOOST_REQUIRE(file.is_whole());
  const auto whole = file.take();
  BOOST_TEST(as_text(whole.view().bytes) == "abcdefgh");
  BOOST_TEST(whole.is_complete());
  BOOST_TEST(!file.is_whole());
}

BOOST_AUTO_TEST_CASE(what_does_not_fit_makes_none) {
  range_file file{100};
  BOOST_TEST(!file.begin(part(0, 7, 8), "/whole"));
  BOOST_TEST(!file.begin(part(4, 7, 8), "/f"));    // the begin was not seen
  BOOST_TEST(!file.begin(part(4, 9, 8), "/f"));    // longer than the file
  BOOST_TEST(!file.begin(part(-1, -1, -1), "/f")); // "*"
  BOOST_TEST(file.begin(part(0, 3, 8), "/f"));
  file.bytes(as_bytes(std::string_view{"abcd"}));
  BOOST_TEST(!file.begin(part(5, 7, 8), "/f"));
  BOOST_TEST(!file.begin(part(4, 7, 8), "/other"));
  file.lose();
  BOOST_TEST(!file.begin(part(4, 7, 8), "/f"));
}

BOOST_AUTO_TEST_SUITE_END()
