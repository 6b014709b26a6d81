#include "coord/api/handover/handover.hpp"

#include "coord/api/openapi.hpp"
#include "coord/store/alarm/alarm_store.hpp"
#include "coord/store/clock/clock_store.hpp"
#include "coord/store/handover/handover_store.hpp"
#include "tests/coord/api/api_fixture.hpp"
#include "tests/support/openapi_routes.hpp"

using namespace cresset;
using namespace cresset::coord;

namespace {

struct fixture : tests::api_fixture {
  store::handover::handover_store handovers{pool};
  store::clock::clock_store clocks{pool};
  store::alarm::alarm_store alarms_{pool};
  http::router own;
  http::identity ann = analyst();
  http::identity bob = account("bob", incident::user_role::analyst);

  fixture() {
    for (auto* to : {&router, &own})
      api::handover::install_handover(*to, {handovers, clocks, alarms_, groups, sensors, partners});
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(coord_api_handover_handover, fixture)

BOOST_AUTO_TEST_CASE(the_description_and_the_routes_agree) {
  BOOST_TEST(tests::described_routes(api::openapi_of("handover")) == tests::installed_routes(own),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_page_shows_what_the_next_shift_asks_even_when_nothing_happened) {
  const auto told = json(get("/api/v1/handover", ann));
  BOOST_TEST(told.at("last").is_null());
  BOOST_TEST(told.at("waiting").is_null());
  for (const auto* list :
       {"deadlines", "alarms", "changes", "dismissals", "sensors_down", "partners"})
    BOOST_TEST(told.at(list).is_array(), list);
  BOOST_TEST(told.at("partners").as_array().at(0).at("name").as_string() == "west");
}

BOOST_AUTO_TEST_CASE(one_writes_another_accepts_and_the_next_page_begins_there) {
  BOOST_REQUIRE(
      alarms_.raise({alarm::alarm_kind::sensor_silent, "ix-1", "ix-1 is silent", {}, false},
                    tests::this_moment()));
  BOOST_TEST(post("/api/v1/handovers", R"({"note":""})", ann).status == 400U);
  const auto made = post("/api/v1/handovers", R"({"note":"Quiet night"})", ann);
  BOOST_REQUIRE_MESSAGE(made.status == 201U, made.body);
  const auto path =
      "/api/v1/handovers/" + std::to_string(json(made).at("id").as_int64()) + "/acceptance";
  BOOST_TEST(json(get("/api/v1/handover", bob)).at("waiting").at("note").as_string() ==
             "Quiet night");
  BOOST_TEST(json(get("/api/v1/handover", bob)).at("alarms").as_array().size() == 1U);
  BOOST_TEST(post(path, "", ann).status == 422U);
  BOOST_TEST(json(post(path, "", bob)).at("accepted_by").as_string() == "bob");
  const auto told = json(get("/api/v1/handover", bob));
  BOOST_TEST(told.at("last").at("written_by").as_string() == "ann");
  BOOST_TEST(told.at("waiting").is_null());
  BOOST_TEST(json(get("/api/v1/handovers", ann)).at("handovers").as_array().size() == 1U);
  BOOST_TEST(post("/api/v1/handovers/99/acceptance", "", bob).status == 404U);
}

BOOST_AUTO_TEST_SUITE_END()
