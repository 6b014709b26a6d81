// From an incident to the owner's answer, over a real database and without a socket.
#include "coord/api/notify/notification_routes.hpp"
#include "coord/api/openapi.hpp"
#include "coord/segment/importer.hpp"
#include "coord/segment/registry.hpp"
#include "coord/store/correlator_store.hpp"
#include "coord/store/incident_store.hpp"
#include "coord/store/notify/notification_store.hpp"
#include "coord/store/segment/segment_store.hpp"
#include "tests/coord/store/store_fixture.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>

using namespace cresset;
using namespace cresset::coord;
using namespace std::chrono_literals;
using http::method;
using http::right;

namespace {

notify::letters shipped() {
  std::map<std::string, notify::language_files> all;
  for (const std::string language : {"en", "ru"}) {
    const auto file = [&](const char* name) {
      std::ifstream in{std::string{CRESSET_SOURCE} + "/appliance/config/notification/" + language +
                       "/" + name};
      std::stringstream text;
      text << in.rdbuf();
      return text.str();
    };
    all[language] = {file("instant.txt"), file("digest.txt"), file("digest_item.txt"),
                     file("page.html"), file("words.txt")};
  }
  return *notify::letters::from(all, "ru");
}

struct notify_api : tests::store_fixture {
  store::segment::segment_store registry{pool};
  store::notify::notification_store notices{pool};
  store::incident_store incidents{pool};
  store::correlator_store log{pool};
  notify::letters texts = shipped();
  notify::notice_desk desk{notices,
                           registry,
                           texts,
                           {"https://cirt.example", std::chrono::days{30}, 6, "ru", "cirt.example"},
                           notify::random_answer_key()};
  api::notify::answer_limiter limiter;
  http::push_hub pushes;
  http::router router;
  incident::address_books books;
  const timestamp at = tests::this_moment();

  notify_api() { api::notify::install(router, {desk, notices, limiter, pushes}); }

  void register_segment() {
    const auto read =
        segment::read_import("kind,key,owner,name,email,phone,language,delivery,country\n"
                             "owner,plant,,Завод,,,ru,,KZ\nprefix,10.0.0.0/8,plant,,,,,,KZ\n"
                             "contact,,plant,Ann,ann@plant.kz,,en,instant,\n"
                             "contact,,plant,,noc@plant.kz,,,digest,\ncontact,,plant,,,+77001,,,\n",
                             {segment::import_format::csv, "", "", ""});
    BOOST_REQUIRE_MESSAGE(read, (read ? "" : read.error().front().why));
    BOOST_REQUIRE(registry.import({"table", "csv", "", "", read->records, "ana", at, false}));
    const auto today = std::chrono::floor<std::chrono::days>(at);
    books.replace(std::make_shared<segment::registry>(*registry.live(), today));
    alerts.use(books);
  }
  /// An incident over a group of 10.0.0.1, which is the plant's.
  std::string open_incident() {
    send({alert_from(0xc0000209)});
    incident::open_incident action;
    action.correlation = "c";
    action.title = "About 10.0.0.1 and the bank next door";
    action.severity = 80;
    action.classified = {"intrusion-attempts", "exploit"};
    action.groups.push_back({1});
    const auto term = log.lead("here");
    BOOST_REQUIRE(term);
    const std::vector<incident::correlator_action> actions{action};
    BOOST_REQUIRE(log.apply(*term, {1}, actions));
    return std::to_string(number("SELECT max(id) FROM incident"));
  }
  http::response ask(method m, const std::string& target, const std::string& body = "",
                     http::right_set rights = {right::reader, right::writer},
                     const char* type = "application/json") {
    http::request r;
    r.method = m;
    BOOST_REQUIRE_MESSAGE(http::read_target(target, r), target);
    r.headers = {{"Host", "here"}, {"Content-Type", type}, {"X-CSRF-Token", "token"}};
    r.body = body;
    r.peer = "192.0.2.77";
    if (!rights.is_empty())
      r.who = http::identity{"ann", 1, rights, 1, "token"};
    return router.handle(r);
  }
  http::response answer(const std::string& path, const std::string& form) {
    return ask(method::post, path, form, {}, "application/x-www-form-urlencoded");
  }
  static boost::json::array notifications(const http::response& answered) {
    return boost::json::parse(answered.body).at("notifications").as_array();
  }
  static std::string text_of(const boost::json::value& of, const char* member) {
    return std::string{of.at(member).as_string()};
  }
  std::string path_of(const boost::json::value& n) {
    return text_of(n, "answer_link").substr(std::string{"https://cirt.example"}.size());
  }
  std::string journal(const char* kind) {
    return text(std::string{"SELECT string_agg(convert_from(body, 'UTF8')::jsonb ->> 'text', '|' "
                            "ORDER BY sequence) FROM journal WHERE kind = '"} +
                kind + "'");
  }
};

bool holds(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(coord_api_notify, notify_api)

BOOST_AUTO_TEST_CASE(openapi_describes_every_route_with_its_rights_and_no_other) {
  std::set<std::string> described;
  const auto document = boost::json::parse(api::openapi_of("notify")).as_object();
  for (const auto& path : document.at("paths").as_object())
    for (const auto& operation : path.value().as_object()) {
      const auto* needs = operation.value().as_object().if_contains("x-needs");
      std::string verb{operation.key()};
      std::ranges::transform(verb, verb.begin(), [](char c) { return static_cast<char>(c - 32); });
      described.insert(verb + " " + std::string{path.key()} + " " +
                       (needs == nullptr ? "anyone" : std::string{needs->as_string()}));
    }
  std::set<std::string> installed;
  for (const auto& route : router.routes())
    installed.insert(std::string{to_string(route.method)} + " " + route.pattern + " " +
                     std::string{to_string(route.needs)});
  BOOST_TEST(described == installed, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(an_owner_is_told_by_each_contact_in_its_language_and_its_way) {
  register_segment();
  const auto base = "/api/v1/incidents/" + open_incident();
  const auto owners = boost::json::parse(ask(method::get, base + "/owners").body).at("owners");
  BOOST_TEST(text_of(owners.at(0), "owner") == "plant");
  BOOST_TEST(owners.at(0).at("told").is_null());

  const auto* body = R"({"owner":"plant","note":"Call us."})";
  const auto seen = ask(method::post, base + "/notifications/preview", body);
  BOOST_REQUIRE_MESSAGE(seen.status == 200U, seen.body);
  BOOST_TEST(notifications(seen).size() == 3U);
  BOOST_TEST(number("SELECT count(*) FROM notification") == 0);

  BOOST_TEST(ask(method::post, base + "/notifications", body, {right::reader}).status == 403U);
  const auto made = ask(method::post, base + "/notifications", body);
  BOOST_REQUIRE_MESSAGE(made.status == 201U, made.body);
  const auto all = notifications(made);
  BOOST_REQUIRE(all.size() == 3U);
  std::set<std::string> ways;
  for (const auto& n : all) {
    ways.insert(text_of(n, "delivery") + " " + text_of(n, "language") + " " + text_of(n, "state"));
    BOOST_TEST(!holds(text_of(n, "text"), "bank"));
    BOOST_TEST(holds(text_of(n, "text"), "10.0.0.1 <- 192.0.2.9"));
    BOOST_TEST(holds(text_of(n, "text"), "Call us."));
  }
  BOOST_TEST(ways == (std::set<std::string>{"digest ru queued", "download ru offered",
                                            "instant en queued"}),
             boost::test_tools::per_element());
  BOOST_TEST(notifications(ask(method::get, base + "/notifications")).size() == 3U);
  BOOST_TEST(notifications(ask(method::get, "/api/v1/notifications?state=offered")).size() == 1U);
  BOOST_TEST(holds(journal("owner_notice_queued"), "for plant <ann@plant.kz> (instant)"));
}

BOOST_AUTO_TEST_CASE(what_is_due_is_claimed_once_and_its_delivery_is_the_proof) {
  register_segment();
  const auto base = "/api/v1/incidents/" + open_incident();
  BOOST_REQUIRE(ask(method::post, base + "/notifications", R"({"owner":"plant"})").status == 201U);
  const auto due = notices.claim(now() + 1s, 60s, 10);
  BOOST_REQUIRE(due);
  BOOST_REQUIRE(due->size() == 1U);
  const auto& instant = due->front();
  BOOST_TEST(instant.email == "ann@plant.kz");
  BOOST_TEST(notices.claim(now() + 1s, 60s, 10)->empty());
  BOOST_TEST(notices.claim(now() + 120s, 60s, 10)->size() == 1U);

  using report = notify::notification_repository::delivery_report;
  BOOST_REQUIRE(notices.settle(report{{instant.id}, at, "", "", "450 busy", at, false}));
  const auto waiting = notices.one(instant.id);
  BOOST_TEST(waiting->last_error == "450 busy");
  BOOST_TEST((waiting->state == notify::notification_state::queued));
  BOOST_REQUIRE(notices.settle(report{{instant.id}, at, "", "", "550 no", at, true}));
  BOOST_TEST(holds(journal("owner_notice_failed"), "could not be told"));
  const auto path = "/api/v1/notifications/" + std::to_string(instant.id.value);
  BOOST_TEST(ask(method::post, path + "/retry").status == 204U);
  BOOST_TEST(notices.claim(now() + 1s, 60s, 10)->size() == 1U);
  BOOST_REQUIRE(notices.settle(
      report{{instant.id}, at, std::string(64, 'a'), instant.message_id, "", {}, false}));
  const auto told = boost::json::parse(ask(method::get, path).body);
  BOOST_TEST(text_of(told, "state") == "sent");
  BOOST_TEST(text_of(told, "sha256") == std::string(64, 'a'));
  BOOST_TEST(journal("owner_notified") == "plant <ann@plant.kz> was told by mail (notification " +
                                              std::to_string(instant.id.value) + ")");
  BOOST_TEST(text("SELECT convert_from(body, 'UTF8')::jsonb ->> 'clock' FROM journal WHERE kind = "
                  "'owner_notified'") == "owner_notified");
  BOOST_TEST(number("SELECT count(*) FROM incident_owner_told") == 1);
  BOOST_TEST(ask(method::post, path + "/cancel").status == 422U);
  BOOST_TEST(ask(method::post, path + "/retry").status == 422U);
  BOOST_TEST(notices.claim(notify::next_digest(now(), 6) + 1s, 60s, 10)->size() == 1U);
}

BOOST_AUTO_TEST_CASE(the_link_shows_the_page_takes_the_answer_and_gives_the_report) {
  register_segment();
  const auto id = open_incident();
  const auto made =
      ask(method::post, "/api/v1/incidents/" + id + "/notifications", R"({"owner":"plant"})");
  const auto all = notifications(made);
  const auto offered =
      *std::ranges::find_if(all, [](const auto& n) { return text_of(n, "state") == "offered"; });
  const auto path = path_of(offered);
  const auto shown = ask(method::get, path, "", {});
  BOOST_TEST(shown.status == 200U);
  BOOST_TEST(holds(shown.content_type, "text/html"));
  BOOST_TEST(holds(shown.body, "action=\"" + path + "\""));

  const auto given = answer(path, "answer=need_help&text=%D0%9F%D0%BE%D0%BC%D0%BE%D0%B3%D0%B8"
                                  "%D1%82%D0%B5%0D%0A%3Cscript%3E%00+now&x=y");
  BOOST_TEST(given.status == 200U, given.body);
  BOOST_TEST(holds(given.body, "нужна помощь"));
  BOOST_TEST(holds(journal("owner_answered"), "plant answered: need_help: Помогите\n<script>"));
  const auto told = notifications(ask(method::get, "/api/v1/incidents/" + id + "/notifications"));
  BOOST_TEST(std::ranges::any_of(told, [](const auto& n) {
    return !n.at("answers").as_array().empty() &&
           text_of(n.at("answers").at(0), "answer") == "need_help";
  }));
  const auto history = incidents.history({std::stoll(id)}, 100);
  BOOST_TEST(
      std::ranges::any_of(*history, [](const auto& e) { return e.kind == "owner_answered"; }));

  const auto report = ask(method::get, path + "/report.json", "", {});
  BOOST_TEST(boost::json::parse(report.body).at("observations").as_array().size() == 1U);
  BOOST_TEST(holds(journal("owner_notified"), "plant fetched the report from 192.0.2.77"));
  BOOST_TEST(
      holds(ask(method::get, path + "/report.csv", "", {}).body, "10.0.0.1,192.0.2.9,inbound"));
}

BOOST_AUTO_TEST_CASE(strangers_and_floods_get_nothing) {
  register_segment();
  const auto id = open_incident();
  const auto all = notifications(
      ask(method::post, "/api/v1/incidents/" + id + "/notifications", R"({"owner":"plant"})"));
  const auto path = path_of(all.at(0));
  auto forged = path;
  forged.back() = forged.back() == 'A' ? 'E' : 'A';
  BOOST_TEST(ask(method::get, forged, "", {}).status == 404U);
  BOOST_TEST(answer(forged, "answer=fixed").status == 404U);
  BOOST_TEST(answer(path, "answer=maybe").status == 400U);
  BOOST_TEST(answer(path, "%%%&&==").status == 400U);
  BOOST_TEST(ask(method::post, path, "{}", {}).status == 415U);
  for (int i = 0; i < notify::answers_limit; ++i)
    BOOST_TEST(answer(path, "answer=fixed").status == 200U);
  BOOST_TEST(answer(path, "answer=fixed").status == 429U);
  int refused = 0;
  for (int i = 0; i < api::notify::answer_limiter::requests_a_minute; ++i)
    refused += ask(method::get, path, "", {}).status == 429U ? 1 : 0;
  BOOST_TEST(refused > 0);
  BOOST_TEST(limiter.refused().value() == static_cast<std::uint64_t>(refused));
}

BOOST_AUTO_TEST_CASE(nobody_is_told_of_what_is_not_theirs) {
  register_segment();
  const auto base = "/api/v1/incidents/" + open_incident() + "/notifications";
  BOOST_TEST(ask(method::post, base, R"({"owner":"bank"})").status == 404U);
  BOOST_TEST(ask(method::post, base, R"({"owner":"plant","x":1})").status == 400U);
  BOOST_TEST(
      ask(method::post, "/api/v1/incidents/99/notifications", R"({"owner":"plant"})").status ==
      404U);
  BOOST_TEST(ask(method::get, "/api/v1/notifications?state=lost").status == 400U);
  BOOST_TEST(ask(method::get, "/api/v1/notifications/99").status == 404U);
  BOOST_REQUIRE(registry.undo({1}, "ana", at));
  const auto silent = ask(method::post, base, R"({"owner":"plant"})");
  BOOST_TEST(silent.status == 422U);
  BOOST_TEST(holds(silent.body, "no contact"));
}

BOOST_AUTO_TEST_SUITE_END()
