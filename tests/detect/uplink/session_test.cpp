#include "detect/uplink/session.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(uplink_session)

using namespace cresset;
using namespace cresset::detect;
using namespace cresset::detect::uplink;
using namespace std::chrono_literals;

constexpr std::uint64_t id = 99;

spool_position held(std::uint64_t first, std::uint64_t next) {
  spool_position position{.epoch = {}, .first = first, .next = next};
  position.epoch.bytes[0] = std::byte{1};
  return position;
}

/// A session and the time, which stands still unless a case moves it.
struct running {
  instant now{1h};
  session talk{session_options{}};

  explicit running(spool_position position) { talk.open(id, position, now); }
  template <typename Body>
  reaction hear(const Body& body, std::uint64_t session_id = id) {
    return talk.receive(alert::write_message(session_id, body), now);
  }
  reaction welcome(std::uint64_t from, std::uint16_t window = 2) {
    return hear(alert::welcome_message{.resume_from = from, .window_batches = window});
  }
  bool ended_with(const reaction& what, session_end::reason why) const {
    return what.end && what.end->why == why;
  }
};

BOOST_AUTO_TEST_CASE(hello_tells_epoch_and_position) {
  session talk{session_options{.software = "test"}};
  const auto bytes = talk.open(id, held(5, 9), instant{});
  const auto message = alert::read_sensor_message(bytes);
  BOOST_REQUIRE(message);
  BOOST_TEST(message->session == id);
  const auto& hello = std::get<alert::hello_message>(message->body);
  BOOST_TEST(hello.first == 5);
  BOOST_TEST(hello.next == 9);
  BOOST_TEST(hello.software == "test");
}

BOOST_AUTO_TEST_CASE(nothing_is_sent_before_the_welcome) {
  running r{held(1, 10)};
  BOOST_TEST(!r.talk.may_send(held(1, 10), r.now));
  r.welcome(1);
  BOOST_REQUIRE(r.talk.may_send(held(1, 10), r.now));
  BOOST_TEST(r.talk.may_send(held(1, 10), r.now)->from == 1);
}

BOOST_AUTO_TEST_CASE(the_welcome_confirms_what_lies_before_it) {
  running r{held(1, 10)};
  BOOST_TEST(r.welcome(4).acknowledge_through.value() == 3);
  BOOST_TEST(r.talk.may_send(held(4, 10), r.now)->from == 4);
  running fresh{held(1, 10)};
  BOOST_TEST(!fresh.welcome(1).acknowledge_through);
}

BOOST_AUTO_TEST_CASE(the_window_bounds_what_is_open) {
  running r{held(1, 100)};
  r.welcome(1, 2);
  r.talk.sent(11, r.now);
  BOOST_TEST(r.talk.may_send(held(1, 100), r.now)->from == 11);
  r.talk.sent(21, r.now);
  BOOST_TEST(!r.talk.may_send(held(1, 100), r.now));
  BOOST_TEST(r.hear(alert::ack_message{10}).acknowledge_through.value() == 10);
  BOOST_TEST(r.talk.may_send(held(11, 100), r.now)->from == 21);
}

BOOST_AUTO_TEST_CASE(an_old_ack_is_ignored) {
  running r{held(1, 100)};
  r.welcome(1);
  r.talk.sent(11, r.now);
  r.hear(alert::ack_message{10});
  BOOST_TEST(!r.hear(alert::ack_message{10}).acknowledge_through);
  BOOST_TEST(!r.hear(alert::ack_message{3}).acknowledge_through);
}

BOOST_AUTO_TEST_CASE(an_ack_of_what_was_never_numbered_ends_the_session) {
  running r{held(1, 10)};
  r.welcome(1);
  BOOST_TEST(r.ended_with(r.hear(alert::ack_message{10}), session_end::reason::malformed));
}

BOOST_AUTO_TEST_CASE(resume_goes_back_and_begins_a_round) {
  running r{held(1, 100)};
  r.welcome(1);
  const auto round = r.talk.may_send(held(1, 100), r.now)->round;
  r.talk.sent(11, r.now);
  r.talk.sent(21, r.now);
  BOOST_TEST(!r.hear(alert::resume_message{round, 5}).end);
  const auto permit = r.talk.may_send(held(1, 100), r.now);
  BOOST_REQUIRE(permit);
  BOOST_TEST(permit->from == 5);
  BOOST_TEST(permit->round == round + 1);
}

BOOST_AUTO_TEST_CASE(an_answer_to_an_older_round_is_ignored) {
  running r{held(1, 100)};
  r.welcome(1);
  const auto round = r.talk.may_send(held(1, 100), r.now)->round;
  r.talk.sent(11, r.now);
  r.hear(alert::resume_message{round, 1});
  r.talk.sent(11, r.now);
  r.hear(alert::resume_message{round, 1});
  r.hear(alert::busy_message{round, 1, 1000});
  BOOST_TEST(r.talk.may_send(held(1, 100), r.now)->from == 11);
  BOOST_TEST(r.talk.counters().ignored == 2);
}

BOOST_AUTO_TEST_CASE(busy_pauses_and_each_further_one_doubles_the_pause) {
  running r{held(1, 100)};
  r.welcome(1);
  std::chrono::milliseconds pause = 100ms;
  for (const auto expected_pause : {100ms, 200ms, 400ms}) {
    const auto permit = r.talk.may_send(held(1, 100), r.now);
    BOOST_REQUIRE(permit);
    r.talk.sent(11, r.now);
    r.hear(alert::busy_message{permit->round, 1, 100});
    r.now += expected_pause - 1ms;
    BOOST_TEST(!r.talk.may_send(held(1, 100), r.now));
    r.now += 1ms;
    pause *= 2;
  }
  BOOST_REQUIRE(r.talk.may_send(held(1, 100), r.now));
  for (int i = 0; i < 20; ++i) {
    const auto permit = r.talk.may_send(held(1, 100), r.now);
    BOOST_REQUIRE(permit);
    r.hear(alert::busy_message{permit->round, 1, 100});
    r.now += 5s;
  }
  BOOST_TEST(r.talk.may_send(held(1, 100), r.now).has_value());
}

BOOST_AUTO_TEST_CASE(an_ack_ends_the_doubling) {
  running r{held(1, 100)};
  r.welcome(1);
  r.hear(alert::busy_message{0, 1, 100});
  r.hear(alert::busy_message{1, 1, 100});
  r.now += 1s;
  r.talk.sent(11, r.now);
  r.hear(alert::ack_message{10});
  r.hear(alert::busy_message{2, 11, 100});
  r.now += 100ms;
  BOOST_TEST(r.talk.may_send(held(11, 100), r.now).has_value());
}

BOOST_AUTO_TEST_CASE(what_the_spool_no_longer_has_is_declared_dropped) {
  running r{held(50, 60)};
  r.welcome(20);
  const auto permit = r.talk.may_send(held(50, 60), r.now);
  BOOST_REQUIRE(permit);
  BOOST_TEST(permit->from == 20);
  BOOST_TEST(permit->drop_through.value() == 49);
}

BOOST_AUTO_TEST_CASE(a_server_that_knows_more_than_the_spool_makes_it_number_anew) {
  running r{held(1, 10)};
  const auto answer = r.welcome(11);
  BOOST_TEST(answer.begin_epoch);
  BOOST_TEST(answer.end.has_value());
  running exact{held(1, 10)};
  BOOST_TEST(!exact.welcome(10).begin_epoch);
}

BOOST_AUTO_TEST_CASE(a_server_that_goes_behind_what_it_confirmed_is_asked_again) {
  running r{held(1, 100)};
  r.welcome(1);
  r.talk.sent(11, r.now);
  r.hear(alert::ack_message{10});
  BOOST_TEST(
      r.ended_with(r.hear(alert::resume_message{0, 5}), session_end::reason::unknown_session));
}

BOOST_AUTO_TEST_CASE(heartbeats_go_out_when_nothing_else_does) {
  running r{held(1, 10)};
  r.welcome(1);
  r.now += 1999ms;
  BOOST_TEST(r.talk.tick(held(1, 10), r.now).send.empty());
  r.now += 1ms;
  const auto beat = r.talk.tick(held(1, 12), r.now);
  const auto message = alert::read_sensor_message(beat.send);
  BOOST_REQUIRE(message);
  BOOST_TEST(std::get<alert::sensor_heartbeat>(message->body).next == 12);
  BOOST_TEST(r.talk.tick(held(1, 12), r.now).send.empty());
}

BOOST_AUTO_TEST_CASE(under_load_a_heartbeat_still_tells_clock_and_backlog) {
  running r{held(1, 1000)};
  r.welcome(1);
  const timestamp wall{std::chrono::sys_days{std::chrono::year{2031} / 3 / 3}};
  std::uint64_t next = 1;
  bool told = false;
  for (int i = 0; i < 11 && !told; ++i) {
    r.now += 1s;
    r.talk.sent(next += 10, r.now); // a batch a second: nothing is silent
    r.hear(alert::ack_message{next - 1});
    const auto beat = r.talk.tick(held(1, 1000), r.now, wall);
    if (const auto message = alert::read_sensor_message(beat.send)) {
      told = true;
      BOOST_TEST((std::get<alert::sensor_heartbeat>(message->body).clock == wall));
    }
  }
  BOOST_TEST(told);
}

BOOST_AUTO_TEST_CASE(silence_ends_the_session) {
  running r{held(1, 10)};
  r.welcome(1);
  r.now += 6s;
  BOOST_TEST(!r.talk.tick(held(1, 10), r.now).end);
  r.hear(alert::server_heartbeat{});
  r.now += 6s;
  BOOST_TEST(!r.talk.tick(held(1, 10), r.now).end);
  r.now += 1ms;
  BOOST_TEST(r.ended_with(r.talk.tick(held(1, 10), r.now), session_end::reason::silent));
}

BOOST_AUTO_TEST_CASE(a_hello_without_an_answer_ends_the_session) {
  running r{held(1, 10)};
  r.now += 10001ms;
  BOOST_TEST(r.ended_with(r.talk.tick(held(1, 10), r.now), session_end::reason::silent));
}

BOOST_AUTO_TEST_CASE(heartbeats_before_the_welcome_keep_the_session_waiting_for_it) {
  running r{held(1, 10)};
  for (int i = 0; i < 10; ++i) {
    r.now += 5s;
    r.hear(alert::server_heartbeat{});
    const auto asked = r.talk.tick(held(1, 10), r.now);
    BOOST_TEST(!asked.end);
    BOOST_TEST(!asked.send.empty());
  }
  BOOST_TEST(!r.welcome(1).end);
}

BOOST_AUTO_TEST_CASE(batches_that_are_never_confirmed_end_the_session_though_heartbeats_come) {
  running r{held(1, 100)};
  r.welcome(1);
  r.talk.sent(11, r.now);
  reaction last;
  for (int i = 0; i < 13 && !last.end; ++i) {
    r.now += 5s;
    r.hear(alert::server_heartbeat{});
    last = r.talk.tick(held(1, 100), r.now);
  }
  BOOST_TEST(r.ended_with(last, session_end::reason::silent));
}

BOOST_AUTO_TEST_CASE(every_bye_has_its_end) {
  using alert::bye_reason;
  const std::pair<bye_reason, session_end::reason> pairs[] = {
      {bye_reason::malformed, session_end::reason::rejected},
      {bye_reason::superseded, session_end::reason::superseded},
      {bye_reason::version, session_end::reason::version},
      {bye_reason::unknown_session, session_end::reason::unknown_session},
      {bye_reason::shutting_down, session_end::reason::shutting_down}};
  for (const auto& [said, why] : pairs) {
    running r{held(1, 10)};
    BOOST_TEST(r.ended_with(r.hear(alert::bye_message{said, "text"}), why));
  }
}

BOOST_AUTO_TEST_CASE(another_session_is_ignored_and_nonsense_is_not) {
  running r{held(1, 10)};
  BOOST_TEST(!r.hear(alert::bye_message{alert::bye_reason::malformed, ""}, id + 1).end);
  BOOST_TEST(
      r.ended_with(r.talk.receive(as_bytes("nonsense"), r.now), session_end::reason::malformed));
}

BOOST_AUTO_TEST_CASE(a_second_welcome_changes_nothing) {
  running r{held(1, 100)};
  r.welcome(1);
  r.talk.sent(11, r.now);
  r.welcome(1);
  BOOST_TEST(r.talk.may_send(held(1, 100), r.now)->from == 11);
}

BOOST_AUTO_TEST_SUITE_END()
