#include "detect/rule/classification.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset::detect::rule;

BOOST_AUTO_TEST_SUITE(configuration_of_classes_and_references)

BOOST_AUTO_TEST_CASE(gives_classes_their_words_and_priorities) {
  classifications made;
  const auto refused = made.load_text(
      "# a comment\n\nconfig classification: bad-unknown,Potentially Bad Traffic, 2\r\n"
      "config classification: Bad-Unknown,Again,1\n");
  BOOST_CHECK(refused.empty() && made.size() == 1);
  BOOST_REQUIRE(made.find("Bad-unknown") != nullptr);
  BOOST_CHECK(made.find("bad-unknown")->description == "Potentially Bad Traffic");
  BOOST_CHECK(made.find("bad-unknown")->priority == 2);
  BOOST_CHECK(made.find("frob") == nullptr);
}

BOOST_AUTO_TEST_CASE(links_references) {
  reference_systems made;
  BOOST_CHECK(
      made.load_text(
              "config reference: url       https://\nconfig reference: McAfee \t https://v/\n")
          .empty());
  BOOST_CHECK(made.link("URL", "x.org/1") == "https://x.org/1");
  BOOST_CHECK(made.link("mcafee", "7") == "https://v/7");
  BOOST_CHECK(made.link("frob", "7").empty());
}

BOOST_AUTO_TEST_CASE(refuses_lines_that_are_neither) {
  classifications classes;
  const auto refused =
      classes.load_text("frob\nconfig reference: a b\nconfig classification: a,b\n"
                        "config classification: a,b,0\nconfig classification: ,b,1\n");
  BOOST_CHECK(refused.size() == 5 && refused[1].offset == 5);
  BOOST_CHECK(reference_systems{}.load_text("config reference: a\n").size() == 1);
}

BOOST_AUTO_TEST_SUITE_END()
