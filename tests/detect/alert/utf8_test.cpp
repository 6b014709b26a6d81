#include "detect/alert/utf8.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(utf8_texts)

using namespace cresset::detect::alert;

BOOST_AUTO_TEST_CASE(characters_of_every_length_are_clean) {
  BOOST_TEST(is_clean_utf8("a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"));
  BOOST_TEST(is_clean_utf8(""));
}

BOOST_AUTO_TEST_CASE(overlong_surrogate_too_high_and_cut_forms_are_not) {
  for (const auto text : {"\xc0\x80", "\xe0\x80\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xf8",
                          "\x80", "\xc3", "\xe2\x82"})
    BOOST_TEST(!is_clean_utf8(text));
  BOOST_TEST(!is_clean_utf8(std::string_view{"a\0", 2}));
}

BOOST_AUTO_TEST_CASE(a_text_is_cut_between_characters) {
  BOOST_TEST(to_clean_utf8("ab\xe2\x82\xac", 4) == "ab");
  BOOST_TEST(to_clean_utf8("ab\xe2\x82\xac", 5) == "ab\xe2\x82\xac");
}

BOOST_AUTO_TEST_CASE(wrong_bytes_become_question_marks) {
  BOOST_TEST(to_clean_utf8(std::string_view{"\xff\0x", 3}, 10) == "??x");
}

BOOST_AUTO_TEST_SUITE_END()
