#include "coord/api/roles.hpp"

#include "coord/api/openapi.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include <set>

using namespace cresset::coord;
using http::right;
using incident::user_role;

BOOST_AUTO_TEST_SUITE(coord_api_roles)

BOOST_AUTO_TEST_CASE(the_description_carries_the_same_matrix) {
  const auto document = boost::json::parse(api::openapi_document()).as_object();
  const auto& told = document.at("x-roles").as_object();
  BOOST_TEST(told.size() == api::role_matrix.size());
  for (const auto& row : api::role_matrix) {
    const std::string role{to_string(row.role)};
    http::right_set rights;
    for (const auto& word : told.at(role).as_array()) {
      const auto one = http::right_from(word.as_string());
      BOOST_REQUIRE_MESSAGE(one, word.as_string());
      rights = http::right_set::of_bits(rights.bits() | http::right_set{*one}.bits());
    }
    BOOST_TEST((rights == row.rights), role);
  }
}

BOOST_AUTO_TEST_CASE(every_role_stands_in_the_matrix_once) {
  std::set<user_role> seen;
  for (const auto& row : api::role_matrix)
    seen.insert(row.role);
  BOOST_TEST(seen.size() == incident::user_role_count);
  BOOST_TEST(api::rights_of(static_cast<user_role>(99)).is_empty());
}

BOOST_AUTO_TEST_CASE(duties_are_parted) {
  // An operator works on no incident, an auditor changes nothing, a partner sees nothing of ours,
  // and none but an administrator gives rights.
  BOOST_TEST(!api::rights_of(user_role::system_operator).has(right::writer));
  BOOST_TEST(!api::rights_of(user_role::auditor).has(right::writer));
  BOOST_TEST(!api::rights_of(user_role::auditor).has(right::maintainer));
  BOOST_TEST(!api::rights_of(user_role::partner).has(right::reader));
  for (const auto& row : api::role_matrix)
    BOOST_TEST(row.rights.has(right::administrator) == (row.role == user_role::administrator));
}

BOOST_AUTO_TEST_CASE(one_word_says_the_strongest) {
  BOOST_TEST(api::word_for(api::rights_of(user_role::administrator)) == "administrator");
  BOOST_TEST(api::word_for(api::rights_of(user_role::shift_lead)) == "lead");
  BOOST_TEST(api::word_for(api::rights_of(user_role::system_operator)) == "reader");
  BOOST_TEST(api::word_for(api::rights_of(user_role::partner)) == "member");
}

BOOST_AUTO_TEST_SUITE_END()
