#include "coord/api/store_answer.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset::coord;
using incident::store_errc;

BOOST_AUTO_TEST_SUITE(coord_api_store_answer)

BOOST_AUTO_TEST_CASE(each_refusal_of_the_store_has_its_status) {
  const std::pair<store_errc, unsigned> all[] = {
      {store_errc::not_found, 404}, {store_errc::stale, 409},       {store_errc::refused, 422},
      {store_errc::fenced, 503},    {store_errc::unavailable, 503}, {store_errc::broken, 500}};
  for (const auto& [why, status] : all)
    BOOST_TEST(api::answer_to({why, "text"}).status == status);
}

BOOST_AUTO_TEST_CASE(a_broken_store_keeps_its_words_to_the_log) {
  BOOST_TEST(api::answer_to({store_errc::broken, "secret"}).body.find("secret") ==
             std::string::npos);
  BOOST_TEST(api::answer_to({store_errc::refused, "the rule"}).body.find("the rule") !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(who_comes_while_the_database_is_away_is_told_when_to_come_again) {
  const auto answer = api::answer_to({store_errc::unavailable, "the database does not answer"});
  BOOST_REQUIRE(answer.headers.size() == 1U);
  BOOST_TEST(answer.headers[0].name == "Retry-After");
}

BOOST_AUTO_TEST_SUITE_END()
