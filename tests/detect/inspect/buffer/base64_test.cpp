#include "detect/inspect/buffer/base64.hpp"

#include <boost/test/unit_test.hpp>

using cresset::as_bytes;
using cresset::as_text;
using namespace std::string_view_literals;

namespace {
using cresset::detect::inspect::buffer::base64_mode;

std::string decoded(std::string_view text, base64_mode mode = base64_mode::lenient) {
  std::vector<std::byte> out;
  return cresset::detect::inspect::buffer::decode_base64(as_bytes(text), out, mode)
             ? std::string{as_text(out)}
             : "nothing";
}
} // namespace

BOOST_AUTO_TEST_SUITE(base64_decoding)

BOOST_AUTO_TEST_CASE(the_vectors_of_rfc_4648_come_back) {
  BOOST_TEST(decoded("Zg==") == "f");
  BOOST_TEST(decoded("Zm8=") == "fo");
  BOOST_TEST(decoded("Zm9vYmFy") == "foobar");
}

BOOST_AUTO_TEST_CASE(blanks_are_passed_over_and_other_bytes_end_it) {
  BOOST_TEST(decoded("Zm9v\r\nYmFy") == "foobar");
  BOOST_TEST(decoded("Zm9v!YmFy") == "foo");
  BOOST_TEST(decoded("Zm9vYm") == "foob");
  BOOST_TEST(decoded("!") == "nothing");
  BOOST_TEST(decoded("") == "nothing");
}

BOOST_AUTO_TEST_CASE(other_modes_skip_or_refuse_what_is_no_digit) {
  BOOST_TEST(decoded("Zm9v!Ym Fy", base64_mode::skipping) == "foobar");
  BOOST_TEST(decoded("Zm9vYmFy", base64_mode::strict) == "foobar");
  BOOST_TEST(decoded("Zm9v YmFy", base64_mode::strict) == "nothing");
  BOOST_TEST(decoded("Zm9v!", base64_mode::strict) == "nothing");
}

BOOST_AUTO_TEST_SUITE_END()
