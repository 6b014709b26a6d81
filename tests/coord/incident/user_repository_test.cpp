#include "coord/incident/user_repository.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset::coord::incident;

BOOST_AUTO_TEST_SUITE(coord_incident_user)

BOOST_AUTO_TEST_CASE(a_login_is_lower_case_and_short) {
  BOOST_TEST(is_login("a.karimov-2"));
  for (const auto* const text : {"", "Admin", "two words", "x/y", "п"})
    BOOST_TEST(!is_login(text));
  BOOST_TEST(!is_login(std::string(65, 'a')));
}

BOOST_AUTO_TEST_CASE(roles_read_back) {
  for (std::size_t i = 0; i < user_role_count; ++i)
    BOOST_TEST((user_role_from(to_string(static_cast<user_role>(i))) == static_cast<user_role>(i)));
  BOOST_TEST((user_role_from("operator") == user_role::system_operator));
  BOOST_TEST((user_role_from("shift_lead") == user_role::shift_lead));
  BOOST_TEST((user_role_from("administrator") == user_role::administrator));
  BOOST_TEST(!user_role_from("root"));
}

BOOST_AUTO_TEST_SUITE_END()
