#include "capture/base/expected.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using cresset::expected;
using cresset::unexpected;

namespace {
expected<int, std::string> half(int number) {
  if (number % 2 != 0)
    return unexpected{std::string{"odd"}};
  return number / 2;
}
} // namespace

BOOST_AUTO_TEST_SUITE(expected_value)

BOOST_AUTO_TEST_CASE(a_value_is_there_and_no_error) {
  const auto answer = half(4);
  BOOST_REQUIRE(answer);
  BOOST_TEST(*answer == 2);
}

BOOST_AUTO_TEST_CASE(an_error_says_why_and_the_default_stands_in) {
  const auto answer = half(3);
  BOOST_REQUIRE(!answer);
  BOOST_TEST(answer.error() == "odd");
  BOOST_TEST(answer.value_or(-1) == -1);
}

BOOST_AUTO_TEST_CASE(success_without_a_value_is_true) {
  const expected<void, int> fine;
  const expected<void, int> wrong = unexpected{7};
  BOOST_TEST(fine.has_value());
  BOOST_TEST(wrong.error() == 7);
}

BOOST_AUTO_TEST_SUITE_END()
