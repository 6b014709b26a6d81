#include "detect/rule/text/text_cursor.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset::detect::rule::text;

BOOST_AUTO_TEST_SUITE(a_text_cursor)

BOOST_AUTO_TEST_CASE(takes_words_numbers_and_what_is_expected) {
  text_cursor in{"track by_src, 0x1F -7 tail"};
  BOOST_CHECK(in.skip("track"));
  BOOST_CHECK(!in.skip("track"));
  in.skip_blanks();
  BOOST_CHECK(in.word() == "by_src");
  BOOST_CHECK(in.skip(","));
  in.skip_blanks();
  BOOST_CHECK(*in.number() == 31U);
  in.skip_blanks();
  BOOST_CHECK(*in.signed_number() == -7);
  BOOST_CHECK(!in.number().has_value());
  BOOST_CHECK(in.rest() == " tail");
}

BOOST_AUTO_TEST_CASE(knows_where_a_part_lies_in_the_whole) {
  text_cursor in{"a,  b ,c", 100};
  BOOST_CHECK(in.until(',').rest() == "a");
  const auto second = in.until(',');
  BOOST_CHECK(second.rest() == "b");
  BOOST_CHECK(second.position() == 104U);
  BOOST_CHECK(second.fail(errc::syntax, "x").error().offset == 104U);
  BOOST_CHECK(in.until(',').rest() == "c");
  BOOST_CHECK(in.empty());
}

BOOST_AUTO_TEST_CASE(refuses_numbers_that_do_not_fit) {
  BOOST_CHECK(*text_cursor{"18446744073709551615"}.number() == UINT64_MAX);
  BOOST_CHECK(!text_cursor{"18446744073709551616"}.number().has_value());
  BOOST_CHECK(!text_cursor{"9223372036854775808"}.signed_number().has_value());
  BOOST_CHECK(!text_cursor{"0x"}.number().has_value());
  BOOST_CHECK(*text_cursor{"4.14"}.fraction() == 4.14);
  BOOST_CHECK(!text_cursor{"-1"}.fraction().has_value());
}

BOOST_AUTO_TEST_CASE(splits_a_list_up_to_its_limit) {
  const auto pieces = split(text_cursor{" a , b,,"}, ',');
  BOOST_REQUIRE(pieces.has_value());
  BOOST_REQUIRE(pieces->size() == 4U);
  BOOST_CHECK((*pieces)[1].rest() == "b");
  BOOST_CHECK((*pieces)[3].rest() == "");
  BOOST_CHECK((split(text_cursor{"1,2,3"}, ',', 2).error().why == errc::limit));
}

BOOST_AUTO_TEST_CASE(compares_without_case) {
  BOOST_CHECK(equals_caseless("HTTP_Uri", "http_uri"));
  BOOST_CHECK(!equals_caseless("http", "https"));
  BOOST_CHECK(lower("ÄbC") == "Äbc");
}

BOOST_AUTO_TEST_SUITE_END()
