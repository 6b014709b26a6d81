#include "coord/signed/digest.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset::coord::signed_;

BOOST_AUTO_TEST_SUITE(digest_sha_256)

BOOST_AUTO_TEST_CASE(the_vectors_of_fips_180_hold) {
  BOOST_TEST(digest::of("").hex() ==
             "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  BOOST_TEST(digest::of("abc").hex() ==
             "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

BOOST_AUTO_TEST_CASE(hex_reads_back_and_only_in_its_one_form) {
  const auto made = digest::of("abc");
  const auto read = digest::parse(made.hex());
  BOOST_REQUIRE(read.has_value());
  BOOST_TEST((*read == made));
  BOOST_TEST(!digest::parse("BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD"));
  BOOST_TEST(!digest::parse(made.hex().substr(1)));
  BOOST_TEST(!digest::parse(made.hex() + "0"));
  BOOST_TEST(!digest::parse(std::string(64, 'g')));
}

BOOST_AUTO_TEST_SUITE_END()
