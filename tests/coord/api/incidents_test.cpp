#include "coord/api/incidents.hpp"

#include "tests/coord/api/api_fixture.hpp"

using namespace cresset;
using namespace cresset::coord;
using http::method;

namespace {

struct fixture : tests::api_fixture {
  http::identity ann = analyst();

  /// An incident raised from a group of its own; its address in the API.
  std::string raise(std::uint32_t attacker, int severity) {
    send({alert_from(attacker)});
    const auto queue = json(get("/api/v1/groups", ann)).at("groups").as_array();
    const auto& group = queue.at(0);
    const auto made =
        post("/api/v1/groups/" + std::to_string(group.at("id").as_int64()) + "/decisions",
             R"({"kind":"raise","title":"Attack","severity":)" + std::to_string(severity) +
                 R"(,"seen":)" + std::to_string(group.at("last_alert").as_int64()) + "}",
             ann);
    BOOST_REQUIRE_MESSAGE(made.status == 201U, made.body);
    return "/api/v1/incidents/" +
           std::to_string(json(made).at("decision").at("incident").as_int64());
  }
  std::string version_of(const std::string& path) {
    return std::to_string(json(get(path, ann)).at("version").as_int64());
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(coord_api_incidents, fixture)

BOOST_AUTO_TEST_CASE(incidents_are_listed_gravest_first_in_pages) {
  raise(1, 20);
  raise(2, 90);
  raise(3, 50);
  const auto first = json(get("/api/v1/incidents?limit=2", ann));
  BOOST_TEST(first.at("incidents").as_array().at(0).at("severity").as_int64() == 90);
  const auto rest = json(
      get("/api/v1/incidents?limit=2&after=" + std::string{first.at("next").as_string()}, ann));
  BOOST_TEST(rest.at("incidents").as_array().size() == 1U);
  BOOST_TEST(rest.at("next").is_null());
  BOOST_TEST(get("/api/v1/incidents?after=x", ann).status == 400U);
}

BOOST_AUTO_TEST_CASE(one_incident_says_why_and_shows_groups_alerts_and_history) {
  const auto path = raise(1, 50);
  const auto one = json(get(path, ann));
  BOOST_TEST(!one.at("why").as_string().empty());
  BOOST_TEST(one.at("name").as_string().starts_with("INC-"));
  BOOST_TEST(json(get(path + "/groups", ann)).at("groups").as_array().size() == 1U);
  BOOST_TEST(json(get(path + "/alerts", ann)).at("alerts").as_array().size() == 1U);
  BOOST_TEST(!json(get(path + "/history", ann)).at("history").as_array().empty());
  for (const auto* what : {"", "/groups", "/alerts", "/history"})
    BOOST_TEST(get("/api/v1/incidents/999" + std::string{what}, ann).status == 404U, what);
}

BOOST_AUTO_TEST_CASE(it_moves_through_its_states_and_closes_with_a_reason) {
  const auto path = raise(1, 50);
  const auto move = [&](const std::string& more) {
    return post(path + "/transitions", R"({"seen_version":)" + version_of(path) + "," + more + "}",
                ann);
  };
  BOOST_TEST(json(move(R"("to":"triaged")")).at("state").as_string() == "triaged");
  BOOST_TEST(move(R"("to":"nowhere")").status == 400U);
  BOOST_TEST(move(R"("to":"new")").status == 422U);
  BOOST_TEST(move(R"("to":"closed")").status == 400U);
  BOOST_TEST(json(move(R"("to":"closed","reason":"resolved","note":"done")"))
                 .at("closed_as")
                 .as_string() == "resolved");
  BOOST_TEST(json(get("/api/v1/incidents", ann)).at("incidents").as_array().empty());
  BOOST_TEST(json(get("/api/v1/incidents?closed=true", ann)).at("incidents").as_array().size() ==
             1U);
}

BOOST_AUTO_TEST_CASE(a_change_of_an_old_version_is_a_conflict_that_shows_the_new_one) {
  const auto path = raise(1, 50);
  const auto old = version_of(path);
  const auto edited =
      ask(method::patch, path, R"({"seen_version":)" + old + R"(,"tlp":"green","take":true})", ann);
  BOOST_REQUIRE_MESSAGE(edited.status == 200U, edited.body);
  BOOST_TEST(json(edited).at("tlp").as_string() == "green");
  BOOST_TEST(json(edited).at("owner").as_string() == "ann");
  const auto late =
      ask(method::patch, path, R"({"seen_version":)" + old + R"(,"severity":1})", ann);
  BOOST_TEST(late.status == 409U);
  BOOST_TEST(json(late).at("incident").at("tlp").as_string() == "green");
}

BOOST_AUTO_TEST_CASE(edits_out_of_their_words_or_limits_are_refused) {
  const auto path = raise(1, 50);
  for (const auto* bad :
       {R"("severity":101)", R"("tlp":"pink")", R"("pap":"x")", R"("title":"")",
        R"("classification":"nonsense")", R"("type":"exploit")", R"("unknown":1)", R"("take":7)"})
    BOOST_TEST(
        ask(method::patch, path, R"({"seen_version":1,)" + std::string{bad} + "}", ann).status ==
            400U,
        bad);
}

BOOST_AUTO_TEST_CASE(a_note_stands_in_the_history) {
  const auto path = raise(1, 50);
  BOOST_TEST(post(path + "/notes", R"({"text":"called the owner\nno answer"})", ann).status ==
             204U);
  BOOST_TEST(get(path + "/history", ann).body.find("called the owner") != std::string::npos);
  BOOST_TEST(post(path + "/notes", R"({"text":""})", ann).status == 400U);
}

BOOST_AUTO_TEST_SUITE_END()
