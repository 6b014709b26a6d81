#include "coord/api/clock/clocks.hpp"

#include "coord/api/openapi.hpp"
#include "coord/store/alarm/alarm_store.hpp"
#include "coord/store/clock/clock_store.hpp"
#include "tests/coord/api/api_fixture.hpp"
#include "tests/support/openapi_routes.hpp"

#include <boost/json/serialize.hpp>

using namespace cresset;
using namespace cresset::coord;
using http::method;

namespace {

constexpr const char* table_text = "regimes:\n  - {id: all, title: All, deadlines: [{clock: "
                                   "owner_notified, from: aware, within: 2h}]}\n";

struct fixture : tests::api_fixture {
  store::clock::clock_store clocks{pool};
  store::alarm::alarm_store alarms_{pool};
  http::router own;
  http::identity ann = analyst();
  http::identity leo = account("leo", incident::user_role::shift_lead);

  fixture() {
    for (auto* to : {&router, &own}) {
      api::clock::install_clocks(*to, {clocks, alarms_});
      api::clock::install_alarms(*to, {clocks, alarms_});
    }
  }

  static std::string put_body(int seen, const std::string& text) {
    return boost::json::serialize(boost::json::object{{"seen_version", seen}, {"text", text}});
  }
  std::int64_t raise() {
    send({alert_from(1)});
    const auto queue = json(get("/api/v1/groups", ann)).at("groups").as_array();
    const auto made =
        post("/api/v1/groups/" + std::to_string(queue.at(0).at("id").as_int64()) + "/decisions",
             R"({"kind":"raise","title":"Attack","severity":50,"seen":1})", ann);
    BOOST_REQUIRE_MESSAGE(made.status == 201U, made.body);
    return json(made).at("decision").at("incident").as_int64();
  }
  void follow() {
    const auto table = coord::clock::parse_deadline_table(clocks.table()->text, "t");
    BOOST_REQUIRE(clocks.read_journal(*table, clocks.table()->version, 1000));
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(coord_api_clock_clocks, fixture)

BOOST_AUTO_TEST_CASE(the_description_and_the_routes_agree) {
  BOOST_TEST(tests::described_routes(api::openapi_of("clock")) == tests::installed_routes(own),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_lead_puts_the_table_and_nobody_overwrites_unseen) {
  const auto put = [&](int seen, const std::string& text, const http::identity& who) {
    return ask(method::put, "/api/v1/deadline-table", put_body(seen, text), who);
  };
  BOOST_TEST(get("/api/v1/deadline-table", ann).status == 404U);
  BOOST_TEST(put(0, table_text, ann).status == 403U);
  BOOST_TEST(json(put(0, table_text, leo)).at("version").as_int64() == 1);
  BOOST_TEST(put(0, table_text, leo).status == 409U);
  const auto wrong = put(1, "regimes: 7", leo);
  BOOST_TEST(wrong.status == 400U);
  BOOST_TEST(wrong.body.find("text:1: ") != std::string::npos);
  BOOST_TEST(json(get("/api/v1/deadline-table?version=1", ann)).at("by").as_string() == "leo");
}

BOOST_AUTO_TEST_CASE(an_incident_tells_its_clocks_and_deadlines) {
  BOOST_REQUIRE(clocks.put_table(0, table_text, "server", tests::this_moment()));
  const auto id = raise();
  const auto path = "/api/v1/incidents/" + std::to_string(id) + "/clocks";
  BOOST_TEST(get(path, ann).status == 404U);
  follow();
  auto told = json(get(path, ann));
  BOOST_TEST(told.at("clocks").at("aware").is_string());
  BOOST_TEST(told.at("clocks").at("owner_notified").is_null());
  BOOST_TEST(told.at("deadlines").as_array().at(0).at("state").as_string() == "running");
  BOOST_TEST(json(get("/api/v1/deadlines?limit=1", ann)).at("deadlines").as_array().size() == 1U);
  BOOST_TEST(json(get("/api/v1/deadlines?hours=1", ann)).at("deadlines").as_array().empty());
  BOOST_TEST(get("/api/v1/deadlines?after=x", ann).status == 400U);
  BOOST_TEST(post(path, R"({"clock":"owner_notified","note":"by telephone"})", ann).status == 204U);
  follow();
  told = json(get(path, ann));
  BOOST_TEST(told.at("deadlines").as_array().at(0).at("state").as_string() == "met");
  BOOST_TEST(post(path, R"({"clock":"owner_notified","note":""})", ann).status == 422U);
  BOOST_TEST(post(path, R"({"clock":"tea","note":""})", ann).status == 400U);
  BOOST_TEST(
      post("/api/v1/incidents/99/clocks", R"({"clock":"contained","note":""})", ann).status ==
      404U);
}

BOOST_AUTO_TEST_CASE(an_alarm_is_taken_by_name_and_shows_whom_it_was_told) {
  const auto raised =
      alarms_.raise({alarm::alarm_kind::sensor_silent, "ix-1", "ix-1 is silent", {}, false},
                    tests::this_moment());
  BOOST_REQUIRE(raised);
  BOOST_REQUIRE(alarms_.called(
      raised->id, 0,
      {{raised->id, 0, "mail", "d@cirt.example", tests::this_moment(), "no route"}}));
  const auto path = "/api/v1/alarms/" + std::to_string(raised->id.value);
  BOOST_TEST(json(get("/api/v1/alarms", ann)).at("alarms").as_array().size() == 1U);
  BOOST_TEST(
      json(get(path + "/calls", ann)).at("calls").as_array().at(0).at("failure").as_string() ==
      "no route");
  BOOST_TEST(json(post(path + "/acknowledgement", "", ann)).at("acknowledged_by").as_string() ==
             "ann");
  BOOST_TEST(post(path + "/acknowledgement", "", ann).status == 422U);
  BOOST_TEST(post("/api/v1/alarms/99/acknowledgement", "", ann).status == 404U);
  BOOST_TEST(json(get("/api/v1/alarms", ann)).at("alarms").as_array().empty());
  BOOST_TEST(json(get("/api/v1/alarms?past=true", ann)).at("alarms").as_array().size() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
