#include "coord/people/credential.hpp"

#include <boost/test/unit_test.hpp>

#include <cctype>

using namespace cresset::coord::people;

BOOST_AUTO_TEST_SUITE(coord_people_credential)

BOOST_AUTO_TEST_CASE(tokens_have_a_form_a_prefix_and_a_hash_of_their_own) {
  const auto token = random_token();
  BOOST_TEST(token.size() == token_characters);
  BOOST_TEST(is_token(token));
  BOOST_TEST(token.starts_with(prefix_of_token(token)));
  BOOST_TEST(prefix_of_token(token).size() < 12U);
  BOOST_TEST(token != random_token());
  BOOST_TEST((hash_of_token(token) == hash_of_token(token)));
  BOOST_TEST((hash_of_token(token) != hash_of_token(random_token())));
}

BOOST_AUTO_TEST_CASE(other_texts_are_no_tokens) {
  const auto token = random_token();
  for (const auto& wrong :
       {std::string{}, token + "A", token.substr(1), "CST_" + token.substr(4),
        token.substr(0, 46) + "=", token.substr(0, 46) + '\0', std::string(47, 'c')})
    BOOST_TEST(!is_token(wrong), wrong);
}

BOOST_AUTO_TEST_CASE(a_recovery_code_is_read_as_people_type_it) {
  const auto code = random_recovery_code();
  BOOST_TEST(code.size() == 11U);
  BOOST_TEST(recovery_code_from(code).value() == code);
  std::string typed = " " + code.substr(0, 5) + code.substr(6);
  for (auto& c : typed)
    c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  BOOST_TEST(recovery_code_from(typed).value() == code);
  for (const auto& wrong :
       {std::string{}, std::string{"123456"}, code + "a", code.substr(1),
        std::string{"abcde-fghi1"}, std::string(10'000, 'a'), std::string{"abcde\0fghij", 11}})
    BOOST_TEST(!recovery_code_from(wrong));
}

BOOST_AUTO_TEST_CASE(a_fingerprint_is_64_digits_with_or_without_colons) {
  std::string colons;
  for (int i = 0; i < 32; ++i)
    colons += (i == 0 ? "" : ":") + std::string{"AB"};
  std::string plain;
  for (int i = 0; i < 32; ++i)
    plain += "ab";
  BOOST_TEST(fingerprint_from(colons).value() == plain);
  BOOST_TEST(fingerprint_from(plain).value() == plain);
  for (const auto& wrong : {std::string{}, plain + "a", plain.substr(2), "g" + plain.substr(1)})
    BOOST_TEST(!fingerprint_from(wrong));
}

BOOST_AUTO_TEST_SUITE_END()
