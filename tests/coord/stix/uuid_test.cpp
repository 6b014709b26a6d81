#include "coord/stix/uuid.hpp"

#include <boost/test/unit_test.hpp>

using cresset::coord::stix::uuid;

BOOST_AUTO_TEST_SUITE(uuid_forms)

BOOST_AUTO_TEST_CASE(the_version_5_vector_of_rfc_9562_holds) {
  const auto dns = uuid::parse("6ba7b810-9dad-11d1-80b4-00c04fd430c8");
  BOOST_REQUIRE(dns.has_value());
  BOOST_TEST(uuid::from_name(*dns, "www.example.com").to_string() ==
             "2ed6657d-e927-568b-95e1-2665a8aea6a2");
}

BOOST_AUTO_TEST_CASE(random_ones_differ_and_carry_version_and_variant) {
  const auto a = uuid::random().to_string();
  BOOST_TEST(a != uuid::random().to_string());
  BOOST_TEST(a[14] == '4');
  BOOST_TEST(std::string{"89ab"}.find(a[19]) != std::string::npos);
  BOOST_TEST((uuid::parse(a).has_value()));
}

BOOST_AUTO_TEST_CASE(other_forms_are_refused) {
  for (const auto* text :
       {"", "6BA7B810-9dad-11d1-80b4-00c04fd430c8", "6ba7b8109dad11d180b400c04fd430c8",
        "6ba7b810-9dad-11d1-80b4-00c04fd430c", "6ba7b810-9dad-11d1-80b4-00c04fd430c8 ",
        "6ba7b810+9dad-11d1-80b4-00c04fd430c8"})
    BOOST_TEST(!uuid::parse(text).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
