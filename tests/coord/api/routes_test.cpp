// The routes as a whole, and the resources that are a list and nothing more: health, sensors,
// partners.
#include "coord/api/openapi.hpp"
#include "tests/coord/api/api_fixture.hpp"
#include "tests/support/openapi_routes.hpp"

using namespace cresset;
using namespace cresset::coord;
using http::method;

BOOST_FIXTURE_TEST_SUITE(coord_api_routes, tests::api_fixture)

BOOST_AUTO_TEST_CASE(openapi_describes_every_route_with_its_rights_and_no_other) {
  BOOST_TEST(tests::described_routes(api::openapi_of("")) == tests::installed_routes(router),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(every_reference_of_openapi_leads_somewhere) {
  const std::string text{api::openapi_document()};
  const auto document = boost::json::parse(text).as_object();
  const auto& schemas = document.at("components").at("schemas").as_object();
  const std::string start = "#/components/schemas/";
  for (auto at = text.find(start); at != std::string::npos; at = text.find(start, at + 1)) {
    const auto name = text.substr(at + start.size(), text.find('"', at) - at - start.size());
    BOOST_TEST(schemas.contains(name), name);
  }
}

BOOST_AUTO_TEST_CASE(without_signing_in_nothing_but_health_and_the_description_is_open) {
  for (const auto& route : router.routes()) {
    if (route.needs == http::access_level::anyone)
      continue;
    std::string target = route.pattern;
    for (auto brace = target.find('{'); brace != std::string::npos; brace = target.find('{'))
      target.replace(brace, target.find('}') - brace + 1, "1");
    BOOST_TEST(ask(route.method, target).status == 401U, target);
  }
  BOOST_TEST(ask(method::get, "/api/v1/openapi.json").status == 200U);
}

BOOST_AUTO_TEST_CASE(health_and_readiness_say_how_it_is) {
  BOOST_TEST(ask(method::get, "/healthz").body == R"({"status":"ok"})");
  BOOST_TEST(ask(method::get, "/readyz").status == 200U);
  not_ready = "the database does not answer";
  const auto answer = ask(method::get, "/readyz");
  BOOST_TEST(answer.status == 503U);
  BOOST_TEST(answer.body.find(not_ready) != std::string::npos);
}

BOOST_AUTO_TEST_CASE(metrics_are_for_this_machine_and_for_those_signed_in) {
  BOOST_TEST(ask(method::get, "/metrics").status == 403U);
  const auto answer = get("/metrics", analyst());
  BOOST_TEST(answer.status == 200U);
  BOOST_TEST(
      answer.body.find(
          "# TYPE cresset_alerts_total counter\ncresset_alerts_total{sensor=\"ix-1\"} 7\n") !=
      std::string::npos);
  BOOST_TEST(answer.body.find("cresset_push_clients 1\n") != std::string::npos);
  http::request local;
  BOOST_REQUIRE(http::read_target("/metrics", local));
  local.peer = "127.0.0.1";
  BOOST_TEST(router.handle(local).status == 200U);
}

BOOST_AUTO_TEST_CASE(sensors_and_partners_are_listed) {
  const auto who = analyst();
  const auto seen = json(get("/api/v1/sensors", who));
  BOOST_TEST(seen.at("sensors").as_array().at(0).at("name").as_string() == "ix-1");
  BOOST_TEST(seen.at("strangers").as_array().at(0).at("times").as_int64() == 3);
  BOOST_TEST(
      json(get("/api/v1/partners", who)).at("partners").as_array().at(0).at("link").as_string() ==
      "up");
  BOOST_TEST(get("/api/v1/partners?x=1", who).status == 400U);
}

BOOST_AUTO_TEST_CASE(a_release_goes_through_the_gate_and_says_what_it_said) {
  const auto who = analyst();
  const auto verdicts = json(get("/api/v1/incidents/5/releases", who)).at("verdicts").as_array();
  BOOST_TEST(verdicts.at(1).at("allowed").as_bool() == false);
  BOOST_TEST(
      post("/api/v1/incidents/5/releases", R"({"seen_version":1,"partner":"west"})", who).status ==
      201U);
  BOOST_TEST(partners.released == std::vector<std::string>{"ann 5"},
             boost::test_tools::per_element());
  const auto refused =
      post("/api/v1/incidents/5/releases", R"({"seen_version":1,"partner":"east"})", who);
  BOOST_TEST(refused.status == 422U);
  BOOST_TEST(refused.body.find("above green") != std::string::npos);
  BOOST_TEST(
      post("/api/v1/incidents/5/releases", R"({"seen_version":1,"partner":"x"})", who).status ==
      404U);
  BOOST_TEST(post("/api/v1/incidents/5/releases", R"({"partner":"west"})", who).status == 400U);
  const auto viewer = account("vic", incident::user_role::viewer);
  BOOST_TEST(post("/api/v1/incidents/5/releases", R"({"seen_version":1,"partner":"west"})", viewer)
                 .status == 403U);
}

BOOST_AUTO_TEST_CASE(the_path_of_notices_asks_for_a_websocket) {
  BOOST_TEST(get("/api/v1/events", analyst()).status == 426U);
}

BOOST_AUTO_TEST_SUITE_END()
