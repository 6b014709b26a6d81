#include "detect/rule/payload/content.hpp"
#include "detect/rule/payload/variable_names.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset::detect::rule;
using namespace std::string_literals;
using text::errc;
using text::text_cursor;

namespace {

/// "name:value name:value" as modifiers of content "abcd"; the refusal's code, or nothing.
std::optional<errc>
refused(std::initializer_list<std::pair<std::string_view, std::string_view>> modifiers,
        bool negated = false) {
  auto made = *payload::parse_content(text_cursor{negated ? "!\"abcd\"" : "\"abcd\""});
  payload::variable_names variables;
  BOOST_REQUIRE(variables.define(text_cursor{"len"}).has_value());
  for (const auto& [name, value] : modifiers)
    if (const auto read = payload::modify(made, name, text_cursor{value}, variables); !read)
      return read.error().why;
  if (const auto read = payload::check(made, 0); !read)
    return read.error().why;
  return std::nullopt;
}

} // namespace

BOOST_AUTO_TEST_SUITE(a_content)

BOOST_AUTO_TEST_CASE(is_text_hexadecimal_and_escapes) {
  BOOST_CHECK(payload::parse_content(text_cursor{R"("a|0D 0a|b|63|")"})->pattern == "a\r\nbc");
  BOOST_CHECK(payload::parse_content(text_cursor{R"("|00FF|")"})->pattern == "\0\xff"s);
  BOOST_CHECK(payload::parse_content(text_cursor{R"("\"\;\\\:")"})->pattern == "\";\\:");
  const auto negated = payload::parse_content(text_cursor{R"(!"x")"});
  BOOST_CHECK(negated->negated);
}

BOOST_AUTO_TEST_CASE(is_refused_when_it_is_no_bytes) {
  for (const auto* text :
       {"\"\"", "\"|0|\"", "\"|0g|\"", "\"|00\"", "\"a\\n\"", "abc", "\"||\"", "\"a\\\""}) {
    BOOST_TEST_CONTEXT(text) {
      BOOST_CHECK(!payload::parse_content(text_cursor{text}).has_value());
    }
  }
  const auto long_one = "\"" + std::string(payload::content::pattern_limit + 1, 'a') + "\"";
  BOOST_CHECK((payload::parse_content(text_cursor{long_one}).error().why == errc::limit));
}

BOOST_AUTO_TEST_CASE(takes_places_as_numbers_or_variables) {
  BOOST_CHECK(!refused({{"offset", "3"}, {"depth", "len"}}));
  BOOST_CHECK(!refused({{"distance", "-10"}, {"within", "len"}}));
  BOOST_CHECK((refused({{"depth", "nobody"}}) == errc::undefined_variable));
  BOOST_CHECK((refused({{"offset", "-1"}}) == errc::out_of_range));
  BOOST_CHECK((refused({{"distance", "1048577"}}) == errc::out_of_range));
  BOOST_CHECK((refused({{"offset", "1"}, {"offset", "2"}}) == errc::contradiction));
}

BOOST_AUTO_TEST_CASE(is_refused_where_its_places_exclude_each_other) {
  BOOST_CHECK((refused({{"offset", "1"}, {"distance", "2"}}) == errc::contradiction));
  BOOST_CHECK((refused({{"depth", "9"}, {"within", "9"}}) == errc::contradiction));
  BOOST_CHECK((refused({{"depth", "3"}}) == errc::contradiction));
  BOOST_CHECK((refused({{"within", "3"}}) == errc::contradiction));
  BOOST_CHECK((refused({{"startswith", ""}, {"depth", "4"}}) == errc::contradiction));
  BOOST_CHECK((refused({{"startswith", ""}, {"within", "4"}}) == errc::contradiction));
  BOOST_CHECK((refused({{"nocase", "1"}}) == errc::syntax));
  BOOST_CHECK(!refused({{"depth", "4"}}));
}

BOOST_AUTO_TEST_CASE(starts_with_is_offset_0_and_depth_of_its_length) {
  auto made = *payload::parse_content(text_cursor{"\"GET \""});
  BOOST_REQUIRE(payload::modify(made, "startswith", text_cursor{""}, {}).has_value());
  BOOST_REQUIRE(payload::check(made, 0).has_value());
  BOOST_CHECK(made.offset->number == 0);
  BOOST_CHECK(made.depth->number == 4);
  BOOST_CHECK(!made.is_relative());
}

BOOST_AUTO_TEST_CASE(can_be_the_fast_pattern_whole_or_in_part) {
  auto made = *payload::parse_content(text_cursor{"\"aaaaaaaaabc\""});
  BOOST_REQUIRE(payload::modify(made, "fast_pattern", text_cursor{"8, 3"}, {}).has_value());
  BOOST_CHECK(made.part_offset == 8U);
  BOOST_CHECK(made.part_length == 3U);
  BOOST_CHECK(!refused({{"fast_pattern", "only"}}));
  BOOST_CHECK((refused({{"fast_pattern", "2,3"}}) == errc::out_of_range));
  BOOST_CHECK((refused({{"fast_pattern", "x"}}) == errc::number_expected));
  BOOST_CHECK((refused({{"fast_pattern", "only"}, {"offset", "1"}}) == errc::contradiction));
  BOOST_CHECK((refused({{"fast_pattern", "only"}}, true) == errc::contradiction));
  BOOST_CHECK((refused({{"fast_pattern", ""}, {"offset", "1"}}, true) == errc::contradiction));
  BOOST_CHECK(!refused({{"fast_pattern", ""}}, true));
}

BOOST_AUTO_TEST_SUITE_END()
