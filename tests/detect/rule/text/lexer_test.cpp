#include "detect/rule/text/lexer.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace cresset::detect::rule::text;

BOOST_AUTO_TEST_SUITE(the_cut_of_a_rule)

BOOST_AUTO_TEST_CASE(gives_header_words_and_options_with_their_places) {
  const std::string rule =
      R"(alert tcp [1.2.3.4, !1.2.3.5] any -> $X [80, 90] ( msg : "a\; b" ; nocase; sid:1;))";
  const auto made = cut(rule);
  BOOST_REQUIRE(made.has_value());
  BOOST_REQUIRE(made->header.size() == 7U);
  BOOST_CHECK(made->header[2].text == "[1.2.3.4, !1.2.3.5]");
  BOOST_CHECK(made->header[6].text == "[80, 90]");
  BOOST_REQUIRE(made->options.size() == 3U);
  BOOST_CHECK(made->options[0].name == "msg");
  BOOST_CHECK(made->options[0].value == R"("a\; b")");
  BOOST_CHECK(rule.substr(made->options[0].value_at, 2) == "\"a");
  BOOST_CHECK(!made->options[1].has_value);
  BOOST_CHECK(rule.substr(made->options[2].name_at) == "sid:1;)");
}

BOOST_AUTO_TEST_CASE(does_not_mind_a_lone_quote) {
  const auto made = cut(R"(alert ip any any -> any any (pcre:"/^["']?post/Ri"; sid:2;))");
  BOOST_REQUIRE(made.has_value());
  BOOST_CHECK(made->options.size() == 2U);
}

BOOST_AUTO_TEST_CASE(needs_no_blank_before_the_parenthesis) {
  BOOST_CHECK(cut("alert ip any any -> any any(sid:1;)").has_value());
}

BOOST_AUTO_TEST_CASE(is_refused_for_a_broken_frame) {
  for (const auto* text :
       {"", "alert", "alert ip any any -> any (sid:1;)", "alert ip any any -> any any sid:1;",
        "alert ip any any -> any any (sid:1;", "alert ip any any -> any any (sid:1)",
        "alert ip any any -> any any extra (sid:1;)", "alert ip [any any -> any any (sid:1;)",
        "alert ip any any -> any any (;)", "alert ip any any -> any any ()"}) {
    BOOST_TEST_CONTEXT(text) {
      BOOST_CHECK(!cut(text).has_value());
    }
  }
  using namespace std::string_literals;
  BOOST_CHECK(!cut("alert ip any any -> any any (msg:\"\0\"; sid:1;)"s).has_value());
}

BOOST_AUTO_TEST_CASE(is_refused_over_its_limits) {
  const std::string head = "alert ip any any -> any any (";
  std::string many = head;
  for (std::size_t i = 0; i <= option_limit; ++i)
    many += "nocase;";
  BOOST_CHECK((cut(many + ")").error().why == errc::limit));
  BOOST_CHECK((cut(head + std::string(rule_limit_bytes, 'a') + ";)").error().why == errc::limit));
}

BOOST_AUTO_TEST_CASE(leaves_quotes_and_their_negation_to_unquote) {
  const auto made = unquote(R"(! "a\"b")", 10);
  BOOST_REQUIRE(made.has_value());
  BOOST_CHECK(made->negated);
  BOOST_CHECK(made->text == R"(a\"b)");
  BOOST_CHECK(made->at == 13U);
  for (const auto* text : {"", "\"", "a", "\"a", "!!\"a\""})
    BOOST_CHECK(!unquote(text, 0).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
