#include "coord/http/response.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset::coord::http;

BOOST_AUTO_TEST_SUITE(coord_http_response)

BOOST_AUTO_TEST_CASE(a_problem_says_what_and_which_member) {
  const auto p = problem(400, "severity \"x\" is no number", "severity");
  BOOST_TEST(p.status == 400U);
  BOOST_TEST(p.content_type == "application/problem+json");
  BOOST_TEST(p.body == R"({"type":"about:blank","title":"Bad Request","status":400,)"
                       R"("detail":"severity \"x\" is no number","member":"severity"})");
}

BOOST_AUTO_TEST_CASE(no_content_has_neither_body_nor_type) {
  const auto r = no_content();
  BOOST_TEST(r.status == 204U);
  BOOST_TEST(r.body.empty());
  BOOST_TEST(r.content_type.empty());
}

BOOST_AUTO_TEST_CASE(every_status_we_send_has_its_words) {
  for (const unsigned s : {200, 201, 204, 304, 400, 401, 403, 404, 405, 408,
                           409, 413, 414, 415, 422, 426, 429, 431, 500, 503})
    BOOST_TEST(status_text(s) != "Unknown");
  BOOST_TEST(status_text(299) == "Unknown");
}

BOOST_AUTO_TEST_SUITE_END()
