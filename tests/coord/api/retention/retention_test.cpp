#include "coord/api/retention/retention.hpp"

#include "coord/api/openapi.hpp"
#include "coord/store/retention/retention_store.hpp"
#include "tests/coord/api/api_fixture.hpp"
#include "tests/support/openapi_routes.hpp"

using namespace cresset;
using namespace cresset::coord;

namespace {

struct fixture : tests::api_fixture {
  store::retention::retention_store kept{pool};
  http::router own;
  http::identity ann = analyst();
  http::identity leo = account("leo", incident::user_role::shift_lead);
  http::identity ada = account("ada", incident::user_role::administrator);

  fixture() {
    for (auto* to : {&router, &own})
      api::retention::install_retention(*to, {kept, {}});
    send({alert_from(1)});
  }
  std::string group() { return text("SELECT max(id) FROM alert_group"); }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(coord_api_retention_retention, fixture)

BOOST_AUTO_TEST_CASE(the_description_and_the_routes_agree) {
  BOOST_TEST(tests::described_routes(api::openapi_of("retention")) == tests::installed_routes(own),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_policy_is_told_class_by_class) {
  const auto classes = json(get("/api/v1/retention", ann)).at("classes").as_array();
  BOOST_REQUIRE(classes.size() == 6U);
  BOOST_TEST(classes[0].at("class").as_string() == "evidence");
  BOOST_TEST(classes[0].at("keep_days").as_int64() == 14);
  BOOST_TEST(classes[0].at("last_run").is_null());
}

BOOST_AUTO_TEST_CASE(a_lead_places_and_lifts_a_hold_and_an_analyst_does_not) {
  const auto body = R"({"group":)" + group() + R"(,"reason":"the court asks"})";
  BOOST_TEST(post("/api/v1/holds", body, ann).status == 403U);
  const auto placed = post("/api/v1/holds", body, leo);
  BOOST_REQUIRE_MESSAGE(placed.status == 201U, placed.body);
  const auto id = std::to_string(json(placed).at("id").as_int64());
  BOOST_TEST(json(placed).at("placed_by").as_string() == "leo");
  BOOST_TEST(json(get("/api/v1/holds", ann)).at("holds").as_array().size() == 1U);
  BOOST_TEST(post("/api/v1/erasures", R"({"alert_evidence":1,"reason":"x"})", ada).status == 422U);
  BOOST_TEST(post("/api/v1/holds/" + id + "/lift", R"({"reason":"over"})", leo).status == 200U);
  BOOST_TEST(post("/api/v1/holds/" + id + "/lift", R"({"reason":"over"})", leo).status == 422U);
  BOOST_TEST(post("/api/v1/holds/77/lift", R"({"reason":"over"})", leo).status == 404U);
  BOOST_TEST(json(get("/api/v1/holds", ann)).at("holds").as_array().empty());
  BOOST_TEST(json(get("/api/v1/holds?lifted=true", ann)).at("holds").as_array().size() == 1U);
}

BOOST_AUTO_TEST_CASE(bodies_that_make_no_sense_are_refused) {
  for (const auto* const body :
       {"{}", R"({"reason":"x"})", R"({"group":1,"incident":1,"reason":"x"})",
        R"({"group":0,"reason":"x"})", R"({"group":1,"reason":""})",
        R"({"group":"1","reason":"x"})", R"({"group":1,"reason":"x","more":1})", "[]", "{"}) {
    BOOST_TEST_CONTEXT(body) {
      const auto status = post("/api/v1/holds", body, leo).status;
      BOOST_TEST((status == 400U || status == 422U));
    }
  }
  BOOST_TEST(post("/api/v1/holds", R"({"group":999999,"reason":"x"})", leo).status == 404U);
  BOOST_TEST(get("/api/v1/holds?before=x", ann).status >= 400U);
  BOOST_TEST(get("/api/v1/alerts/0/custody", ann).status == 404U);
}

BOOST_AUTO_TEST_CASE(an_erasure_is_for_administrators_and_names_its_entry) {
  const char* const body = R"({"alert_evidence":1,"reason":"asked by the person"})";
  BOOST_TEST(post("/api/v1/erasures", body, leo).status == 403U);
  const auto done = post("/api/v1/erasures", body, ada);
  BOOST_REQUIRE_MESSAGE(done.status == 201U, done.body);
  BOOST_TEST(json(done).at("journal").as_int64() > 0);
  BOOST_TEST(post("/api/v1/erasures", body, ada).status == 404U);
  const auto custody = json(get("/api/v1/alerts/1/custody", ann)).at("custody").as_array();
  BOOST_REQUIRE(custody.size() == 2U);
  BOOST_TEST(!custody[0].at("erased").is_null());
  BOOST_TEST(custody[0].at("intact").as_bool());
  const auto entry = text("SELECT min(sequence) FROM journal");
  BOOST_TEST(post("/api/v1/erasures", R"({"journal":)" + entry + R"(,"reason":"x"})", ada).status ==
             201U);
}

BOOST_AUTO_TEST_SUITE_END()
