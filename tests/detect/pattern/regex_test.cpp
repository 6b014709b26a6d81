#include "detect/pattern/regex.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset;
using namespace cresset::detect::pattern;

namespace {

/// "begin-end" of the first match, or "none".
std::string found(std::string_view expression, std::string_view text, std::size_t start = 0,
                  bool anchored = false, regex_options options = {}) {
  const auto made = regex::compile(expression, options);
  BOOST_REQUIRE(made);
  regex_matcher with;
  const auto match = with.match(*made, as_bytes(text), start, anchored);
  return match ? std::to_string(match->begin) + "-" + std::to_string(match->end) : "none";
}

} // namespace

BOOST_AUTO_TEST_SUITE(a_regex)

BOOST_AUTO_TEST_CASE(matches_from_where_it_is_told) {
  BOOST_CHECK(found("b+", "abbab") == "1-3");
  BOOST_CHECK(found("b+", "abbab", 3) == "4-5");
  BOOST_CHECK(found("b+", "abbab", 3, true) == "none");
  BOOST_CHECK(found("b+", "abbab", 4, true) == "4-5");
  BOOST_CHECK(found("(?<=a)b", "abbab", 1) == "1-2");
  BOOST_CHECK(found("a", "a", 2) == "none");
  BOOST_CHECK(found("^$", "") == "0-0");
}

BOOST_AUTO_TEST_CASE(does_what_its_flags_say) {
  BOOST_CHECK(found("ab", "xAB", 0, false, {.caseless = true}) == "1-3");
  BOOST_CHECK(found("a.b", "a\nb") == "none");
  BOOST_CHECK(found("a.b", "a\nb", 0, false, {.dot_all = true}) == "0-3");
  BOOST_CHECK(found("^b", "a\nb", 0, false, {.multiline = true}) == "2-3");
  BOOST_CHECK(found("b", "ab", 0, false, {.anchored = true}) == "none");
  BOOST_CHECK(found("a b", "ab", 0, false, {.extended = true}) == "0-2");
  BOOST_CHECK(found("a$", "a\n") == "0-1");
  BOOST_CHECK(found("a$", "a\n", 0, false, {.dollar_end_only = true}) == "none");
  BOOST_CHECK(found("a+", "aaa", 0, false, {.ungreedy = true}) == "0-1");
}

BOOST_AUTO_TEST_CASE(takes_bytes_for_bytes) {
  using namespace std::string_view_literals;
  BOOST_CHECK(found("\\xff\\x00", "\x80\xff\0"sv) == "1-3");
  BOOST_CHECK(!regex::compile("(*UTF)a"));
}

BOOST_AUTO_TEST_CASE(captures_groups) {
  const auto made = regex::compile("(a)|(b)(c)?");
  BOOST_REQUIRE(made && made->captures() == 3 && made->is_jit());
  regex_matcher with;
  BOOST_REQUIRE(with.match(*made, as_bytes("xbc")));
  BOOST_CHECK(!with.group(1) && with.group(2)->begin == 1 && with.group(3)->end == 3);
  BOOST_CHECK(!with.match(*made, as_bytes("x")) && !with.group(0));
}

BOOST_AUTO_TEST_CASE(gives_up_at_its_limit_and_counts_it) {
  const auto made = regex::compile("(a+)+$");
  BOOST_REQUIRE(made);
  regex_matcher with;
  BOOST_CHECK(!with.match(*made, as_bytes(std::string(200, 'a') + "b")));
  BOOST_CHECK(with.limit_hits() == 1 && with.failures() == 0);
  BOOST_CHECK(with.match(*made, as_bytes("aaa")).has_value());
}

BOOST_AUTO_TEST_CASE(is_refused_with_the_place_that_is_wrong) {
  const auto made = regex::compile("a(b");
  BOOST_REQUIRE(!made);
  BOOST_CHECK(made.error().offset == 3 && !made.error().reason.empty());
}

BOOST_AUTO_TEST_SUITE_END()
