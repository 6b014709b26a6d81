#include "detect/proto/dns/record_type.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset::detect::proto::dns;

BOOST_AUTO_TEST_SUITE(dns_record_type)

BOOST_AUTO_TEST_CASE(types_and_codes_have_the_names_of_the_registry) {
  BOOST_TEST(record_type_name(1) == "A");
  BOOST_TEST(record_type_name(65) == "HTTPS");
  BOOST_TEST(record_type_name(255) == "ANY");
  BOOST_TEST(record_type_name(32769) == "DLV");
  BOOST_TEST(rcode_name(3) == "NXDOMAIN");
}
BOOST_AUTO_TEST_CASE(numbers_without_a_name_have_none) {
  BOOST_TEST(record_type_name(0).empty());
  BOOST_TEST(record_type_name(65535).empty());
  BOOST_TEST(rcode_name(15).empty());
}

BOOST_AUTO_TEST_SUITE_END()
