// Signing in with accounts in a real database: session, users and account_store.
#include "coord/api/session.hpp"

#include "coord/store/connection_pool.hpp"
#include "tests/coord/api/api_fixture.hpp"
#include "tests/support/test_database.hpp"

#include <boost/json/serialize.hpp>

using namespace cresset;
using namespace cresset::coord;
using http::method;

namespace {

struct fixture : tests::api_fixture {
  /// Signs in, and keeps the cookie as a browser does; who it is.
  http::identity sign_in(const std::string& login, const std::string& password) {
    const auto answer = ask(method::post, "/api/v1/session",
                            R"({"login":")" + login + R"(","password":")" + password + "\"}");
    BOOST_REQUIRE_MESSAGE(answer.status == 201U, answer.body);
    cookie = answer.headers.at(0).value;
    cookie = cookie.substr(0, cookie.find(';'));
    http::request r;
    r.headers = {{"Cookie", cookie}};
    sessions.identify(r);
    BOOST_REQUIRE(r.who);
    auto who = *r.who;
    who.csrf_token = "token"; // what the fixture sends
    return who;
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(coord_api_session, fixture)

BOOST_AUTO_TEST_CASE(an_empty_server_makes_its_first_administrator_once) {
  store::connection_pool empty_pool{tests::test_cluster::instance().fresh_database(), 2};
  store::user_store nobody{empty_pool};
  const auto password = api::make_first_account(nobody);
  BOOST_REQUIRE(password && *password);
  BOOST_TEST((**password).size() == 23U);
  api::account_store first{nobody};
  http::login door{first};
  const auto opened = door.sign_in("admin", **password, "192.0.2.1");
  BOOST_REQUIRE(opened);
  BOOST_TEST((opened->who.rights == api::rights_of(incident::user_role::administrator)));
  const auto again = api::make_first_account(nobody);
  BOOST_REQUIRE(again);
  BOOST_TEST(!*again);
}

BOOST_AUTO_TEST_CASE(an_administrator_adds_an_analyst_who_signs_in_and_out) {
  const auto admin = account("root", incident::user_role::administrator);
  const std::string body =
      R"({"login":"ann","full_name":"Ann","role":"analyst","password":"correct horse","must_change":false})";
  BOOST_TEST(post("/api/v1/users", body, admin).status == 201U);
  BOOST_TEST(post("/api/v1/users", body, admin).status == 422U); // taken
  const auto listed = get("/api/v1/users", admin);
  BOOST_TEST(listed.body.find(R"("login":"ann")") != std::string::npos);
  BOOST_TEST(listed.body.find("argon2") == std::string::npos);

  const auto ann = sign_in("ann", "correct horse");
  const auto self = json(get("/api/v1/session", ann));
  BOOST_TEST(self.at("rights").as_string() == "writer");
  BOOST_TEST(serialize(self.at("may")) == R"(["member","reader","writer"])");
  BOOST_TEST(get("/api/v1/users", ann).status == 403U);
  const auto bye = ask(method::remove, "/api/v1/session", "", ann);
  BOOST_TEST(bye.status == 204U);
  BOOST_TEST(bye.headers.at(0).value.ends_with("Max-Age=0"));
  http::request r;
  r.headers = {{"Cookie", cookie}};
  sessions.identify(r);
  BOOST_TEST(!r.who);
}

BOOST_AUTO_TEST_CASE(a_wrong_password_is_401_and_a_malformed_body_400) {
  BOOST_TEST(
      ask(method::post, "/api/v1/session", R"({"login":"nobody","password":"whatever"})").status ==
      401U);
  BOOST_TEST(ask(method::post, "/api/v1/session", R"({"login":"nobody"})").status == 400U);
  BOOST_TEST(
      ask(method::post, "/api/v1/session", R"({"login":"No Body'; --","password":"whatever"})")
          .status == 401U);
}

BOOST_AUTO_TEST_CASE(malformed_accounts_are_refused) {
  const auto admin = account("root", incident::user_role::administrator);
  for (const auto* body :
       {R"({"login":"Ann","full_name":"","role":"analyst","password":"correct horse"})",
        R"({"login":"ann","full_name":"","role":"god","password":"correct horse"})",
        R"({"login":"ann","full_name":"","role":"analyst","password":"11 letters."})",
        R"({"login":"ann","full_name":"","role":"analyst","password":"Ann's own password"})",
        R"({"login":"ann","full_name":"","role":"analyst","password":"121212121212"})"})
    BOOST_TEST(post("/api/v1/users", body, admin).status == 400U, body);
}

BOOST_AUTO_TEST_CASE(switching_an_account_off_ends_its_sessions) {
  const auto admin = account("root", incident::user_role::administrator);
  post("/api/v1/users",
       R"({"login":"ann","full_name":"","role":"analyst","password":"correct horse","must_change":false})", admin);
  const auto ann = sign_in("ann", "correct horse");
  const auto target = "/api/v1/users/" + std::to_string(ann.account);
  BOOST_TEST(ask(method::patch, target, R"({"disabled":true})", admin).status == 204U);
  BOOST_TEST(!sessions.is_open(ann.session));
  BOOST_TEST(ask(method::post, "/api/v1/session", R"({"login":"ann","password":"correct horse"})")
                 .status == 401U);
  const auto self = "/api/v1/users/" + std::to_string(admin.account);
  BOOST_TEST(ask(method::patch, self, R"({"disabled":true})", admin).status == 422U);
  BOOST_TEST(ask(method::patch, "/api/v1/users/999", R"({"disabled":true})", admin).status == 404U);
}

BOOST_AUTO_TEST_CASE(a_password_is_changed_by_its_owner_with_the_old_one) {
  const auto admin = account("root", incident::user_role::administrator);
  post("/api/v1/users",
       R"({"login":"ann","full_name":"","role":"analyst","password":"correct horse","must_change":false})", admin);
  const auto ann = sign_in("ann", "correct horse");
  const auto target = "/api/v1/users/" + std::to_string(ann.account) + "/password";
  const auto put = [&](const char* body, const http::identity& who) {
    return ask(method::put, target, body, who).status;
  };
  BOOST_TEST(put(R"({"password":"battery staple"})", ann) == 400U);
  BOOST_TEST(put(R"({"password":"battery staple","old_password":"wrong"})", ann) == 403U);
  BOOST_TEST(put(R"({"password":"battery staple","old_password":"correct horse"})", ann) == 204U);
  sign_in("ann", "battery staple");
  const auto bob = account("bob", incident::user_role::analyst);
  BOOST_TEST(put(R"({"password":"taken over now"})", bob) == 403U);
}

BOOST_AUTO_TEST_CASE(an_account_made_without_a_password_gets_one_that_opens_its_change_alone) {
  const auto admin = account("root", incident::user_role::administrator);
  const auto made = json(post("/api/v1/users", R"({"login":"ann","full_name":"","role":"lead"})", admin));
  const std::string first{made.at("first_password").as_string()};
  const auto ann = sign_in("ann", first);
  const auto self = json(get("/api/v1/session", ann));
  BOOST_TEST(self.at("must_change_password").as_bool());
  BOOST_TEST(serialize(self.at("may")) == R"(["member"])");
  BOOST_TEST(get("/api/v1/groups", ann).status == 403U);
  const auto target = "/api/v1/users/" + std::to_string(ann.account) + "/password";
  BOOST_TEST(ask(method::put, target,
                 R"({"password":"battery staple","old_password":")" + first + "\"}", ann).status == 204U);
  const auto free = sign_in("ann", "battery staple");
  BOOST_TEST(json(get("/api/v1/session", free)).at("rights").as_string() == "lead");
}

BOOST_AUTO_TEST_CASE(a_role_is_changed_by_an_administrator_and_never_ones_own) {
  const auto admin = account("root", incident::user_role::administrator);
  const auto ann = account("ann2", incident::user_role::viewer);
  const auto target = "/api/v1/users/" + std::to_string(ann.account);
  BOOST_TEST(ask(method::patch, target, R"({"role":"auditor"})", admin).status == 204U);
  BOOST_TEST((users.find("ann2")->role == incident::user_role::auditor));
  BOOST_TEST(ask(method::patch, target, R"({"role":"god"})", admin).status == 400U);
  BOOST_TEST(ask(method::patch, target, R"({"role":"lead","disabled":true})", admin).status == 400U);
  BOOST_TEST(ask(method::patch, "/api/v1/users/" + std::to_string(admin.account), R"({"role":"viewer"})", admin).status == 422U);
  BOOST_TEST((users.change_role({admin.account}, incident::user_role::viewer, "x").error().why ==
              incident::store_errc::refused));
  BOOST_TEST(number("SELECT count(*) FROM journal WHERE kind = 'user_changed' AND convert_from(body, 'UTF8') LIKE '%from viewer to auditor%'") == 1);
}

BOOST_AUTO_TEST_CASE(sign_ins_and_refusals_are_in_the_journal_without_what_strangers_type) {
  const auto admin = account("root", incident::user_role::administrator);
  post("/api/v1/users",
       R"({"login":"ann","full_name":"","role":"analyst","password":"correct horse","must_change":false})", admin);
  sign_in("ann", "correct horse");
  BOOST_TEST(number("SELECT count(*) FROM journal WHERE kind = 'signed_in'") == 1);
  ask(method::post, "/api/v1/session", R"({"login":"ann","password":"battery staple"})");
  ask(method::post, "/api/v1/session", R"({"login":"my secret password","password":"x"})");
  BOOST_TEST(number("SELECT count(*) FROM journal WHERE kind = 'refused'") == 2);
  BOOST_TEST(number("SELECT count(*) FROM journal WHERE convert_from(body, 'UTF8') LIKE '%secret%'") == 0);
}

BOOST_AUTO_TEST_CASE(refusals_are_written_by_allowance) {
  api::refusal_allowance allowance;
  auto at = tests::this_moment();
  std::uint64_t left_out = 0;
  for (int i = 0; i < api::refusal_allowance::at_once; ++i)
    BOOST_TEST(allowance.take(at, left_out));
  for (int i = 0; i < 1000; ++i)
    BOOST_TEST(!allowance.take(at, left_out));
  at += api::refusal_allowance::each;
  BOOST_TEST(allowance.take(at, left_out));
  BOOST_TEST(left_out == 1000U);
  BOOST_TEST(!allowance.take(at, left_out));
}

BOOST_AUTO_TEST_CASE(a_restarted_server_knows_the_session_from_the_store) {
  const auto admin = account("root", incident::user_role::administrator);
  post("/api/v1/users",
       R"({"login":"ann","full_name":"","role":"analyst","password":"correct horse","must_change":false})", admin);
  sign_in("ann", "correct horse");
  http::login restarted{accounts};
  http::request r;
  r.headers = {{"Cookie", cookie}};
  restarted.identify(r);
  BOOST_REQUIRE(r.who);
  BOOST_TEST(r.who->name == "ann");
}

BOOST_AUTO_TEST_SUITE_END()
