#include "coord/store/user_store.hpp"

#include "coord/store/sensor_store.hpp"
#include "tests/coord/store/store_fixture.hpp"

using namespace cresset;
using namespace cresset::coord::incident;
using namespace std::chrono_literals;

namespace {

struct users_fixture : tests::store_fixture {
  coord::store::user_store users{pool};
  coord::store::sensor_store sensors{pool};

  static session_hash hash_of(int number) {
    session_hash hash{};
    hash[0] = static_cast<std::byte>(number);
    return hash;
  }
  static coord::ingest::curve_public_key key_of(int number) {
    coord::ingest::curve_public_key key{};
    key[0] = static_cast<std::byte>(number);
    return key;
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(coord_store_user_store, users_fixture)

BOOST_AUTO_TEST_CASE(a_user_is_added_once_and_found_by_login_and_id) {
  BOOST_TEST(!*users.is_empty());
  const auto id =
      users.add({{}, "b.ivanova", "Б. Иванова", "hash", user_role::shift_lead, false}, "ana");
  BOOST_REQUIRE(id);
  const auto found = users.find("b.ivanova");
  BOOST_REQUIRE(found);
  BOOST_TEST(found->full_name == "Б. Иванова");
  BOOST_TEST((found->role == user_role::shift_lead));
  BOOST_TEST(users.find(*id)->login == "b.ivanova");
  BOOST_TEST((users.add({{}, "b.ivanova", "", "", user_role::viewer, false}, "ana").error().why ==
              store_errc::refused));
  BOOST_TEST((users.add({{}, "Bad Login", "", "", user_role::viewer, false}, "ana").error().why ==
              store_errc::refused));
  BOOST_TEST((users.find("nobody").error().why == store_errc::not_found));
  BOOST_TEST(users.all(10)->size() == 2U);
  BOOST_TEST(number("SELECT count(*) FROM journal WHERE kind = 'user_changed'") == 1);
}

BOOST_AUTO_TEST_CASE(a_session_ends_by_time_by_hand_and_with_its_user) {
  const auto now = tests::this_moment();
  for (int i = 1; i <= 3; ++i)
    BOOST_REQUIRE(users.begin_session(hash_of(i), {analyst, now, i == 1 ? now - 1s : now + 1h}));
  BOOST_TEST((users.find_session(hash_of(1)).error().why == store_errc::not_found));
  BOOST_TEST((users.find_session(hash_of(2))->user == analyst));
  BOOST_REQUIRE(users.end_session(hash_of(2)));
  BOOST_TEST(!users.find_session(hash_of(2)));
  BOOST_TEST(*users.sweep_sessions() == 1);
  BOOST_REQUIRE(users.disable(analyst, true, "lead"));
  BOOST_TEST(!users.find_session(hash_of(3)));
}

BOOST_AUTO_TEST_CASE(a_session_that_nobody_used_is_over_and_its_use_is_written) {
  const auto now = tests::this_moment();
  BOOST_REQUIRE(users.begin_session(hash_of(1), {analyst, now, now + 12h, "192.0.2.1", {}, now}));
  BOOST_TEST((users.use_session(hash_of(1), now + 20min, 30min)->user == analyst));
  BOOST_TEST(users.use_session(hash_of(1), now + 45min, 30min).has_value());
  BOOST_TEST(!users.use_session(hash_of(1), now + 76min, 30min));
  BOOST_TEST(!users.use_session(hash_of(1), now + 12h, 24h));
  const auto listed = users.sessions_of(analyst);
  BOOST_REQUIRE(listed->size() == 1U);
  BOOST_TEST(listed->front().second.peer == "192.0.2.1");
  BOOST_TEST((listed->front().first == hash_of(1)));
  BOOST_TEST(!users.end_session({999}, listed->front().second.id, "x"));
  BOOST_TEST((*users.end_session(analyst, listed->front().second.id, "ana") == hash_of(1)));
  BOOST_TEST(users.sessions_of(analyst)->empty());
}

BOOST_AUTO_TEST_CASE(a_password_that_somebody_else_made_has_to_be_changed_by_its_owner) {
  const auto id = users.add({{}, "bob", "", "hash", user_role::analyst, false}, "ana");
  BOOST_REQUIRE(id);
  BOOST_TEST(!users.find(*id)->must_change);
  BOOST_TEST((users.find(*id)->credentials_by == users.find("ana")->id));
  BOOST_REQUIRE(users.change_password(*id, "other", "ana"));
  BOOST_TEST(users.find(*id)->must_change);
  BOOST_REQUIRE(users.change_password(*id, "own", "bob"));
  BOOST_TEST(!users.find(*id)->must_change);
}

BOOST_AUTO_TEST_CASE(a_sensor_is_registered_once_and_its_key_is_its_own) {
  run("DELETE FROM sensor");
  const auto id = sensors.add("border-1", key_of(1), "ana");
  BOOST_REQUIRE(id);
  BOOST_TEST((*sensors.add("border-1", key_of(1), "ana") == *id));
  BOOST_TEST((sensors.add("border-1", key_of(2), "ana").error().why == store_errc::refused));
  BOOST_TEST((sensors.add("border-2", key_of(1), "ana").error().why == store_errc::refused));
  BOOST_TEST((sensors.add("no/name", key_of(3), "ana").error().why == store_errc::refused));
  const auto known = sensors.enabled();
  BOOST_REQUIRE(known);
  BOOST_REQUIRE(known->size() == 1U);
  BOOST_TEST(known->front().name == "border-1");
  BOOST_TEST((known->front().key == key_of(1)));
  BOOST_REQUIRE(sensors.disable("border-1", true, "ana"));
  BOOST_TEST(sensors.enabled()->empty());
  BOOST_TEST(sensors.all()->front().disabled);
}

BOOST_AUTO_TEST_SUITE_END()
