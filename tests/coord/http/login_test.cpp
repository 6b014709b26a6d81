#include "coord/http/login.hpp"

#include "tests/coord/http/memory_accounts.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset::coord::http;
using namespace std::chrono_literals;

namespace {

struct fixture {
  std::chrono::steady_clock::time_point at{100h};
  memory_accounts accounts;
  login_limits limits;
  std::vector<std::uint64_t> ended;
  std::unique_ptr<login> sessions;

  fixture() {
    accounts.add("ann", "correct horse", right_set{right::writer});
    open();
  }
  void open() {
    sessions = std::make_unique<login>(accounts, limits, [this] { return at; });
    sessions->on_end([this](std::uint64_t s) { ended.push_back(s); });
  }
  opened_session sign_in() {
    auto opened = sessions->sign_in("ann", "correct horse", "192.0.2.1");
    BOOST_REQUIRE(opened);
    return std::move(opened.value());
  }
  static request with(const opened_session& s) {
    request r;
    r.headers = {{"Cookie", s.cookie.substr(0, s.cookie.find(';'))}};
    return r;
  }
  std::optional<identity> seen(const opened_session& s) {
    auto r = with(s);
    sessions->identify(r);
    return r.who;
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(coord_http_login, fixture)

BOOST_AUTO_TEST_CASE(whoever_knows_the_password_gets_a_cookie_that_is_known_again) {
  const auto s = sign_in();
  BOOST_TEST(s.cookie.starts_with("__Host-cresset="));
  BOOST_TEST(s.cookie.ends_with("; Path=/; Secure; HttpOnly; SameSite=Strict"));
  const auto who = seen(s);
  BOOST_REQUIRE(who);
  BOOST_TEST(who->name == "ann");
  BOOST_TEST((who->rights == right_set{right::writer}));
  BOOST_TEST(who->csrf_token == s.who.csrf_token);
  BOOST_TEST(s.cookie.find(s.who.csrf_token) == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_wrong_password_and_an_unknown_name_are_refused_alike) {
  const auto wrong = sessions->sign_in("ann", "wrong horse", "192.0.2.1");
  BOOST_REQUIRE(!wrong);
  BOOST_TEST((wrong.error().why == login_refusal::wrong));
  const auto unknown = sessions->sign_in("bob", "correct horse", "192.0.2.1");
  BOOST_REQUIRE(!unknown);
  BOOST_TEST((unknown.error().why == login_refusal::wrong));
  BOOST_TEST(sessions->counters().wrong == 2U);
}

BOOST_AUTO_TEST_CASE(after_failures_even_the_right_password_has_to_wait) {
  limits.failures_name_and_peer = 2;
  open();
  (void)sessions->sign_in("ann", "wrong horse", "192.0.2.1");
  (void)sessions->sign_in("ann", "wrong horse", "192.0.2.1");
  const auto early = sessions->sign_in("ann", "correct horse", "192.0.2.1");
  BOOST_REQUIRE(!early);
  BOOST_TEST((early.error().why == login_refusal::wait));
  BOOST_TEST(early.error().wait.count() == 4);
  at += 4s;
  sign_in();
}

BOOST_AUTO_TEST_CASE(a_session_ends_when_idle_or_old) {
  const auto idle = sign_in();
  at += 29min;
  BOOST_TEST(seen(idle).has_value());
  at += 30min;
  BOOST_TEST(!seen(idle));
  BOOST_TEST(ended == std::vector<std::uint64_t>{idle.who.session},
             boost::test_tools::per_element());
  const auto old = sign_in();
  for (int i = 0; i < 12 * 3; ++i) {
    BOOST_TEST(seen(old).has_value());
    at += 20min;
  }
  BOOST_TEST(!seen(old));
  BOOST_TEST(sessions->counters().expired == 2U);
}

BOOST_AUTO_TEST_CASE(signing_out_ends_the_session_here_and_in_the_store) {
  const auto s = sign_in();
  BOOST_TEST(sessions->end(s.who.session));
  BOOST_TEST(!sessions->end(s.who.session));
  BOOST_TEST(!seen(s));
  BOOST_TEST(accounts.sessions.empty());
  BOOST_TEST(ended.size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_restart_knows_the_session_and_its_token) {
  const auto s = sign_in();
  open();
  const auto who = seen(s);
  BOOST_REQUIRE(who);
  BOOST_TEST(who->csrf_token == s.who.csrf_token);
}

BOOST_AUTO_TEST_CASE(a_session_that_the_store_no_longer_holds_ends_within_the_recheck) {
  const auto s = sign_in();
  accounts.sessions.clear();
  BOOST_TEST(seen(s).has_value());
  at += limits.recheck;
  BOOST_TEST(!seen(s));
  BOOST_TEST(ended.size() == 1U);
}

BOOST_AUTO_TEST_CASE(rights_follow_the_account_at_the_recheck) {
  const auto s = sign_in();
  accounts.accounts["ann"].rights = {right::reader};
  at += limits.recheck;
  BOOST_TEST((seen(s)->rights == right_set{right::reader}));
}

BOOST_AUTO_TEST_CASE(a_store_out_of_reach_opens_no_session_and_ends_none) {
  const auto s = sign_in();
  accounts.broken = true;
  const auto refused = sessions->sign_in("ann", "correct horse", "192.0.2.1");
  BOOST_REQUIRE(!refused);
  BOOST_TEST((refused.error().why == login_refusal::unavailable));
  at += limits.recheck;
  BOOST_TEST(seen(s).has_value());
}

BOOST_AUTO_TEST_CASE(an_account_has_so_many_sessions_and_the_oldest_goes) {
  limits.sessions_an_account = 2;
  open();
  const auto first = sign_in();
  at += 1s;
  const auto second = sign_in();
  at += 1s;
  const auto third = sign_in();
  BOOST_TEST(ended == std::vector<std::uint64_t>{first.who.session},
             boost::test_tools::per_element());
  BOOST_TEST(sessions->counters().open == 2U);
  BOOST_TEST(sessions->counters().evicted == 1U);
  BOOST_TEST(seen(third).has_value());
  BOOST_TEST(sessions->end_all("ann") == 2U);
}

BOOST_AUTO_TEST_CASE(a_cookie_of_our_making_is_not_guessed_from_its_shape) {
  for (const auto* value : {"", "short", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}) {
    request r;
    r.headers = {{"Cookie", std::string{login::cookie_name} + "=" + value}};
    sessions->identify(r);
    BOOST_TEST(!r.who);
  }
}

BOOST_AUTO_TEST_CASE(what_was_idle_here_is_dropped_at_the_source_and_does_not_come_back) {
  const auto idle = sign_in();
  at += limits.idle;
  BOOST_TEST(!seen(idle));
  BOOST_TEST(accounts.sessions.empty());
  BOOST_TEST(!seen(idle));
}

BOOST_AUTO_TEST_CASE(a_second_factor_is_asked_for_behind_the_password) {
  accounts.accounts["ann"].has_second_factor = true;
  accounts.codes["ann"] = "123456";
  const auto without = sessions->sign_in("ann", "correct horse", "192.0.2.1");
  BOOST_REQUIRE(!without);
  BOOST_TEST((without.error().why == login_refusal::code_needed));
  // A wrong password is wrong whatever code comes with it, and does not tell of the factor.
  BOOST_TEST(
      (sessions->sign_in("ann", "wrong horse", "192.0.2.1").error().why == login_refusal::wrong));
  BOOST_TEST((sessions->sign_in("ann", "wrong horse", "192.0.2.1", "123456").error().why ==
              login_refusal::wrong));
  BOOST_TEST((sessions->sign_in("ann", "correct horse", "192.0.2.1", "123457").error().why ==
              login_refusal::wrong));
  BOOST_TEST(sessions->sign_in("ann", "correct horse", "192.0.2.1", "123456").has_value());
  BOOST_TEST((sessions->sign_in("ann", "correct horse", "192.0.2.1", "123456").error().why ==
              login_refusal::wrong));
  BOOST_TEST(accounts.refusals.size() == 5U);
  BOOST_TEST(accounts.refusals.front() == "ann code_needed");
}

BOOST_AUTO_TEST_CASE(wrong_codes_are_counted_like_wrong_passwords) {
  accounts.accounts["ann"].has_second_factor = true;
  accounts.codes["ann"] = "123456";
  limits.failures_name_and_peer = 3;
  open();
  for (int i = 0; i < 3; ++i)
    (void)sessions->sign_in("ann", "correct horse", "192.0.2.1", "000000");
  BOOST_TEST((sessions->sign_in("ann", "correct horse", "192.0.2.1", "123456").error().why ==
              login_refusal::wait));
}

BOOST_AUTO_TEST_CASE(a_token_says_who_it_is_and_its_end_is_at_once) {
  accounts.tokens["cst_x"] = "ann";
  request r;
  r.peer = "192.0.2.1";
  r.headers = {{"Authorization", "Bearer cst_x"}};
  sessions->identify(r);
  BOOST_REQUIRE(r.who);
  BOOST_TEST((r.who->how == shown_by::token));
  BOOST_TEST(r.who->session == 0U);
  accounts.tokens.clear();
  sessions->identify(r);
  BOOST_TEST(!r.who);
}

BOOST_AUTO_TEST_CASE(a_wrong_token_is_not_made_good_by_a_cookie_and_guessers_wait) {
  const auto s = sign_in();
  auto r = with(s);
  r.peer = "192.0.2.9";
  r.headers.push_back({"Authorization", "Bearer guess"});
  for (unsigned i = 0; i < limits.failures_peer + 10; ++i) {
    sessions->identify(r);
    BOOST_TEST(!r.who);
  }
  BOOST_TEST(static_cast<unsigned>(accounts.token_questions) == limits.failures_peer);
  BOOST_TEST(sessions->counters().tokens_wrong == limits.failures_peer);
}

BOOST_AUTO_TEST_CASE(a_certificate_says_who_it_is_where_neither_token_nor_cookie_does) {
  accounts.certificates["ab"] = "ann";
  request r;
  r.certificate = {"ab", "CN=ann"};
  sessions->identify(r);
  BOOST_REQUIRE(r.who);
  BOOST_TEST((r.who->how == shown_by::certificate));
  r.headers = {{"Cookie", std::string{login::cookie_name} + "=" + std::string(43, 'A')}};
  sessions->identify(r);
  BOOST_TEST(!r.who);
  r.headers.clear();
  r.certificate = {"cd", "CN=ann"};
  sessions->identify(r);
  BOOST_TEST(!r.who);
}

BOOST_AUTO_TEST_CASE(all_sessions_of_an_account_end_but_the_one_that_asks) {
  const auto first = sign_in();
  const auto second = sign_in();
  BOOST_TEST(sessions->end_all("ann", second.who.session) == 1U);
  BOOST_TEST(!seen(first));
  BOOST_TEST(seen(second).has_value());
  BOOST_REQUIRE(sessions->hash_of(second.who.session));
  sessions->forget(*sessions->hash_of(second.who.session));
  BOOST_TEST(!sessions->is_open(second.who.session));
}

BOOST_AUTO_TEST_SUITE_END()
