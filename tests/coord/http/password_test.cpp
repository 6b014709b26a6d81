#include "coord/http/password.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset::coord::http;

BOOST_AUTO_TEST_SUITE(coord_http_password)

BOOST_AUTO_TEST_CASE(a_hash_is_argon2id_and_short_or_endless_passwords_get_none) {
  BOOST_TEST(hash_password("123456789012").value().starts_with("$argon2id$v=19$m=65536,t=2,p=1$"));
  BOOST_TEST(!hash_password("12345678901"));
  BOOST_TEST(!hash_password(std::string(password_limit_bytes + 1, 'x')));
}

BOOST_AUTO_TEST_CASE(a_password_fits_its_own_hash_and_no_other) {
  const auto hash = hash_password("correct horse").value();
  BOOST_TEST(fits_password("correct horse", hash));
  BOOST_TEST(!fits_password("correct horses", hash));
  BOOST_TEST(!fits_password("", hash));
  BOOST_TEST(!fits_password("correct horse", ""));
  BOOST_TEST(!fits_password("correct horse", "$argon2id$none"));
  BOOST_TEST(!fits_password(std::string(1'000'000, 'x'), hash));
}

BOOST_AUTO_TEST_CASE(what_everybody_would_try_first_is_weak) {
  BOOST_TEST(!why_weak("correct horse", "ann"));
  BOOST_TEST(why_weak("aNN is my name", "ann").has_value());
  BOOST_TEST(why_weak("aaaaaaaaaaaa", "bob").has_value());
  BOOST_TEST(why_weak("121212121212", "bob").has_value());
  BOOST_TEST(!why_weak("a correct horse", "a"));
}

BOOST_AUTO_TEST_SUITE_END()
