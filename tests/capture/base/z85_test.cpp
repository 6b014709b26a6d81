#include "capture/base/z85.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(z85_text)

using namespace cresset;

constexpr std::array<std::byte, 8> rfc_bytes{std::byte{0x86}, std::byte{0x4f}, std::byte{0xd2},
                                             std::byte{0x6f}, std::byte{0xb5}, std::byte{0x59},
                                             std::byte{0xf7}, std::byte{0x5b}};

BOOST_AUTO_TEST_CASE(the_example_of_the_rfc_goes_both_ways) {
  BOOST_TEST(to_z85(rfc_bytes) == "HelloWorld");
  const auto back = from_z85("HelloWorld");
  BOOST_REQUIRE(back);
  BOOST_TEST(std::equal(back->begin(), back->end(), rfc_bytes.begin(), rfc_bytes.end()));
}

BOOST_AUTO_TEST_CASE(text_that_is_no_z85_is_refused) {
  for (const auto text : {"Hell", "HelloW", "Hel\"o", "Hel o", "#####"})
    BOOST_TEST(!from_z85(text), text);
}

BOOST_AUTO_TEST_CASE(nothing_is_nothing) {
  BOOST_TEST(to_z85({}).empty());
  BOOST_TEST(from_z85("")->empty());
}

BOOST_AUTO_TEST_SUITE_END()
