#include "coord/people/approval.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset;
using namespace cresset::coord::people;
using namespace std::chrono_literals;

namespace {

const timestamp noon{std::chrono::sys_days{std::chrono::year{2026} / 11 / 22} + 12h};

approval request_of(std::int64_t user) {
  approval asked;
  asked.act = "PATCH /api/v1/users/{id}";
  asked.asked_by = {user};
  asked.asked = noon;
  asked.expires = noon + approval_life;
  return asked;
}

second_person colleague(std::int64_t user) {
  second_person who;
  who.id = {user};
  who.has_right = true;
  who.is_in_person = true;
  return who;
}

} // namespace

BOOST_AUTO_TEST_SUITE(coord_people_approval)

BOOST_AUTO_TEST_CASE(a_colleague_with_the_right_may_decide) {
  BOOST_TEST(!why_not_second(request_of(1), colleague(2), noon + 1h));
}

BOOST_AUTO_TEST_CASE(whoever_asked_is_not_the_second_person) {
  BOOST_TEST(why_not_second(request_of(1), colleague(1), noon).has_value());
}

BOOST_AUTO_TEST_CASE(a_token_and_one_without_the_right_are_no_second_person) {
  auto who = colleague(2);
  who.has_right = false;
  BOOST_TEST(why_not_second(request_of(1), who, noon).has_value());
  who = colleague(2);
  who.is_in_person = false;
  BOOST_TEST(why_not_second(request_of(1), who, noon).has_value());
}

BOOST_AUTO_TEST_CASE(a_request_expires_and_is_decided_once) {
  BOOST_TEST(!why_not_second(request_of(1), colleague(2), noon + approval_life - 1ns));
  BOOST_TEST(why_not_second(request_of(1), colleague(2), noon + approval_life).has_value());
  for (const auto state : {approval_state::approved, approval_state::refused,
                           approval_state::withdrawn, approval_state::done}) {
    auto asked = request_of(1);
    asked.state = state;
    BOOST_TEST(why_not_second(asked, colleague(2), noon).has_value());
  }
}

BOOST_AUTO_TEST_CASE(whoever_was_reset_by_the_one_who_asks_waits_a_day) {
  auto who = colleague(2);
  who.credentials_by = {1};
  who.credentials_at = noon - 1h;
  BOOST_TEST(why_not_second(request_of(1), who, noon).has_value());
  BOOST_TEST(!why_not_second(request_of(3), who, noon));
  BOOST_TEST(!why_not_second(request_of(1), who, noon + 23h));
}

BOOST_AUTO_TEST_CASE(words_read_back) {
  for (const auto state :
       {approval_state::waiting, approval_state::approved, approval_state::refused,
        approval_state::withdrawn, approval_state::done})
    BOOST_TEST((approval_state_from(to_string(state)) == state));
  BOOST_TEST(!approval_state_from("perhaps"));
}

BOOST_AUTO_TEST_SUITE_END()
