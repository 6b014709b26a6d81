#include "coord/incident/explanation.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset::coord::incident;

namespace {

const explanation example{
    {"rule", {{"rule", "severe"}, {"because_en", "It is grave"}, {"because_ru", "Это серьёзно"}}},
    {"alerts_reached", {{"count", "12"}, {"needed", "10"}}}};

} // namespace

BOOST_AUTO_TEST_SUITE(coord_incident_explanation)

BOOST_AUTO_TEST_CASE(codes_and_values_become_words_in_both_languages) {
  BOOST_TEST(render(example, language::en) ==
             "It is grave (severe); 12 alerts, of 10 that are enough");
  BOOST_TEST(render(example, language::ru) ==
             "Это серьёзно (severe); срабатываний: 12, достаточно 10");
}

BOOST_AUTO_TEST_CASE(a_code_of_a_newer_program_is_shown_as_it_stands) {
  BOOST_TEST(render({{"moon", {{"phase", "full"}}}}, language::ru) == "moon phase=full");
}

BOOST_AUTO_TEST_CASE(a_value_that_looks_like_a_place_is_left_alone) {
  const reason tricky{"reason_given", {{"text", "{text} {by"}}};
  BOOST_TEST(render(tricky, language::en) == "{text} {by");
}

BOOST_AUTO_TEST_CASE(what_is_written_is_read_again_and_anything_else_is_refused) {
  const auto read = explanation_from(to_json(example));
  BOOST_REQUIRE(read);
  BOOST_TEST((*read == example));
  BOOST_TEST(explanation_from("[]")->empty());
  for (const auto* const wrong :
       {"", "{}", "[1]", R"([{"code":"a"}])", R"([{"code":1,"values":{}}])",
        R"([{"code":"a","values":{"b":1}}])", R"([{"code":"a","values":[]}])"})
    BOOST_TEST(!explanation_from(wrong), wrong);
  std::string many = "[";
  for (std::size_t i = 0; i <= reasons_limit; ++i)
    many += R"({"code":"a","values":{}},)";
  many.back() = ']';
  BOOST_TEST(!explanation_from(many));
}

BOOST_AUTO_TEST_CASE(languages_are_known_by_the_head_of_their_tag) {
  BOOST_TEST((language_from("ru-RU") == language::ru));
  BOOST_TEST((language_from("en") == language::en));
  for (const auto* const other : {"", "r", "rus", "de", "e"})
    BOOST_TEST(!language_from(other), other);
}

BOOST_AUTO_TEST_SUITE_END()
