// Authenticators, tokens, certificates and requests for a second person, over one real database.
#include "coord/store/people/credential_store.hpp"

#include "coord/store/people/approval_store.hpp"
#include "coord/store/user_store.hpp"
#include "tests/coord/store/store_fixture.hpp"

using namespace cresset;
using namespace cresset::coord::people;
using coord::incident::store_errc;
using namespace std::chrono_literals;

namespace {

struct fixture : tests::store_fixture {
  coord::store::people::credential_store credentials{pool};
  coord::store::people::approval_store approvals{pool};
  coord::store::user_store users{pool};
  timestamp at = tests::this_moment();
  user_id bob;

  fixture() {
    coord::incident::user second;
    second.login = "bob";
    bob = users.add(second, "test").value();
  }

  static secret_hash hash_of(int number) {
    secret_hash hash{};
    hash[0] = static_cast<std::byte>(number);
    return hash;
  }
  api_token token(const std::string& name) {
    api_token one;
    one.owner = analyst;
    one.name = name;
    one.prefix = "cst_abc";
    one.scope = 8;
    one.made = at;
    one.expires = at + 1h;
    return one;
  }
  approval call() {
    approval asked;
    asked.act = "PATCH /api/v1/users/{id}";
    asked.method = "PATCH";
    asked.target = "/api/v1/users/2";
    asked.body = R"({"role":"lead"})";
    asked.asked_by = analyst;
    asked.asked = at;
    asked.expires = at + approval_life;
    return asked;
  }
  std::int64_t entries(const std::string& kind) {
    return number("SELECT count(*) FROM journal WHERE kind = '" + kind + "'");
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(coord_store_people, fixture)

BOOST_AUTO_TEST_CASE(a_second_factor_asks_from_its_first_code_on_and_takes_each_step_once) {
  BOOST_TEST((credentials.factor(analyst).error().why == store_errc::not_found));
  BOOST_REQUIRE(credentials.enrol(analyst, as_bytes("sealed"), at));
  BOOST_REQUIRE(credentials.enrol(analyst, as_bytes("again"), at));
  BOOST_TEST(!credentials.factor(analyst)->confirmed);
  BOOST_TEST(!users.find(analyst)->has_second_factor);
  BOOST_TEST(!*credentials.use_step(analyst, 7));
  const std::array<secret_hash, 2> codes{hash_of(1), hash_of(2)};
  BOOST_REQUIRE(credentials.confirm(analyst, 7, codes, "ana", at));
  BOOST_TEST(!credentials.confirm(analyst, 8, codes, "ana", at));
  BOOST_TEST(!credentials.enrol(analyst, as_bytes("third"), at));
  BOOST_TEST(users.find(analyst)->has_second_factor);
  BOOST_TEST(!*credentials.use_step(analyst, 7));
  BOOST_TEST(*credentials.use_step(analyst, 9));
  BOOST_TEST(!*credentials.use_step(analyst, 8));
  BOOST_TEST(as_text(credentials.factor(analyst)->sealed) == "again");
  BOOST_REQUIRE(credentials.remove_factor(analyst, "ana", at));
  BOOST_TEST(!credentials.remove_factor(analyst, "ana", at));
  BOOST_TEST(entries("credential_changed") == 2);
}

BOOST_AUTO_TEST_CASE(a_recovery_code_is_used_once) {
  const std::array<secret_hash, 2> codes{hash_of(1), hash_of(2)};
  BOOST_REQUIRE(credentials.enrol(analyst, as_bytes("sealed"), at));
  BOOST_TEST(!*credentials.use_recovery_code(analyst, hash_of(1), at));
  BOOST_REQUIRE(credentials.confirm(analyst, 7, codes, "ana", at));
  BOOST_TEST(*credentials.use_recovery_code(analyst, hash_of(1), at));
  BOOST_TEST(!*credentials.use_recovery_code(analyst, hash_of(1), at));
  BOOST_TEST(!*credentials.use_recovery_code(bob, hash_of(2), at));
  BOOST_TEST(credentials.factor(analyst)->recovery_codes_left == 1);
  const std::array<secret_hash, 1> anew{hash_of(3)};
  BOOST_REQUIRE(credentials.renew_recovery_codes(analyst, anew, "ana", at));
  BOOST_TEST(!*credentials.use_recovery_code(analyst, hash_of(2), at));
  BOOST_TEST(!credentials.renew_recovery_codes(bob, anew, "bob", at));
}

BOOST_AUTO_TEST_CASE(a_token_lives_until_it_expires_or_is_revoked_by_its_owner) {
  const auto id = credentials.add_token(token("ci"), hash_of(1), "ana");
  BOOST_REQUIRE(id);
  BOOST_TEST(!credentials.add_token(token("ci"), hash_of(2), "ana"));
  BOOST_TEST(credentials.find_token(hash_of(1), at)->scope == 8U);
  BOOST_TEST(!credentials.find_token(hash_of(1), at + 1h));
  BOOST_TEST(!credentials.find_token(hash_of(2), at));
  const auto listed = credentials.tokens_of(analyst);
  BOOST_REQUIRE(listed->size() == 1U);
  BOOST_TEST(listed->front().used.has_value());
  BOOST_TEST(!credentials.revoke_token(bob, *id, "bob", at));
  BOOST_REQUIRE(credentials.revoke_token(analyst, *id, "ana", at));
  BOOST_TEST(!credentials.find_token(hash_of(1), at));
  BOOST_TEST(entries("credential_changed") == 2);
}

BOOST_AUTO_TEST_CASE(an_account_has_so_many_tokens) {
  for (int i = 0; i < tokens_an_account; ++i)
    BOOST_REQUIRE(credentials.add_token(token("t" + std::to_string(i)), hash_of(i), "ana"));
  BOOST_TEST((credentials.add_token(token("more"), hash_of(200), "ana").error().why ==
              store_errc::refused));
}

BOOST_AUTO_TEST_CASE(a_certificate_stands_for_one_account) {
  const std::string print(64, 'a');
  const auto id = credentials.add_certificate({{}, analyst, print, "", at}, "root");
  BOOST_REQUIRE(id);
  BOOST_TEST(!credentials.add_certificate({{}, bob, print, "", at}, "root"));
  BOOST_REQUIRE(credentials.add_certificate({{}, bob, "", "CN=bob", at}, "root"));
  BOOST_TEST((*credentials.owner_of(print, "CN=bob") == analyst));
  BOOST_TEST((*credentials.owner_of("", "CN=bob") == bob));
  BOOST_TEST(!credentials.owner_of("", ""));
  BOOST_TEST(!credentials.owner_of(std::string(64, 'b'), "CN=carl"));
  BOOST_TEST(!credentials.remove_certificate(bob, *id, "root", at));
  BOOST_REQUIRE(credentials.remove_certificate(analyst, *id, "root", at));
  BOOST_TEST(credentials.certificates_of(analyst)->empty());
  BOOST_TEST(credentials.certificates_of(bob)->front().subject == "CN=bob");
}

BOOST_AUTO_TEST_CASE(a_call_waits_is_decided_by_another_and_carried_out_once) {
  const auto id = approvals.ask(call());
  BOOST_REQUIRE(id);
  BOOST_TEST(approvals.one(*id)->body == R"({"role":"lead"})");
  BOOST_TEST((approvals.decide(*id, approval_state::approved, analyst, "ana", at).error().why ==
              store_errc::refused));
  BOOST_TEST(!approvals.decide(*id, approval_state::withdrawn, bob, "bob", at));
  BOOST_TEST(!approvals.decide(*id, approval_state::approved, bob, "bob", at + approval_life));
  BOOST_TEST(!approvals.finish(*id, 204, at));
  const auto approved = approvals.decide(*id, approval_state::approved, bob, "bob", at);
  BOOST_REQUIRE(approved);
  BOOST_TEST((approved->state == approval_state::approved));
  BOOST_TEST(!approvals.decide(*id, approval_state::refused, bob, "bob", at));
  BOOST_REQUIRE(approvals.finish(*id, 204, at));
  BOOST_TEST(!approvals.finish(*id, 204, at));
  BOOST_TEST(approvals.one(*id)->decided_by_login == "bob");
  BOOST_TEST(approvals.one(*id)->outcome == 204);
  BOOST_TEST(entries("approval") == 3);
}

BOOST_AUTO_TEST_CASE(whoever_asked_withdraws_and_an_account_has_so_many_waiting) {
  for (int i = 0; i < approvals_waiting_an_account; ++i)
    BOOST_REQUIRE(approvals.ask(call()));
  BOOST_TEST((approvals.ask(call()).error().why == store_errc::refused));
  const auto all = approvals.all({}, 100);
  BOOST_REQUIRE(all->size() == static_cast<std::size_t>(approvals_waiting_an_account));
  BOOST_REQUIRE(approvals.decide(all->front().id, approval_state::withdrawn, analyst, "ana", at));
  BOOST_REQUIRE(approvals.ask(call()));
  BOOST_TEST(approvals.all(all->front().id, 5)->size() == 5U);
  BOOST_TEST(!approvals.one({999}));
}

BOOST_AUTO_TEST_CASE(the_database_itself_refuses_that_one_person_approves_alone) {
  const auto id = approvals.ask(call());
  BOOST_REQUIRE(id);
  run("DO $$ BEGIN UPDATE approval SET state = 1, decided_by = asked_by; "
      "RAISE EXCEPTION 'it was taken'; EXCEPTION WHEN check_violation THEN NULL; END $$");
  BOOST_TEST((approvals.one(*id)->state == approval_state::waiting));
}

BOOST_AUTO_TEST_SUITE_END()
