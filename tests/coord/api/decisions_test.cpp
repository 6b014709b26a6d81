// The queue and the decisions on it, over a real store: groups and decisions.
#include "coord/api/decisions.hpp"

#include "tests/coord/api/api_fixture.hpp"

using namespace cresset;
using namespace cresset::coord;

namespace {

struct fixture : tests::api_fixture {
  http::identity ann = analyst();

  /// The queue's groups as they are now.
  boost::json::array queue(const std::string& query = "") {
    return json(get("/api/v1/groups" + query, ann)).at("groups").as_array();
  }
  std::string decide(const boost::json::value& group, const std::string& more, unsigned wanted) {
    const auto answer = post(
        path(group) + "/decisions",
        R"({"seen":)" + std::to_string(group.at("last_alert").as_int64()) + "," + more + "}", ann);
    BOOST_TEST(answer.status == wanted, answer.body);
    return answer.body;
  }
  static std::string path(const boost::json::value& group) {
    return "/api/v1/groups/" + std::to_string(group.at("id").as_int64());
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(coord_api_decisions, fixture)

BOOST_AUTO_TEST_CASE(the_queue_is_ordered_and_paged_without_gaps) {
  send({alert_from(1, 10, 3), alert_from(2, 11, 1), alert_from(3, 12, 2), alert_from(4, 13, 1)});
  std::vector<std::int64_t> severities;
  std::string after;
  for (int pages = 0; pages < 5; ++pages) {
    const auto answer = json(get("/api/v1/groups?limit=2" + after, ann));
    for (const auto& g : answer.at("groups").as_array())
      severities.push_back(g.at("severity").as_int64());
    if (answer.at("next").is_null())
      break;
    after = "&after=" + std::string{answer.at("next").as_string()};
  }
  BOOST_TEST(severities == (std::vector<std::int64_t>{1, 1, 2, 3}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(malformed_questions_are_refused) {
  for (const auto* bad :
       {"?state=x", "?after=x", "?limit=0", "?limit=201", "?order=up", "?exercise=1"})
    BOOST_TEST(get("/api/v1/groups" + std::string{bad}, ann).status == 400U, bad);
  BOOST_TEST(get("/api/v1/groups/x", ann).status == 404U);
  BOOST_TEST(get("/api/v1/groups/999", ann).status == 404U);
  BOOST_TEST(get("/api/v1/groups/999/alerts", ann).status == 404U);
}

BOOST_AUTO_TEST_CASE(a_group_shows_its_alerts_and_their_evidence) {
  send({alert_from(1), alert_from(1)});
  const auto group = queue().at(0);
  BOOST_TEST(group.at("alerts").as_int64() == 2);
  const auto listed = json(get(path(group) + "/alerts", ann)).at("alerts").as_array();
  BOOST_REQUIRE(listed.size() == 2U);
  BOOST_TEST(listed.at(0).at("position").as_int64() == group.at("last_alert").as_int64());
  BOOST_TEST(listed.at(0).at("event").at("alert").at("signature").as_string() == "TEST rule 7");
  const auto position = std::to_string(listed.at(0).at("position").as_int64());
  const auto kept =
      json(get("/api/v1/alerts/" + position + "/evidence", ann)).at("evidence").as_array();
  BOOST_TEST(kept.size() == 2U); // payload and packet
}

BOOST_AUTO_TEST_CASE(acknowledging_takes_it_from_the_queue_and_tells_the_pages) {
  send({alert_from(1)});
  const auto body = decide(queue().at(0), R"("kind":"acknowledge")", 201);
  BOOST_TEST(boost::json::parse(body).at("group").at("state").as_string() == "acknowledged");
  BOOST_TEST(queue().empty());
  BOOST_TEST(queue("?state=acknowledged").size() == 1U);
  BOOST_TEST(page->all().find(R"({"type":"groups","groups":[{)") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_came_after_the_decision_stays_open) {
  send({alert_from(1)});
  const auto seen = queue().at(0);
  send({alert_from(1)});
  const auto body = decide(seen, R"("kind":"acknowledge")", 201);
  BOOST_TEST(boost::json::parse(body).at("group").at("reopened").as_string() == "new_alerts");
  BOOST_TEST(queue().size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_decision_behind_a_colleagues_is_a_conflict_that_shows_what_changed) {
  send({alert_from(1)});
  const auto seen = queue().at(0);
  send({alert_from(1)});
  decide(queue().at(0), R"("kind":"acknowledge")", 201);
  const auto problem =
      boost::json::parse(decide(seen, R"("kind":"dismiss","code":"benign","reason":"x")", 409));
  BOOST_TEST(problem.at("group").at("state").as_string() == "acknowledged");
  BOOST_TEST(problem.at("decisions").as_array().at(0).at("by").as_string() == "ann");
}

BOOST_AUTO_TEST_CASE(dismissing_needs_a_reason_and_may_stand) {
  send({alert_from(1)});
  const auto group = queue().at(0);
  decide(group, R"("kind":"dismiss")", 400);
  decide(group, R"("kind":"dismiss","code":"benign")", 400);
  decide(group, R"("kind":"dismiss","code":"lazy","reason":"x")", 400);
  decide(group,
         R"("kind":"dismiss","code":"benign","reason":"x","stands":{"scope":"group","hours":721})",
         400);
  decide(
      group,
      R"("kind":"dismiss","code":"benign","reason":"x","stands":{"scope":"group","hours":1,"x":1})",
      400);
  decide(group, R"("kind":"acknowledge","code":"benign")", 400);
  decide(
      group,
      R"("kind":"dismiss","code":"benign","reason":"our scanner","stands":{"scope":"group","hours":24}})"
      "",
      400); // not JSON
  decide(
      group,
      R"("kind":"dismiss","code":"benign","reason":"our scanner","stands":{"scope":"group","hours":24})",
      201);
  BOOST_TEST(json(get("/api/v1/dismissals", ann)).at("dismissals").as_array().size() == 1U);
  send({alert_from(1)});
  BOOST_TEST(queue().empty());
}

BOOST_AUTO_TEST_CASE(raising_opens_an_incident_and_undo_takes_it_back) {
  send({alert_from(1)});
  const auto group = queue().at(0);
  decide(group, R"("kind":"raise")", 400);
  const auto made = boost::json::parse(
      decide(group, R"("kind":"raise","title":"Web attack","severity":70)", 201));
  const auto id = std::to_string(made.at("decision").at("incident").as_int64());
  BOOST_TEST(json(get("/api/v1/incidents/" + id, ann)).at("title").as_string() == "Web attack");
  BOOST_TEST(page->all().find(R"({"type":"incidents","incidents":[)" + id + "]}") !=
             std::string::npos);
  decide(group,
         R"("kind":"undo","undone":)" + std::to_string(made.at("decision").at("id").as_int64()),
         201);
  BOOST_TEST(queue().size() == 1U);
  BOOST_TEST(json(get(path(group) + "/decisions", ann)).at("decisions").as_array().size() == 2U);
}

BOOST_AUTO_TEST_CASE(who_may_only_read_decides_nothing) {
  send({alert_from(1)});
  const auto group = queue().at(0);
  ann = account("vic", incident::user_role::viewer);
  decide(group, R"("kind":"acknowledge")", 403);
}

BOOST_AUTO_TEST_SUITE_END()
