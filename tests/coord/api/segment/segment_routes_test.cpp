#include "coord/api/openapi.hpp"
#include "coord/api/segment/segment_routes.hpp"
#include "coord/segment/registry.hpp"
#include "coord/store/segment/segment_store.hpp"
#include "tests/coord/store/store_fixture.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <set>

using namespace cresset;
using namespace cresset::coord;
using http::method;
using http::right;

namespace {

struct segment_api : tests::store_fixture {
  store::segment::segment_store registry{pool};
  incident::address_books books;
  api::segment::upload_shelf uploads;
  http::router router;
  int changes = 0;

  segment_api() {
    api::segment::install(router, {registry, books, uploads, [this] { refresh(); }});
  }
  void refresh() {
    ++changes;
    const auto live = registry.live();
    BOOST_REQUIRE(live);
    const auto today = std::chrono::floor<std::chrono::days>(now());
    books.replace(std::make_shared<segment::registry>(*live, today));
  }
  http::response ask(method m, const std::string& target, const std::string& body = "",
                     http::right_set rights = {right::reader, right::writer, right::lead},
                     std::int64_t account = 1) {
    http::request r;
    r.method = m;
    BOOST_REQUIRE_MESSAGE(http::read_target(target, r), target);
    r.headers = {{"Host", "here"}, {"Content-Type", "application/json"}, {"X-CSRF-Token", "token"}};
    r.body = body;
    r.peer = "192.0.2.77";
    r.who = http::identity{"ann", account, rights, 1, "token"};
    return router.handle(r);
  }
  static boost::json::object json(const http::response& answer) {
    return boost::json::parse(answer.body).as_object();
  }
  boost::json::object get(const std::string& target) {
    const auto answer = ask(method::get, target);
    BOOST_REQUIRE_MESSAGE(answer.status == 200U, target << " " << answer.body);
    return json(answer);
  }
};

constexpr const char* import_body =
    R"({"source":"kz","format":"prefix_list","own_country":"KZ","country":"KZ","owner":"isp",)"
    R"("text":"10.0.0.0/8\n2001:db8::/32\n")";

} // namespace

BOOST_FIXTURE_TEST_SUITE(coord_api_segment, segment_api)

BOOST_AUTO_TEST_CASE(openapi_describes_every_route_with_its_rights_and_no_other) {
  std::set<std::string> described;
  const auto document = boost::json::parse(api::openapi_of("segment")).as_object();
  for (const auto& path : document.at("paths").as_object())
    for (const auto& operation : path.value().as_object()) {
      std::string verb{operation.key()};
      std::ranges::transform(verb, verb.begin(), [](char c) { return static_cast<char>(c - 32); });
      described.insert(verb + " " + std::string{path.key()} + " " +
                       std::string{operation.value().at("x-needs").as_string()});
    }
  std::set<std::string> installed;
  for (const auto& route : router.routes())
    installed.insert(std::string{to_string(route.method)} + " " + route.pattern + " " +
                     std::string{to_string(route.needs)});
  BOOST_TEST(described == installed, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_file_is_compared_imported_looked_up_and_undone) {
  const auto dry = ask(method::post, "/api/v1/segment/imports",
                       std::string{import_body} + R"(,"dry_run":true})");
  BOOST_REQUIRE_MESSAGE(dry.status == 200U, dry.body);
  BOOST_TEST(json(dry).at("change").is_null());
  BOOST_TEST(json(dry).at("added_count").as_int64() == 2);
  BOOST_TEST(json(dry).at("unknown_owners").as_array().at(0).as_string() == "isp");
  BOOST_TEST(changes == 0);
  const auto done = ask(method::post, "/api/v1/segment/imports", std::string{import_body} + "}");
  BOOST_REQUIRE_MESSAGE(done.status == 201U, done.body);
  BOOST_TEST(json(done).at("change").at("by").as_string() == "ann");
  BOOST_TEST(changes == 1);
  BOOST_TEST(ask(method::post, "/api/v1/segment/imports", std::string{import_body} + "}").status ==
             200U);
  const auto found = get("/api/v1/segment/lookup?address=10.1.2.3");
  BOOST_TEST(found.at("place").at("ours").as_bool());
  BOOST_TEST(found.at("place").at("country").as_string() == "KZ");
  BOOST_TEST(found.at("records").as_array().at(0).at("key").as_string() == "10.0.0.0/8");
  BOOST_TEST(!get("/api/v1/segment/lookup?address=::1").at("place").at("ours").as_bool());
  BOOST_TEST(get("/api/v1/segment/changes").at("changes").as_array().size() == 1U);
  BOOST_TEST(get("/api/v1/segment/changes/1").at("added").as_array().size() == 2U);
  BOOST_TEST(ask(method::post, "/api/v1/segment/changes/1/undo").status == 200U);
  BOOST_TEST(ask(method::post, "/api/v1/segment/changes/1/undo").status == 422U);
  BOOST_TEST(ask(method::post, "/api/v1/segment/changes/9/undo").status == 404U);
  BOOST_TEST(!get("/api/v1/segment/lookup?address=10.1.2.3").at("place").at("ours").as_bool());
}

BOOST_AUTO_TEST_CASE(a_wrong_file_is_refused_with_its_lines) {
  const auto refused =
      ask(method::post, "/api/v1/segment/imports",
          R"({"source":"kz","format":"prefix_list","text":"10.0.0.0/8\nx\n10.0.0.1/8\n"})");
  BOOST_TEST(refused.status == 422U);
  const auto mistakes = json(refused).at("mistakes").as_array();
  BOOST_REQUIRE(mistakes.size() == 2U);
  BOOST_TEST(mistakes.at(0).at("line").as_int64() == 2);
  BOOST_TEST(mistakes.at(1).at("line").as_int64() == 3);
  for (const auto* wrong :
       {R"({})", R"({"source":"manual","format":"csv","text":"kind,key"})",
        R"({"source":"kz","format":"xml","text":"x"})", R"({"source":"kz","format":"csv"})",
        R"({"source":"kz","format":"csv","upload":"0000"})",
        R"({"source":"kz","format":"csv","text":"kind,key","own_country":"kz"})",
        R"({"source":"kz","format":"csv","text":"kind,key","colour":1})"})
    BOOST_TEST(ask(method::post, "/api/v1/segment/imports", wrong).status == 400U, wrong);
}

BOOST_AUTO_TEST_CASE(a_large_file_comes_in_parts) {
  const auto begun = ask(method::post, "/api/v1/segment/uploads");
  BOOST_REQUIRE(begun.status == 201U);
  const std::string name{json(begun).at("upload").as_string()};
  const auto parts = "/api/v1/segment/uploads/" + name + "/parts";
  const auto part = [&](const char* body, std::int64_t account = 1) {
    return ask(method::post, parts, body, {right::lead}, account).status;
  };
  BOOST_TEST(part(R"({"number":1,"text":"kind,key,na"})") == 204U);
  BOOST_TEST(part(R"({"number":1,"text":"kind,key,na"})") == 204U);
  BOOST_TEST(part(R"({"number":3,"text":"x"})") == 422U);
  BOOST_TEST(part(R"({"number":2,"text":"x"})", 2) == 404U);
  BOOST_TEST(part(R"({"number":2,"text":"me\nowner,plant,Plant\n"})") == 204U);
  const auto done = ask(method::post, "/api/v1/segment/imports",
                        R"({"source":"table","format":"csv","upload":")" + name + "\"}");
  BOOST_TEST(done.status == 201U, done.body);
  BOOST_TEST(get("/api/v1/segment/records?text=PLAN").at("records").as_array().size() == 1U);
  BOOST_TEST(part(R"({"number":3,"text":"x"})") == 404U);
  for (int i = 0; i < 4; ++i)
    BOOST_TEST(ask(method::post, "/api/v1/segment/uploads").status == 201U);
  BOOST_TEST(ask(method::post, "/api/v1/segment/uploads").status == 503U);
}

BOOST_AUTO_TEST_CASE(records_are_entered_replaced_and_taken_out_by_those_who_may) {
  const auto* contact = R"({"kind":"contact","owner":"plant","email":"noc@plant.kz",)"
                        R"("language":"ru","delivery":"digest","valid_to":"2030-01-31"})";
  BOOST_TEST(ask(method::put, "/api/v1/segment/records", contact, {right::reader}).status == 403U);
  BOOST_TEST(
      ask(method::put, "/api/v1/segment/records", contact, {right::reader, right::writer}).status ==
      201U);
  const auto page = get("/api/v1/segment/records?kind=contact&owner=plant&limit=1");
  const auto& record = page.at("records").as_array().at(0);
  BOOST_TEST(record.at("key").as_string() == "plant/noc@plant.kz");
  BOOST_TEST(record.at("valid_to").as_string() == "2030-01-31");
  BOOST_TEST(record.at("source").as_string() == "manual");
  BOOST_TEST(page.at("next").as_int64() == record.at("id").as_int64());
  const auto id = std::to_string(record.at("id").as_int64());
  BOOST_TEST(ask(method::remove, "/api/v1/segment/records/" + id).status == 200U);
  BOOST_TEST(ask(method::remove, "/api/v1/segment/records/" + id).status == 404U);
  for (const auto& [body, member] : std::initializer_list<std::pair<const char*, const char*>>{
           {R"({"kind":"contact","owner":"plant","email":"no mail"})", "email"},
           {R"({"kind":"contact","owner":"plant"})", "email"},
           {R"({"kind":"prefix","key":"10.0.0.1/8"})", "key"},
           {R"({"kind":"ship"})", "kind"},
           {R"({"kind":"owner","key":"a","valid_from":"2026-02-30"})", "valid_from"},
           {R"({"kind":"owner","key":"a","criticality":6})", "criticality"},
           {R"({"kind":"owner","key":"a","country":"kz"})", "country"}}) {
    const auto refused = ask(method::put, "/api/v1/segment/records", body);
    BOOST_TEST(refused.status == 400U, body);
    BOOST_TEST(json(refused).at("member").as_string() == member, refused.body);
  }
}

BOOST_AUTO_TEST_CASE(questions_that_make_no_sense_are_refused) {
  for (const auto* wrong :
       {"/api/v1/segment/lookup", "/api/v1/segment/lookup?address=x",
        "/api/v1/segment/lookup?address=10.0.0.1&as=1", "/api/v1/segment/lookup?as=4294967296",
        "/api/v1/segment/lookup?domain=..", "/api/v1/segment/records?kind=ship",
        "/api/v1/segment/records?limit=201", "/api/v1/segment/changes?before=-1"})
    BOOST_TEST(ask(method::get, wrong).status == 400U, wrong);
  BOOST_TEST(ask(method::get, "/api/v1/segment/changes/7").status == 404U);
  BOOST_TEST(get("/api/v1/segment/lookup?domain=x.kz").at("records").as_array().empty());
  BOOST_TEST(get("/api/v1/segment/lookup?as=64500").at("place").is_null());
}

BOOST_AUTO_TEST_SUITE_END()
