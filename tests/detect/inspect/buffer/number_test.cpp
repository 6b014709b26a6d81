#include "detect/inspect/buffer/number.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset::detect::inspect::buffer;
using namespace cresset::detect::rule::payload;
using namespace std::string_view_literals;
using cresset::as_bytes;

BOOST_AUTO_TEST_SUITE(numbers_in_bytes)

BOOST_AUTO_TEST_CASE(binary_numbers_have_one_to_eight_bytes) {
  BOOST_TEST(read_binary(as_bytes("\x01\x02\x03"sv), byte_order::big)->value == 0x010203U);
  BOOST_TEST(read_binary(as_bytes("\x01\x02\x03"sv), byte_order::little)->value == 0x030201U);
  BOOST_TEST(read_binary(as_bytes("\xff\xff\xff\xff\xff\xff\xff\xff"sv), byte_order::big)->value ==
             ~0ULL);
  BOOST_TEST(!read_binary(as_bytes(""sv), byte_order::big).has_value());
  BOOST_TEST(!read_binary(as_bytes("123456789"sv), byte_order::big).has_value());
}

BOOST_AUTO_TEST_CASE(text_ends_at_the_first_byte_that_is_no_digit) {
  const auto decimal = read_text(as_bytes("0123 x"sv), number_text::decimal);
  BOOST_TEST(decimal->value == 123U);
  BOOST_TEST(decimal->size_bytes == 4U);
  BOOST_TEST(read_text(as_bytes("0xff"sv), number_text::hexadecimal)->value == 255U);
  BOOST_TEST(read_text(as_bytes("ff"sv), number_text::hexadecimal)->value == 255U);
  BOOST_TEST(read_text(as_bytes("17"sv), number_text::octal)->value == 15U);
}

BOOST_AUTO_TEST_CASE(text_without_a_digit_or_too_large_is_none) {
  BOOST_TEST(!read_text(as_bytes("abc"sv), number_text::decimal).has_value());
  BOOST_TEST(!read_text(as_bytes(""sv), number_text::decimal).has_value());
  BOOST_TEST(!read_text(as_bytes("99999999999999999999999"sv), number_text::decimal).has_value());
  BOOST_TEST(
      !read_text(as_bytes("000000000000000000000000000001"sv), number_text::decimal).has_value());
}

BOOST_AUTO_TEST_CASE(a_mask_is_applied_and_shifted_out) {
  BOOST_TEST(masked(0xabcd, 0) == 0xabcdU);
  BOOST_TEST(masked(0xabcd, 0xf0) == 0xcU);
}

BOOST_AUTO_TEST_SUITE_END()
