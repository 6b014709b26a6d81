// The rooms of the work on incidents, asked over the API on a real database: casework, effects,
// indicators, quality, reports.
#include "coord/api/casework/casework.hpp"

#include "coord/api/effects/effects.hpp"
#include "coord/api/indicators/indicators.hpp"
#include "coord/api/openapi.hpp"
#include "coord/api/quality/quality.hpp"
#include "coord/api/reports/reports.hpp"
#include "coord/store/casework/casework_store.hpp"
#include "coord/store/effects/effect_store.hpp"
#include "coord/store/indicators/indicator_store.hpp"
#include "coord/store/quality/quality_store.hpp"
#include "coord/store/reports/report_store.hpp"
#include "tests/coord/api/api_fixture.hpp"
#include "tests/support/openapi_routes.hpp"

using namespace cresset;
using namespace cresset::coord;
using http::method;
using namespace std::chrono_literals;

namespace {

struct fixture : tests::api_fixture {
  store::casework::casework_store work{pool};
  store::effects::effect_store effects{pool};
  store::indicators::indicator_store indicators{pool};
  store::quality::quality_store quality{pool};
  store::reports::report_store reports{pool};
  http::router own; // the routes of these rooms alone
  std::vector<std::int64_t> changed;
  http::identity ann = analyst();
  http::identity lea = account("lea", incident::user_role::shift_lead);

  fixture() {
    for (auto* to : {&router, &own}) {
      api::casework::install(
          *to, {work, [this](incident::incident_id id) { changed.push_back(id.value); }});
      api::effects::install(*to, effects);
      api::indicators::install(*to, indicators);
      api::quality::install(*to, quality);
      api::reports::install(*to, reports);
    }
  }

  boost::json::object done(const http::response& answer, unsigned status = 201) {
    BOOST_REQUIRE_MESSAGE(answer.status == status, answer.status << " " << answer.body);
    return json(answer);
  }
  static std::string text(std::int64_t number) { return std::to_string(number); }

  std::int64_t newest_group() {
    return tests::store_fixture::number("SELECT max(id) FROM alert_group");
  }
  std::string decision_on(std::int64_t group, const std::string& more) {
    const auto seen = tests::store_fixture::number(
        "SELECT last_alert FROM alert_group WHERE id = " + text(group));
    return R"({"seen":)" + text(seen) + "," + more + "}";
  }
  http::response decide(std::int64_t group, const std::string& more) {
    return post("/api/v1/groups/" + text(group) + "/decisions", decision_on(group, more), ann);
  }
  /// An incident of one group of its own.
  std::int64_t raise(std::uint32_t attacker, std::uint32_t sid = 7) {
    send({alert_from(attacker, sid)});
    const auto made =
        done(decide(newest_group(), R"("kind":"raise","title":"Attack","severity":50)"));
    return made.at("decision").as_object().at("incident").as_int64();
  }
  std::string path(std::int64_t incident, const std::string& more = "") {
    return "/api/v1/incidents/" + text(incident) + more;
  }
  std::string version(std::int64_t incident) {
    return text(
        tests::store_fixture::number("SELECT version FROM incident WHERE id = " + text(incident)));
  }
  std::int64_t count(const std::string& from) {
    return tests::store_fixture::number("SELECT count(*) FROM " + from);
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(coord_api_casework_casework, fixture)

BOOST_AUTO_TEST_CASE(the_fragments_describe_every_route_with_its_rights_and_no_other) {
  std::set<std::string> described;
  for (const auto* const subject : {"casework", "effects", "indicators", "quality", "reports"})
    described.merge(tests::described_routes(api::openapi_of(subject)));
  BOOST_TEST(described == tests::installed_routes(own), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(tasks_are_made_changed_and_found_by_whom_they_belong_to) {
  const auto id = raise(1);
  const auto made =
      done(post(path(id, "/tasks"),
                R"({"title":"Block it","kind":"containment","due":"2027-01-01","assignee":)" +
                    text(ann.account) + "}",
                ann));
  BOOST_TEST(made.at("outcome").as_string() == "pending");
  BOOST_TEST(json(get("/api/v1/my/tasks", ann)).at("tasks").as_array().size() == 1U);
  const auto task = "/api/v1/tasks/" + text(made.at("id").as_int64());
  const auto ended =
      done(ask(method::patch, task, R"({"seen_version":1,"outcome":"successful"})", ann), 200);
  BOOST_TEST(ended.at("version").as_int64() == 2);
  BOOST_TEST(ask(method::patch, task, R"({"seen_version":1,"outcome":"failed"})", ann).status ==
             409U);
  BOOST_TEST(json(get("/api/v1/my/tasks", ann)).at("tasks").as_array().empty());
  BOOST_TEST(json(get(path(id, "/tasks"), ann)).at("tasks").as_array().size() == 1U);
  for (const auto* const wrong :
       {R"({"title":"x","kind":"nonsense"})", R"({"title":"x","kind":"measure","outcome":"done"})",
        R"({"title":"x","kind":"measure","assignee":999})"})
    BOOST_TEST(post(path(id, "/tasks"), wrong, ann).status == 422U, wrong);
  BOOST_TEST(post(path(id, "/tasks"), R"({"title":"x"})", ann).status == 400U);
  BOOST_TEST(post(path(999, "/tasks"), R"({"title":"x","kind":"measure"})", ann).status == 404U);
  BOOST_TEST(get(path(999, "/tasks"), ann).status == 404U);
  BOOST_TEST(!changed.empty());
}

BOOST_AUTO_TEST_CASE(happenings_and_impacts_are_kept_and_better_estimates_supersede) {
  const auto id = raise(1);
  done(post(
      path(id, "/happenings"),
      R"({"status":"occurred","kind":"exploit","description":"The server answered","begun":"2026-11-21T10:00:00Z"})",
      ann));
  BOOST_TEST(
      post(
          path(id, "/happenings"),
          R"({"status":"occurred","kind":"x","description":"y","begun":"2026-11-22","ended":"2026-11-21"})",
          ann)
          .status == 422U);
  const auto first =
      done(post(path(id, "/impacts"),
                R"({"category":"availability","criticality":20,"description":"slow"})", ann));
  const auto better =
      R"({"category":"availability","criticality":60,"description":"away","supersedes":)" +
      text(first.at("id").as_int64()) + "}";
  done(post(path(id, "/impacts"), better, ann));
  BOOST_TEST(post(path(id, "/impacts"), better, ann).status == 422U);
  const auto all = json(get(path(id, "/impacts"), ann)).at("impacts").as_array();
  BOOST_TEST(all.size() == 2U);
  BOOST_TEST(!all.at(0).at("superseded_by").is_null());
  BOOST_TEST(json(get(path(id, "/happenings"), ann)).at("happenings").as_array().size() == 1U);
}

BOOST_AUTO_TEST_CASE(an_attachment_leaves_only_as_a_harmless_download) {
  const auto id = raise(1);
  const auto made =
      done(post(path(id, "/attachments"),
                R"({"name":"evil\".html","media_type":"text/html","bytes":"PHNjcmlwdD4="})", ann));
  const auto file = "/api/v1/attachments/" + text(made.at("id").as_int64());
  const auto got = get(file + "/content", ann);
  BOOST_TEST(got.status == 200U);
  BOOST_TEST(got.body == "<script>");
  BOOST_TEST(got.content_type == "application/octet-stream");
  BOOST_TEST(got.headers.at(0).value == "attachment; filename=\"evil_.html\"");
  BOOST_TEST(made.at("size").as_int64() == 8);
  for (const auto* const wrong :
       {R"({"name":"a","bytes":"!"})", R"({"name":"a","bytes":""})", R"({"bytes":"Zg=="})"})
    BOOST_TEST(post(path(id, "/attachments"), wrong, ann).status == 400U, wrong);
  for (const auto* const wrong :
       {R"({"name":"../a","bytes":"Zg=="})", R"({"name":"a","media_type":"x","bytes":"Zg=="})"})
    BOOST_TEST(post(path(id, "/attachments"), wrong, ann).status == 422U, wrong);
  BOOST_TEST(post(file + "/removal", R"({"reason":"not ours"})", ann).status == 403U);
  done(post(file + "/removal", R"({"reason":"not ours"})", lea), 200);
  BOOST_TEST(get(file + "/content", ann).status == 404U);
  BOOST_TEST(post(file + "/removal", R"({"reason":"again"})", lea).status == 422U);
  const auto kept = json(get(path(id, "/attachments"), ann)).at("attachments").as_array();
  BOOST_TEST(kept.at(0).at("sha256").as_string() == made.at("sha256").as_string());
}

BOOST_AUTO_TEST_CASE(watching_comments_and_links) {
  const auto id = raise(1);
  const auto other = raise(2);
  BOOST_TEST(post(path(id, "/watching"), R"({"on":true})", ann).status == 204U);
  BOOST_TEST(post(path(id, "/watching"), R"({"on":true})", ann).status == 204U);
  BOOST_TEST(json(get(path(id, "/watchers"), ann)).at("watchers").as_array().size() == 1U);
  BOOST_TEST(json(get("/api/v1/my/incidents", ann)).at("incidents").as_array().size() == 1U);
  BOOST_TEST(post(path(id, "/watching"), R"({"on":false})", ann).status == 204U);
  BOOST_TEST(json(get("/api/v1/my/incidents", ann)).at("incidents").as_array().empty());
  post(path(id, "/notes"), R"({"text":"called the owner"})", ann);
  const auto comments = json(get(path(id, "/comments"), ann)).at("comments").as_array();
  BOOST_TEST(comments.at(0).at("text").as_string() == "called the owner");
  const auto link = R"({"kind":"related","to":)" + text(other) + "}";
  BOOST_TEST(post(path(id, "/links"), link, ann).status == 204U);
  BOOST_TEST(json(get(path(other, "/links"), ann)).at("links").as_array().size() == 1U);
  BOOST_TEST(post(path(id, "/links"), R"({"kind":"related","to":)" + text(id) + "}", ann).status ==
             422U);
  BOOST_TEST(
      post(path(id, "/links"), R"({"kind":"merged","to":)" + text(other) + "}", ann).status ==
      422U);
  BOOST_TEST(post(path(id, "/links"), R"({"kind":"related","to":999})", ann).status == 404U);
}

BOOST_AUTO_TEST_CASE(a_merge_loses_nothing_and_can_be_taken_back) {
  const auto source = raise(1);
  const auto target = raise(2);
  done(post(path(source, "/tasks"), R"({"title":"t","kind":"measure"})", ann));
  done(post(path(source, "/attachments"), R"({"name":"a","bytes":"Zg=="})", ann));
  run("UPDATE incident SET tlp = 4 WHERE id = " + text(source));
  const auto request = [&] {
    return R"({"seen_version":)" + version(source) + R"(,"into":)" + text(target) +
           R"(,"into_seen_version":)" + version(target) + "}";
  };
  const auto stale =
      post(path(source, "/merge"),
           R"({"seen_version":1,"into":)" + text(target) + R"(,"into_seen_version":1})", ann);
  BOOST_TEST(stale.status == 409U);
  const auto move = done(post(path(source, "/merge"), request(), ann));
  const auto after = json(get(path(target), ann));
  BOOST_TEST(after.at("groups").as_array().size() == 2U);
  BOOST_TEST(after.at("tlp").as_string() == "red");
  BOOST_TEST(json(get(path(source), ann)).at("merged_into").as_int64() == target);
  BOOST_TEST(json(get(path(source), ann)).at("closed_as").as_string() == "duplicate");
  BOOST_TEST(json(get(path(target, "/tasks"), ann)).at("tasks").as_array().size() == 1U);
  BOOST_TEST(json(get(path(target, "/attachments"), ann)).at("attachments").as_array().size() ==
             1U);
  BOOST_TEST(count("alert_group WHERE incident = " + text(target)) == 2);
  BOOST_TEST(json(get(path(source, "/links"), ann)).at("links").as_array().size() == 1U);
  // The merged one is reopened by undoing, not by hand.
  BOOST_TEST(post(path(source, "/transitions"),
                  R"({"to":"triaged","seen_version":)" + version(source) + "}", ann)
                 .status == 422U);
  const auto undo = "/api/v1/moves/" + text(move.at("id").as_int64()) + "/undo";
  done(post(undo, "{}", ann), 200);
  BOOST_TEST(post(undo, "{}", ann).status == 422U);
  BOOST_TEST(json(get(path(source), ann)).at("groups").as_array().size() == 1U);
  BOOST_TEST(json(get(path(source), ann)).at("state").as_string() == "new");
  BOOST_TEST(json(get(path(source, "/tasks"), ann)).at("tasks").as_array().size() == 1U);
  BOOST_TEST(json(get(path(target), ann)).at("groups").as_array().size() == 1U);
  BOOST_TEST(json(get(path(source, "/moves"), ann)).at("moves").as_array().size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_split_takes_what_was_named_along_and_can_be_taken_back) {
  const auto id = raise(1);
  const auto first = newest_group();
  send({alert_from(2, 8)});
  const auto second = newest_group();
  done(decide(second, R"("kind":"raise","into":)" + text(id)));
  const auto ask_for = [&](const std::string& chosen) {
    return post(path(id, "/split"),
                R"({"title":"Another matter","seen_version":)" + version(id) + R"(,"groups":[)" +
                    chosen + "]}",
                ann);
  };
  BOOST_TEST(ask_for("").status == 422U);
  BOOST_TEST(ask_for(text(first) + "," + text(second)).status == 422U);
  BOOST_TEST(ask_for("999").status == 422U);
  const auto move = done(ask_for(text(second)));
  const auto made = move.at("target").as_int64();
  BOOST_TEST(json(get(path(made), ann)).at("groups").as_array().size() == 1U);
  BOOST_TEST(json(get(path(id), ann)).at("groups").as_array().size() == 1U);
  BOOST_TEST(
      json(get(path(made) + "?lang=ru", ann)).at("why").as_string().starts_with("выделено из"));
  done(post("/api/v1/moves/" + text(move.at("id").as_int64()) + "/undo", "{}", ann), 200);
  BOOST_TEST(json(get(path(id), ann)).at("groups").as_array().size() == 2U);
  BOOST_TEST(json(get(path(made), ann)).at("state").as_string() == "closed");
}

BOOST_AUTO_TEST_CASE(an_incident_marked_as_an_exercise_takes_its_groups_along) {
  const auto id = raise(1);
  const auto mark = [&](const char* on) {
    return post(path(id, "/exercise"),
                R"({"exercise":)" + std::string{on} + R"(,"seen_version":)" + version(id) + "}",
                ann);
  };
  BOOST_TEST(done(mark("true"), 200).at("exercise").as_bool());
  BOOST_TEST(mark("true").status == 422U);
  BOOST_TEST(json(get("/api/v1/incidents", ann)).at("incidents").as_array().empty());
  BOOST_TEST(json(get("/api/v1/incidents?exercise=true", ann)).at("incidents").as_array().size() ==
             1U);
  // What the sensor calls real afterwards is a group of its own.
  send({alert_from(1)});
  BOOST_TEST(count("alert_group WHERE NOT exercise AND state = 0") == 1);
  BOOST_TEST(!done(mark("false"), 200).at("exercise").as_bool());
}

BOOST_AUTO_TEST_CASE(why_and_the_new_fields_are_said_and_changed) {
  const auto id = raise(1);
  const auto one = json(get(path(id), ann));
  BOOST_TEST(one.at("reasons").as_array().at(0).at("code").as_string() == "raised_by");
  BOOST_TEST(one.at("why").as_string().starts_with("raised by ann"));
  BOOST_TEST(
      json(get(path(id) + "?lang=ru", ann)).at("why").as_string().starts_with("поднято ann"));
  BOOST_TEST(get(path(id) + "?lang=fr", ann).status == 400U);
  const auto edit = [&](const std::string& more) {
    return ask(method::patch, path(id), R"({"seen_version":)" + version(id) + "," + more + "}",
               ann);
  };
  const auto changed_one = done(
      edit(
          R"("constituent":"Power Grid","personal_data":true,"retain_until":"2027-01-01","techniques":["T1190"],"cves":["CVE-2021-44228"],"determination":"confirmed","recoverability":"regular")"),
      200);
  BOOST_TEST(changed_one.at("retain_until").as_string() == "2027-01-01T00:00:00.000Z");
  BOOST_TEST(changed_one.at("techniques").as_array().size() == 1U);
  for (const auto* const wrong :
       {R"("techniques":["x"])", R"("cves":["x"])", R"("determination":"maybe")",
        R"("recoverability":"x")", R"("owner":999)"})
    BOOST_TEST(edit(wrong).status == 422U, wrong);
  BOOST_TEST(edit(R"("techniques":"T1190")").status == 400U);
  BOOST_TEST(
      done(edit(R"("retain_until":"1970-01-01","owner":0)"), 200).at("retain_until").is_null());
}

BOOST_AUTO_TEST_CASE(indicators_over_the_api) {
  const auto made = done(post("/api/v1/indicators", R"({"value":"Evil.Example","hours":24})", ann));
  BOOST_TEST(made.at("kind").as_string() == "domain");
  BOOST_TEST(made.at("value").as_string() == "evil.example");
  for (const auto* const wrong :
       {R"({"value":"10.0.0.0/8","kind":"address","hours":1})", R"({"value":"?","hours":1})",
        R"({"value":"a.b"})", R"({"value":"a.b","hours":9000})", R"({"hours":1})"})
    BOOST_TEST(post("/api/v1/indicators", wrong, ann).status == 400U, wrong);
  BOOST_TEST(post("/api/v1/indicators", R"({"value":"a.b","expires":"2020-01-01"})", ann).status ==
             422U);
  const auto one = "/api/v1/indicators/" + text(made.at("id").as_int64());
  BOOST_TEST(get(one, ann).status == 200U);
  done(post(one + "/withdrawal", R"({"reason":"mistaken"})", ann), 200);
  BOOST_TEST(post(one + "/withdrawal", R"({"reason":"mistaken"})", ann).status == 422U);
  BOOST_TEST(json(get("/api/v1/indicators", ann)).at("indicators").as_array().empty());
  BOOST_TEST(json(get("/api/v1/indicators?ended=true&kind=domain", ann))
                 .at("indicators")
                 .as_array()
                 .size() == 1U);
  BOOST_TEST(json(get("/api/v1/indicator-offers", ann)).at("offers").as_array().empty());
  BOOST_TEST(
      post("/api/v1/indicator-offers/1/decision", R"({"accept":false,"reason":"x"})", lea).status ==
      404U);
  BOOST_TEST(
      post("/api/v1/indicator-offers/1/decision", R"({"accept":true,"hours":1})", ann).status ==
      403U);
}

BOOST_AUTO_TEST_CASE(reasons_feed_the_quality_of_a_rule_and_undo_takes_them_off) {
  const auto dismiss = R"("kind":"dismiss","reason":"our scanner","code":"false_positive")";
  std::int64_t last = 0;
  for (std::uint32_t attacker = 1; attacker <= 5; ++attacker) {
    send({alert_from(attacker, 9)});
    last = done(decide(newest_group(), dismiss)).at("decision").as_object().at("id").as_int64();
  }
  const auto of = json(get("/api/v1/rule-quality/1/9", ann));
  BOOST_TEST(of.at("false_positive").as_int64() == 5);
  BOOST_TEST(of.at("false_positive_percent").as_int64() == 100);
  BOOST_TEST(of.at("offer").at("track").as_string() == "by_dst");
  BOOST_TEST(of.at("offer").at("prefix").as_string() == "10.0.0.1");
  done(decide(newest_group(), R"("kind":"undo","undone":)" + text(last)));
  const auto less = json(get("/api/v1/rule-quality/1/9", ann));
  BOOST_TEST(less.at("false_positive").as_int64() == 4);
  BOOST_TEST(less.at("offer").is_null());
  BOOST_TEST(json(get("/api/v1/rule-quality?limit=1", ann)).at("rules").as_array().size() == 1U);
  BOOST_TEST(get("/api/v1/rule-quality?after=x", ann).status == 400U);
  BOOST_TEST(get("/api/v1/rule-quality/1/10", ann).status == 404U);
}

BOOST_AUTO_TEST_CASE(an_exercise_says_nothing_of_a_rule_and_a_false_incident_does) {
  auto alert = alert_from(1, 9);
  alert.exercise = true;
  send({alert});
  done(decide(newest_group(), R"("kind":"dismiss","reason":"x","code":"false_positive")"));
  BOOST_TEST(count("rule_quality") == 0);
  const auto id = raise(2, 9);
  const auto move = [&](const std::string& more) {
    return done(
        post(path(id, "/transitions"), R"({"seen_version":)" + version(id) + "," + more + "}", ann),
        200);
  };
  move(R"("to":"closed","reason":"false_positive")");
  BOOST_TEST(number("SELECT false_positive * 10 + raised FROM rule_quality") == 11);
  move(R"("to":"triaged")");
  BOOST_TEST(number("SELECT false_positive * 10 + raised FROM rule_quality") == 1);
}

BOOST_AUTO_TEST_CASE(suppressions_begin_after_their_hold_and_end) {
  BOOST_TEST(post("/api/v1/suppressions", R"({"sid":9,"reason":"x","hours":1})", ann).status ==
             403U);
  const auto made = done(post(
      "/api/v1/suppressions",
      R"({"sid":9,"track":"by_src","prefix":"192.0.2.0/24","reason":"scanner","hours":24})", lea));
  BOOST_TEST(made.at("line").as_string() ==
             "suppress gen_id 1, sig_id 9, track by_src, ip 192.0.2.0/24");
  const auto moment = tests::this_moment();
  BOOST_TEST(quality.in_force(moment)->all.empty());
  BOOST_TEST(quality.in_force(moment)->until.has_value());
  BOOST_TEST(quality.in_force(moment + 11s)->all.size() == 1U);
  BOOST_TEST(quality.in_force(moment + 25h)->all.empty());
  const auto before = quality.in_force(moment)->number;
  for (const auto* const wrong :
       {R"({"sid":9,"reason":"x","track":"by_src","hours":1})",
        R"({"sid":9,"reason":"x","prefix":"192.0.2.1","hours":1})",
        R"({"sid":9,"reason":"x","track":"by_dst","prefix":"192.0.2.1/24","hours":1})"})
    BOOST_TEST(post("/api/v1/suppressions", wrong, lea).status == 422U, wrong);
  const auto one = "/api/v1/suppressions/" + text(made.at("id").as_int64());
  done(post(one + "/withdrawal", "{}", ann), 200);
  BOOST_TEST(post(one + "/withdrawal", "{}", ann).status == 422U);
  BOOST_TEST(quality.in_force(moment + 11s)->all.empty());
  BOOST_TEST(quality.in_force(moment)->number == before + 1);
  BOOST_TEST(
      json(get("/api/v1/suppressions?ended=true", ann)).at("suppressions").as_array().size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_report_is_triaged_like_a_group_and_becomes_an_incident) {
  const auto made = done(post(
      "/api/v1/reports",
      R"({"title":"We are attacked","reporter":"A Bank","classification":"availability","type":"ddos","severity":70,"tlp":"red","personal_data":true,"victims":["192.0.2.1"],"reference":"ref-1"})",
      ann));
  const auto report = "/api/v1/reports/" + text(made.at("id").as_int64());
  const auto again = done(post("/api/v1/reports", R"({"title":"twice","reference":"ref-1"})", ann));
  BOOST_TEST(again.at("id").as_int64() == made.at("id").as_int64());
  const auto raised =
      done(post(report + "/decisions", R"({"seen_version":1,"kind":"raise"})", ann));
  const auto id = raised.at("decision").as_object().at("incident").as_int64();
  const auto opened = json(get(path(id), ann));
  BOOST_TEST(opened.at("title").as_string() == "We are attacked");
  BOOST_TEST(opened.at("classification").as_string() == "availability");
  BOOST_TEST(opened.at("tlp").as_string() == "red");
  BOOST_TEST(opened.at("personal_data").as_bool());
  BOOST_TEST(
      post(report + "/decisions", R"({"seen_version":1,"kind":"acknowledge"})", ann).status ==
      409U);
  BOOST_TEST(
      post(report + "/decisions", R"({"seen_version":2,"kind":"acknowledge"})", ann).status ==
      422U);
  BOOST_TEST(json(get("/api/v1/reports", ann)).at("reports").as_array().empty());
  BOOST_TEST(
      json(get("/api/v1/reports?incident=" + text(id), ann)).at("reports").as_array().size() == 1U);
  const auto undone = raised.at("decision").as_object().at("id").as_int64();
  done(post(report + "/decisions",
            R"({"seen_version":2,"kind":"undo","undone":)" + text(undone) + "}", ann));
  BOOST_TEST(json(get(path(id), ann)).at("state").as_string() == "closed");
  BOOST_TEST(json(get(report, ann)).at("report").at("state").as_string() == "open");
  BOOST_TEST(post(report + "/decisions", R"({"seen_version":3,"kind":"dismiss","reason":"x"})", ann)
                 .status == 400U);
  done(post(report + "/decisions",
            R"({"seen_version":3,"kind":"dismiss","reason":"x","code":"benign"})", ann));
  // Who reported is not in the journal: it can be erased where it stands.
  BOOST_TEST(count("journal WHERE convert_from(body, 'UTF8') LIKE '%A Bank%'") == 0);
}

BOOST_AUTO_TEST_CASE(reports_come_in_pages_and_wrong_ones_are_refused) {
  for (const auto* const severity : {"10", "90", "50"})
    done(post("/api/v1/reports", R"({"title":"x","severity":)" + std::string{severity} + "}", ann));
  const auto first = json(get("/api/v1/reports?limit=2", ann));
  BOOST_TEST(first.at("reports").as_array().at(0).at("severity").as_int64() == 90);
  const auto rest =
      json(get("/api/v1/reports?limit=2&after=" + std::string{first.at("next").as_string()}, ann));
  BOOST_TEST(rest.at("reports").as_array().size() == 1U);
  for (const auto* const wrong :
       {R"({})", R"({"title":"x","victims":["y"]})", R"({"title":"x","severity":101})",
        R"({"title":"x","classification":"nonsense"})", R"({"title":"x","channel":"mail"})"})
    BOOST_TEST(post("/api/v1/reports", wrong, ann).status == 400U, wrong);
  for (const auto* const cursor :
       {"x", "1.2", "1.2.3.4", "1.-2.3", "-1.2.3", "1.99999999999999999.3"})
    BOOST_TEST(get("/api/v1/reports?after=" + std::string{cursor}, ann).status == 400U, cursor);
}

BOOST_AUTO_TEST_CASE(an_effect_is_held_cancelled_in_time_or_compensated) {
  const auto id = raise(1);
  const auto moment = tests::this_moment();
  effect::outside_effect wanted;
  wanted.incident = {id};
  wanted.incident_version = 1;
  wanted.partner = "west";
  wanted.by = "ann";
  wanted.asked = moment;
  wanted.due = moment + 10s;
  wanted.object_id = "incident--1";
  const auto held = effects.hold(wanted);
  BOOST_REQUIRE_MESSAGE(held, (held ? "" : held.error().text));
  BOOST_TEST((effects.hold(wanted)->id == held->id));
  BOOST_TEST(effects.due(moment + 9s, 10)->empty());
  BOOST_TEST(effects.due(moment + 10s, 10)->size() == 1U);
  const auto one = "/api/v1/effects/" + text(held->id.value);
  BOOST_TEST(done(post(one + "/undo", "{}", ann), 200).at("state").as_string() == "cancelled");
  BOOST_TEST(effects.due(moment + 10s, 10)->empty());
  BOOST_TEST(post(one + "/undo", "{}", ann).status == 422U);
  const auto second = effects.hold(wanted);
  BOOST_REQUIRE(effects.end({second->id, effect::effect_state::done, ""}, moment));
  BOOST_TEST(number("SELECT released_version FROM incident") == 1);
  const auto withdrawal = done(
      post("/api/v1/effects/" + text(second->id.value) + "/undo", R"({"reason":"error"})", ann),
      200);
  BOOST_TEST(withdrawal.at("kind").as_string() == "withdrawal");
  BOOST_TEST(withdrawal.at("compensates").as_int64() == second->id.value);
  BOOST_TEST(effects.due(moment + 10s, 10)->size() == 1U);
  BOOST_TEST(json(get("/api/v1/effects?state=cancelled", ann)).at("effects").as_array().size() ==
             1U);
  BOOST_TEST(get("/api/v1/effects?state=x", ann).status == 400U);
  BOOST_TEST(get("/api/v1/effects/999", ann).status == 404U);
}

BOOST_AUTO_TEST_CASE(undoing_the_decision_that_raised_it_takes_back_what_had_left) {
  send({alert_from(1)});
  const auto group = newest_group();
  const auto made = done(decide(group, R"("kind":"raise","title":"Attack","severity":50)"));
  const auto& decision = made.at("decision").as_object();
  const incident::incident_id id{decision.at("incident").as_int64()};
  const auto moment = tests::this_moment();
  effect::outside_effect wanted;
  wanted.incident = id;
  wanted.incident_version = 1;
  wanted.asked = wanted.due = moment;
  wanted.by = "policy";
  wanted.partner = "west";
  BOOST_REQUIRE(effects.end({effects.hold(wanted)->id, effect::effect_state::done, ""}, moment));
  wanted.partner = "east";
  BOOST_REQUIRE(effects.hold(wanted));
  done(decide(group, R"("kind":"undo","undone":)" + text(decision.at("id").as_int64())));
  effect::effect_query of;
  of.incident = id;
  const auto all = effects.list(of);
  BOOST_REQUIRE(all->size() == 3U);
  BOOST_TEST((all->at(0).kind == effect::effect_kind::withdrawal));
  BOOST_TEST(all->at(0).partner == "west");
  BOOST_TEST(all->at(0).reason == "undone");
  BOOST_TEST((all->at(1).state == effect::effect_state::cancelled));
}

BOOST_AUTO_TEST_CASE(what_left_at_the_very_moment_it_was_taken_back_is_compensated) {
  const auto id = raise(1);
  effect::outside_effect wanted;
  wanted.incident = {id};
  wanted.incident_version = 1;
  wanted.partner = "west";
  wanted.by = "ann";
  wanted.asked = wanted.due = tests::this_moment();
  const auto held = effects.hold(wanted);
  BOOST_REQUIRE(effects.take_back(held->id, "undone", "ann", wanted.asked));
  // The loop had put it into the stream before it heard of that.
  BOOST_REQUIRE(effects.end({held->id, effect::effect_state::done, ""}, wanted.asked));
  BOOST_TEST(count("outside_effect WHERE kind = 'withdrawal' AND state = 0") == 1);
}

BOOST_AUTO_TEST_SUITE_END()
