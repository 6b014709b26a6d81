#include "detect/inspect/buffer/asn1.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace cresset::detect;
using cresset::as_bytes;
using namespace std::string_literals;
using namespace std::string_view_literals;
using inspect::buffer::is_odd_asn1;

namespace {

rule::options::asn1 larger_than(std::uint32_t size) {
  rule::options::asn1 wanted;
  wanted.oversize_length = size;
  return wanted;
}

} // namespace

BOOST_AUTO_TEST_SUITE(oddities_of_asn1)

BOOST_AUTO_TEST_CASE(a_length_over_the_limit_is_found_at_any_depth) {
  const auto wanted = larger_than(100);
  BOOST_TEST(is_odd_asn1(as_bytes("\x04\x65"sv), wanted));
  BOOST_TEST(!is_odd_asn1(as_bytes("\x04\x64"sv), wanted));
  BOOST_TEST(is_odd_asn1(as_bytes("\x30\x08\x02\x01\x05\x04\x82\x10\x00"sv), wanted));
  BOOST_TEST(!is_odd_asn1(as_bytes("\x30\x06\x02\x01\x05\x04\x01\x00"sv), wanted));
}

BOOST_AUTO_TEST_CASE(a_bit_string_cannot_leave_out_more_bits_than_it_has) {
  rule::options::asn1 wanted;
  wanted.bitstring_overflow = true;
  BOOST_TEST(is_odd_asn1(as_bytes("\x03\x02\x09\xff"sv), wanted));
  BOOST_TEST(!is_odd_asn1(as_bytes("\x03\x02\x07\xff"sv), wanted));
  BOOST_TEST(!is_odd_asn1(as_bytes("\x04\x02\x09\xff"sv), wanted));
}

BOOST_AUTO_TEST_CASE(a_number_written_as_long_text_is_found) {
  rule::options::asn1 wanted;
  wanted.double_overflow = true;
  const std::string digits(300, '1');
  BOOST_TEST(is_odd_asn1(as_bytes("\x09\x82\x01\x2d\x03"s + digits), wanted));
  BOOST_TEST(!is_odd_asn1(as_bytes("\x09\x82\x01\x2d\x83"s + digits), wanted));
  BOOST_TEST(!is_odd_asn1(as_bytes("\x09\x03\x03\x31\x32"sv), wanted));
}

BOOST_AUTO_TEST_CASE(bytes_that_are_no_ber_end_the_search) {
  auto wanted = larger_than(10);
  wanted.bitstring_overflow = wanted.double_overflow = true;
  for (const auto bytes : {""sv, "\x30"sv, "\x1f\xff\xff\xff\xff\xff\xff"sv, "\x04\x89"sv,
                           "\x04\xff"sv, "\x02\x05\x01"sv})
    BOOST_TEST(!is_odd_asn1(as_bytes(bytes), wanted));
  rule::options::asn1 numbers;
  numbers.double_overflow = true;
  BOOST_TEST(!is_odd_asn1(as_bytes(std::string(5000, '\x30')), numbers)); // too deep
}

BOOST_AUTO_TEST_SUITE_END()
