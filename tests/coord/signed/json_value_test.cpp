#include "coord/signed/json_value.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset::coord::signed_;

BOOST_AUTO_TEST_SUITE(json_value_tree)

BOOST_AUTO_TEST_CASE(members_are_found_whatever_their_order) {
  const json_value value = json_value::object{{"b", 2}, {"a", "x"}, {"c", true}};
  BOOST_TEST(value.text_of("a").value_or("") == "x");
  BOOST_TEST(value.whole_of("b").value_or(0) == 2U);
  BOOST_TEST((value.find("d") == nullptr));
  BOOST_TEST(!value.text_of("b").has_value());
}

BOOST_AUTO_TEST_CASE(setting_a_member_adds_or_replaces_it) {
  json_value value = json_value::empty_object();
  value.set("b", 1);
  value.set("a", 2);
  value.set("b", 3);
  BOOST_TEST(value.members()->size() == 2U);
  BOOST_TEST(value.members()->front().name == "a");
  BOOST_TEST(value.whole_of("b").value_or(0) == 3U);
}

BOOST_AUTO_TEST_CASE(only_whole_numbers_that_a_double_tells_apart_are_whole) {
  BOOST_TEST(json_value{9007199254740991.0}.whole().value_or(0) == 9007199254740991U);
  BOOST_TEST(!json_value{9007199254740992.0}.whole().has_value());
  BOOST_TEST(!json_value{1.5}.whole().has_value());
  BOOST_TEST(!json_value{-1}.whole().has_value());
  BOOST_TEST(!json_value{"1"}.whole().has_value());
}

BOOST_AUTO_TEST_CASE(names_are_ordered_by_utf16_code_units) {
  BOOST_TEST(utf16_less("a", "ab"));
  BOOST_TEST(!utf16_less("ab", "a"));
  BOOST_TEST(!utf16_less("a", "a"));
  BOOST_TEST(utf16_less("", "a"));
  BOOST_TEST(utf16_less("\xd0\xb0", "\xe2\x82\xac")); // U+0430 < U+20AC
  // U+1F600 is D83D DE00 in UTF-16, below U+FB33 and U+E000, though its UTF-8 bytes are greater.
  BOOST_TEST(utf16_less("\xf0\x9f\x98\x80", "\xef\xac\xb3"));
  BOOST_TEST(utf16_less("\xf0\x9f\x98\x80", "\xee\x80\x80"));
  BOOST_TEST(!utf16_less("\xef\xac\xb3", "\xf0\x9f\x98\x80"));
  BOOST_TEST(utf16_less("\xed\x9f\xbf", "\xf0\x9f\x98\x80")); // U+D7FF stays below the surrogates
}

BOOST_AUTO_TEST_SUITE_END()
