// The routes of people together, over a real database: sessions, second factor, tokens,
// certificates, two persons.
#include "coord/api/people/people_parts.hpp"

#include "coord/api/openapi.hpp"
#include "coord/api/people/approvals.hpp"
#include "coord/people/totp.hpp"
#include "coord/store/people/approval_store.hpp"
#include "coord/store/people/credential_store.hpp"
#include "tests/coord/api/api_fixture.hpp"
#include "tests/support/openapi_routes.hpp"

using namespace cresset;
using namespace cresset::coord;
using http::method;
using incident::user_role;

namespace {

struct fixture : tests::api_fixture {
  people::secret_box box{people::secret_box::key{}};
  store::people::credential_store credentials{pool};
  store::people::approval_store approvals{pool};
  timestamp at = tests::this_moment();
  http::router own; // this room's routes alone
  api::people::people_parts all{users, sessions, credentials,          approvals,
                                box,   "CERT",   [this] { return at; }};
  std::string password = "correct horse";

  fixture() {
    accounts.use(credentials, box);
    api::people::install_people(router, all);
    api::people::install_people(own, all);
  }

  http::identity person(const std::string& login, user_role role) {
    incident::user user;
    user.login = login;
    user.role = role;
    user.password_hash = http::hash_password(password).value();
    BOOST_REQUIRE(users.add(user, "test"));
    return sign_in(login);
  }
  http::identity sign_in(const std::string& login) {
    const auto opened = sessions.sign_in(login, password, "192.0.2.77");
    BOOST_REQUIRE(opened);
    auto who = opened->who;
    who.csrf_token = "token"; // what the fixture sends
    return who;
  }
  http::login_refusal refusal(const std::string& login, const std::string& code) {
    const auto opened = sessions.sign_in(login, password, "192.0.2.78", code);
    BOOST_REQUIRE(!opened);
    return opened.error().why;
  }
  http::response remove(const std::string& target, const http::identity& who) {
    return ask(method::remove, target, "", who);
  }
  http::request with_token(const std::string& token) {
    http::request r;
    r.peer = "192.0.2.80";
    r.headers = {{"Authorization", "Bearer " + token}};
    sessions.identify(r);
    return r;
  }
  /// Enrols and confirms; the secret and the recovery codes.
  std::pair<std::string, boost::json::array> enrolled(const http::identity& who) {
    const auto begun = json(post("/api/v1/second-factor", R"({"password":"correct horse"})", who));
    const auto secret = people::from_base32(begun.at("secret").as_string()).value();
    const auto code = people::hotp(as_bytes(secret), people::totp_step(at) - 1, 6);
    const auto answer = post("/api/v1/second-factor/confirm", R"({"code":")" + code + "\"}", who);
    BOOST_REQUIRE_MESSAGE(answer.status == 200U, answer.body);
    return {secret, json(answer).at("recovery_codes").as_array()};
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(coord_api_people, fixture)

BOOST_AUTO_TEST_CASE(the_description_has_every_route_with_its_rights_and_no_other) {
  BOOST_TEST(tests::described_routes(api::openapi_of("people")) == tests::installed_routes(own),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(own_sessions_are_listed_and_ended) {
  const auto first = person("ann", user_role::analyst);
  const auto second = sign_in("ann");
  const auto listed = json(get("/api/v1/sessions", second)).at("sessions").as_array();
  BOOST_REQUIRE(listed.size() == 2U);
  int current = 0;
  std::int64_t other = 0;
  for (const auto& one : listed) {
    if (one.at("current").as_bool())
      ++current;
    else
      other = one.at("id").as_int64();
  }
  BOOST_TEST(current == 1);
  const auto bob = person("bob", user_role::analyst);
  BOOST_TEST(remove("/api/v1/sessions/" + std::to_string(other), bob).status == 404U);
  BOOST_TEST(remove("/api/v1/sessions/" + std::to_string(other), second).status == 204U);
  BOOST_TEST(!sessions.is_open(first.session));
  sign_in("ann");
  BOOST_TEST(remove("/api/v1/sessions", second).status == 204U);
  BOOST_TEST(json(get("/api/v1/sessions", second)).at("sessions").as_array().size() == 1U);
  BOOST_TEST(sessions.is_open(second.session));
}

BOOST_AUTO_TEST_CASE(a_reset_password_ends_the_sessions_and_opens_its_change_alone) {
  const auto admin = person("root", user_role::administrator);
  const auto ann = person("ann", user_role::analyst);
  const auto target = "/api/v1/users/" + std::to_string(ann.account) + "/reset";
  BOOST_TEST(post(target, "", ann).status == 403U);
  BOOST_TEST(post("/api/v1/users/" + std::to_string(admin.account) + "/reset", "", admin).status ==
             422U);
  password = json(post(target, "", admin)).at("first_password").as_string();
  BOOST_TEST(!sessions.is_open(ann.session));
  BOOST_TEST((sign_in("ann").rights == http::right_set{http::right::member}));
}

BOOST_AUTO_TEST_CASE(a_second_factor_is_enrolled_asked_for_and_its_codes_are_taken_once) {
  const auto ann = person("ann", user_role::analyst);
  BOOST_TEST(post("/api/v1/second-factor", R"({"password":"wrong horse!"})", ann).status == 403U);
  BOOST_TEST(post("/api/v1/second-factor/confirm", R"({"code":"123456"})", ann).status == 404U);
  const auto [secret, recovery] = enrolled(ann);
  BOOST_TEST(recovery.size() == 10U);
  BOOST_TEST(post("/api/v1/second-factor", R"({"password":"correct horse"})", ann).status == 422U);
  BOOST_TEST((refusal("ann", "") == http::login_refusal::code_needed));
  BOOST_TEST((refusal("ann", "000000") == http::login_refusal::wrong));
  const auto code = people::hotp(as_bytes(secret), people::totp_step(now()), 6);
  BOOST_TEST(sessions.sign_in("ann", password, "192.0.2.79", code).has_value());
  BOOST_TEST((refusal("ann", code) == http::login_refusal::wrong)); // replayed
  const std::string one{recovery.at(3).as_string()};
  BOOST_TEST(sessions.sign_in("ann", password, "192.0.2.79", one).has_value());
  BOOST_TEST((refusal("ann", one) == http::login_refusal::wrong));
  const auto state = json(get("/api/v1/second-factor", ann));
  BOOST_TEST(state.at("recovery_codes_left").as_int64() == 9);
  BOOST_TEST(
      post("/api/v1/second-factor/recovery-codes", R"({"password":"correct horse"})", ann).status ==
      200U);
  BOOST_TEST(
      (refusal("ann", std::string{recovery.at(4).as_string()}) == http::login_refusal::wrong));
  BOOST_TEST(post("/api/v1/second-factor/remove", R"({"password":"correct horse"})", ann).status ==
             204U);
  sign_in("ann");
}

BOOST_AUTO_TEST_CASE(a_lost_authenticator_is_taken_away_by_an_administrator) {
  const auto admin = person("root", user_role::administrator);
  const auto ann = person("ann", user_role::analyst);
  enrolled(ann);
  const auto target = "/api/v1/users/" + std::to_string(ann.account) + "/second-factor";
  BOOST_TEST(remove(target, ann).status == 403U);
  BOOST_TEST(
      remove("/api/v1/users/" + std::to_string(admin.account) + "/second-factor", admin).status ==
      422U);
  BOOST_TEST(remove(target, admin).status == 204U);
  BOOST_TEST(remove(target, admin).status == 404U);
  BOOST_TEST(!sessions.is_open(ann.session));
  sign_in("ann");
}

BOOST_AUTO_TEST_CASE(a_token_may_what_its_scope_and_its_owner_may_and_no_more) {
  const auto ann = person("ann", user_role::analyst);
  const auto made = post("/api/v1/tokens", R"({"name":"ci","scope":"reader","days":7})", ann);
  BOOST_REQUIRE_MESSAGE(made.status == 201U, made.body);
  const std::string token{json(made).at("token").as_string()};
  auto shown = with_token(token);
  BOOST_REQUIRE(shown.who);
  BOOST_TEST((shown.who->rights == http::right_set{http::right::reader}));
  BOOST_TEST(get("/api/v1/groups", *shown.who).status == 200U);
  BOOST_TEST(get("/api/v1/tokens", *shown.who).status == 403U); // no token looks after tokens
  BOOST_TEST(get("/api/v1/tokens", ann).body.find(token) == std::string::npos);
  for (const auto* wrong :
       {R"({"name":"x","scope":"administrator","days":7})",
        R"({"name":"x","scope":"member","days":7})", R"({"name":"x","scope":"lead","days":7})",
        R"({"name":"x","scope":"","days":7})", R"({"name":"x","scope":"reader","days":367})",
        R"({"name":"x","scope":"reader reader2","days":1})"})
    BOOST_TEST(post("/api/v1/tokens", wrong, ann).status == 400U, wrong);
  BOOST_TEST(post("/api/v1/tokens", R"({"name":"ci","scope":"reader","days":7})", ann).status ==
             422U);
  BOOST_REQUIRE(users.disable({ann.account}, true, "test"));
  BOOST_TEST(!with_token(token).who);
  BOOST_REQUIRE(users.disable({ann.account}, false, "test"));
  const auto id = std::to_string(json(made).at("id").as_int64());
  BOOST_TEST(remove("/api/v1/tokens/" + id, person("bob", user_role::analyst)).status == 404U);
  BOOST_TEST(remove("/api/v1/tokens/" + id, ann).status == 204U);
  BOOST_TEST(!with_token(token).who);
}

BOOST_AUTO_TEST_CASE(an_administrator_sees_and_revokes_tokens_of_others) {
  const auto admin = person("root", user_role::administrator);
  const auto ann = person("ann", user_role::analyst);
  const auto made =
      json(post("/api/v1/tokens", R"({"name":"ci","scope":"reader writer","days":7})", ann));
  const auto of_ann = "/api/v1/users/" + std::to_string(ann.account) + "/tokens";
  BOOST_TEST(json(get(of_ann, admin)).at("tokens").as_array().size() == 1U);
  BOOST_TEST(get(of_ann, ann).status == 403U);
  BOOST_TEST(remove(of_ann + "/" + std::to_string(made.at("id").as_int64()), admin).status == 204U);
  BOOST_TEST(get("/api/v1/users/999/tokens", admin).status == 404U);
}

BOOST_AUTO_TEST_CASE(a_certificate_stands_for_the_account_it_was_given) {
  const auto admin = person("root", user_role::administrator);
  const auto ann = person("ann", user_role::analyst);
  const auto target = "/api/v1/users/" + std::to_string(ann.account) + "/certificates";
  const std::string print(64, 'a');
  BOOST_TEST(post(target, R"({"fingerprint":"short"})", admin).status == 400U);
  BOOST_TEST(post(target, "{}", admin).status == 400U);
  const auto made = post(target, R"({"fingerprint":")" + print + "\"}", admin);
  BOOST_REQUIRE_MESSAGE(made.status == 201U, made.body);
  http::request r;
  r.certificate = {print, "CN=x"};
  sessions.identify(r);
  BOOST_REQUIRE(r.who);
  BOOST_TEST(r.who->name == "ann");
  BOOST_TEST(json(get(target, admin)).at("certificates").as_array().size() == 1U);
  BOOST_TEST(remove(target + "/" + std::to_string(json(made).at("id").as_int64()), admin).status ==
             204U);
  sessions.identify(r);
  BOOST_TEST(!r.who);
}

BOOST_AUTO_TEST_CASE(a_held_change_of_role_needs_a_second_administrator) {
  api::people::ask_two_persons(router, all, {"PATCH /api/v1/users/{id}"});
  const auto ann = person("ann", user_role::administrator);
  const auto bob = person("bob", user_role::administrator);
  const auto carl = person("carl", user_role::viewer);
  const auto target = "/api/v1/users/" + std::to_string(carl.account);
  const auto asked = ask(method::patch, target, R"({"role":"lead"})", ann);
  BOOST_REQUIRE_MESSAGE(asked.status == 202U, asked.body);
  BOOST_TEST((users.find("carl")->role == user_role::viewer));
  const auto held = "/api/v1/approvals/" + std::to_string(json(asked).at("id").as_int64());
  BOOST_TEST(post(held + "/approve", "", ann).status == 403U);
  BOOST_TEST(post(held + "/approve", "", carl).status == 403U);
  auto program = bob;
  program.how = http::shown_by::token;
  BOOST_TEST(post(held + "/approve", "", program).status == 403U);
  BOOST_TEST((users.find("carl")->role == user_role::viewer));
  const auto done = post(held + "/approve", "", bob);
  BOOST_REQUIRE_MESSAGE(done.status == 200U, done.body);
  BOOST_TEST(json(done).at("outcome").as_int64() == 204);
  BOOST_TEST((users.find("carl")->role == user_role::shift_lead));
  BOOST_TEST(post(held + "/approve", "", bob).status == 403U); // once
  BOOST_TEST(json(get(held, bob)).at("state").as_string() == "done");
  BOOST_TEST(number("SELECT count(*) FROM journal WHERE kind = 'approval'") == 3);
  // Nor is there a way around it: an account begins without a role worth having.
  BOOST_TEST(
      post("/api/v1/users", R"({"login":"dora","full_name":"","role":"admin"})", ann).status ==
      422U);
  BOOST_TEST(
      post("/api/v1/users", R"({"login":"dora","full_name":"","role":"viewer"})", ann).status ==
      201U);
}

BOOST_AUTO_TEST_CASE(a_request_expires_is_refused_or_withdrawn_and_lapses_with_its_makers_rights) {
  api::people::ask_two_persons(router, all, {"PATCH /api/v1/users/{id}"});
  const auto ann = person("ann", user_role::administrator);
  const auto bob = person("bob", user_role::administrator);
  const auto carl = person("carl", user_role::viewer);
  const auto ask_once = [&] {
    const auto asked = ask(method::patch, "/api/v1/users/" + std::to_string(carl.account),
                           R"({"role":"lead"})", ann);
    return "/api/v1/approvals/" + std::to_string(json(asked).at("id").as_int64());
  };
  const auto refused = ask_once();
  BOOST_TEST(post(refused + "/refuse", "", bob).status == 200U);
  BOOST_TEST(post(refused + "/approve", "", bob).status == 403U);
  const auto withdrawn = ask_once();
  BOOST_TEST(post(withdrawn + "/withdraw", "", bob).status == 422U);
  BOOST_TEST(post(withdrawn + "/withdraw", "", ann).status == 200U);
  const auto late = ask_once();
  at += people::approval_life;
  BOOST_TEST(json(get(late, bob)).at("state").as_string() == "expired");
  BOOST_TEST(post(late + "/approve", "", bob).status == 403U);
  const auto lapsed = ask_once();
  BOOST_REQUIRE(users.change_role({ann.account}, user_role::viewer, "test"));
  const auto done = post(lapsed + "/approve", "", bob);
  BOOST_TEST(json(done).at("outcome").as_int64() == 403);
  BOOST_TEST((users.find("carl")->role == user_role::viewer));
  BOOST_TEST(json(get("/api/v1/approvals?limit=2", bob)).at("approvals").as_array().size() == 2U);
  BOOST_TEST(json(get("/api/v1/approvals?limit=2", bob)).at("next").is_int64());
}

BOOST_AUTO_TEST_CASE(whoever_was_reset_by_the_one_who_asks_is_no_second_person) {
  api::people::ask_two_persons(router, all, {"PATCH /api/v1/users/{id}"});
  const auto ann = person("ann", user_role::administrator);
  const auto bob = person("bob", user_role::administrator);
  const auto carl = person("carl", user_role::viewer);
  BOOST_REQUIRE(users.change_password({bob.account}, "x", "ann"));
  const auto asked = ask(method::patch, "/api/v1/users/" + std::to_string(carl.account),
                         R"({"role":"lead"})", ann);
  const auto held = "/api/v1/approvals/" + std::to_string(json(asked).at("id").as_int64());
  BOOST_TEST(post(held + "/approve", "", bob).status == 403U);
  at += people::credentials_rest - std::chrono::hours{1};
  BOOST_TEST(post(held + "/approve", "", bob).status == 403U);
}

BOOST_AUTO_TEST_CASE(a_policy_that_cannot_hold_is_refused) {
  for (const auto* act : {"POST /api/v1/users", "POST /api/v1/users/{id}/reset",
                          "GET /api/v1/users", "POST /api/v1/tokens", "POST /nowhere"})
    BOOST_CHECK_THROW(api::people::ask_two_persons(router, all, {act}), std::invalid_argument);
  const auto acts = api::people::acts_from(" PATCH /a/{id} ,POST /b,, ");
  BOOST_REQUIRE(acts.size() == 2U);
  BOOST_TEST(acts[0] == "PATCH /a/{id}");
  BOOST_TEST(acts[1] == "POST /b");
}

BOOST_AUTO_TEST_SUITE_END()
