#include "detect/rule/payload/pcre.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset::detect::rule;
using text::text_cursor;

BOOST_AUTO_TEST_SUITE(a_pcre)

BOOST_AUTO_TEST_CASE(is_cut_into_expression_and_flags) {
  const auto made = payload::parse_pcre(text_cursor{R"(!"/^\/a/b[0-9]{6}\x22/smiURG")"});
  BOOST_REQUIRE(made.has_value());
  BOOST_CHECK(made->pattern == R"(^\/a/b[0-9]{6}\x22)");
  BOOST_CHECK(made->negated);
  BOOST_CHECK(made->caseless);
  BOOST_CHECK(made->multiline);
  BOOST_CHECK(made->dot_all);
  BOOST_CHECK(made->relative);
  BOOST_CHECK(made->ungreedy);
  BOOST_CHECK(!made->extended);
  BOOST_CHECK(made->buffer == "http.uri");
}

BOOST_AUTO_TEST_CASE(names_what_its_groups_capture) {
  const auto made = payload::parse_pcre(text_cursor{
      R"("/([a-z]+)\/[a-z]+\/(.+)\/changelog$/GUR, flow:ua/ubuntu/repo,pkt:ua/x , alert:y")"});
  BOOST_REQUIRE(made.has_value());
  BOOST_CHECK(made->pattern == R"(([a-z]+)\/[a-z]+\/(.+)\/changelog$)");
  BOOST_REQUIRE(made->captures.size() == 3U);
  BOOST_CHECK((made->captures[0].where == payload::pcre::scope::flow));
  BOOST_CHECK(made->captures[0].name == "ua/ubuntu/repo");
  BOOST_CHECK((made->captures[1].where == payload::pcre::scope::packet));
  BOOST_CHECK(made->captures[1].name == "ua/x");
}

BOOST_AUTO_TEST_CASE(may_hold_the_words_of_captures_in_its_expression) {
  const auto made = payload::parse_pcre(text_cursor{R"("/a, flow:b/i")"});
  BOOST_REQUIRE(made.has_value());
  BOOST_CHECK(made->pattern == "a, flow:b");
  BOOST_CHECK(made->captures.empty());
}

BOOST_AUTO_TEST_CASE(is_refused_when_broken) {
  for (const auto* text : {"\"\"", "\"/\"", "\"//\"", "\"/a\"", "\"a/\"", "/a/", "\"/a/q\"",
                           "\"/a/UP\"", "\"/a/, flow:\"", "!\"/(a)/, flow:x\""}) {
    BOOST_TEST_CONTEXT(text) {
      BOOST_CHECK(!payload::parse_pcre(text_cursor{text}).has_value());
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
