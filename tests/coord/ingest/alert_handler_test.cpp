#include "coord/ingest/alert_handler.hpp"

#include "detect/alert/wire.hpp"
#include "tests/detect/alert/example_alert.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(sensor_sessions)

using namespace cresset;
using namespace cresset::coord::ingest;
using namespace cresset::detect::alert;
using namespace std::chrono_literals;

/// A handler that knows two sensors, its queue, and a clock that stands still unless a case moves
/// it.
struct server {
  sensor_registry sensors;
  alert_queue queue;
  alert_handler handler;
  moment at{std::chrono::steady_clock::time_point{1h}, timestamp_from_ns(5)};
  std::vector<outgoing> out;

  explicit server(queue_limits limits = {}) : queue{limits}, handler{sensors, queue, {}} {
    known_sensor both[] = {{{7}, "berne", {}}, {{8}, "basel", {}}};
    both[1].key[0] = std::byte{1};
    sensors.replace(both);
  }

  void hear(const std::vector<std::byte>& body, std::string_view owner = "berne",
            std::string_view connection = "c1") {
    out.clear();
    handler.handle({connection, owner, body}, at, out);
  }
  void hello(std::uint64_t session, std::uint64_t cursor, std::string_view owner = "berne",
             std::string_view connection = "c1") {
    hello_message hello{.first = 1, .next = 1000, .software = "test"};
    hello.epoch.bytes[0] = std::byte{0xe1};
    hear(write_message(session, hello), owner, connection);
    for (const auto& queued : queue.pop(2000, 0ms).hellos)
      handler.cursor_found(queued.from, cursor, at, out);
  }
  std::vector<std::byte> batch(std::uint64_t session, std::uint32_t round, std::uint64_t first,
                               std::uint64_t count) {
    batch_writer writer{session, round, first};
    for (std::uint64_t i = 0; i < count; ++i) {
      auto one = example_alert();
      one.sequence = first + i;
      writer.add_record(encode(one));
    }
    return std::move(writer).finish();
  }
  template <typename Body>
  Body answer(std::size_t index = 0) {
    BOOST_REQUIRE_MESSAGE(out.size() > index, "an answer is missing");
    const auto message = read_server_message(out[index].message);
    BOOST_REQUIRE(message);
    BOOST_REQUIRE_MESSAGE(std::holds_alternative<Body>(message->body), "another answer");
    return std::get<Body>(message->body);
  }
};

BOOST_FIXTURE_TEST_CASE(hello_is_answered_with_the_place_behind_the_cursor, server) {
  hello(1, 41);
  BOOST_TEST(answer<welcome_message>().resume_from == 42);
  BOOST_TEST(out[0].routing_id == "c1");
  BOOST_REQUIRE(handler.sessions().size() == 1);
  BOOST_TEST(handler.sessions()[0].name == "berne");
  BOOST_TEST(handler.sessions()[0].stored_through == 41);
}

BOOST_FIXTURE_TEST_CASE(a_sensors_clock_is_held_against_ours, server) {
  at.wall = timestamp{std::chrono::sys_days{std::chrono::year{2031} / 3 / 3}};
  hello(1, 0);
  BOOST_TEST(!handler.sessions()[0].clock_skew); // it did not tell
  hear(write_message(1, sensor_heartbeat{7, at.wall - 90s}));
  BOOST_TEST((handler.sessions()[0].clock_skew == -90'000ms));
  hear(write_message(1, sensor_heartbeat{7, at.wall + 20ms}));
  BOOST_TEST((handler.sessions()[0].clock_skew == 20ms));
  auto hostile = write_message(1, sensor_heartbeat{7, at.wall});
  for (std::size_t i = hostile.size() - 8; i < hostile.size(); ++i)
    hostile[i] = std::byte{0xff};
  hear(hostile);
  BOOST_TEST((handler.sessions()[0].clock_skew == 20ms)); // no time of ours
  hostile.resize(hostile.size() - 8);
  hear(hostile);
  BOOST_TEST(handler.sessions().size() == 1U); // an older sensor tells no clock
  hostile.resize(hostile.size() + 5);
  hear(hostile);
  BOOST_TEST(handler.sessions().empty()); // a part of one is malformed
}

BOOST_FIXTURE_TEST_CASE(a_batch_in_its_place_is_queued_whole_and_answered_only_when_stored,
                        server) {
  hello(1, 0);
  hear(batch(1, 0, 1, 3));
  BOOST_TEST(out.empty());
  const auto work = queue.pop(2000, 0ms);
  BOOST_REQUIRE(work.runs.size() == 1);
  const auto& run = work.runs[0].run;
  BOOST_TEST(run.sensor.value == 7);
  BOOST_TEST(run.first == 1);
  BOOST_TEST(run.last == 3);
  BOOST_TEST((run.received_at == at.wall));
  BOOST_REQUIRE(run.entries.size() == 3);
  const auto& accepted = std::get<accepted_alert>(run.entries[2]);
  BOOST_TEST(accepted.alert.sequence == 3);
  BOOST_TEST(accepted.alert.sensor == "berne"); // the name of the key, not the record's
  BOOST_TEST(!accepted.record.empty());
  handler.run_stored(work.runs[0].from, {true, 3}, at, out);
  BOOST_TEST(answer<ack_message>().through == 3);
}

BOOST_FIXTURE_TEST_CASE(a_batch_that_begins_elsewhere_is_told_where_once_a_round, server) {
  hello(1, 10);
  for (const std::uint64_t first : {1, 10, 12, 100}) {
    const auto round = static_cast<std::uint32_t>(first);
    hear(batch(1, round, first, 2));
    BOOST_TEST(answer<resume_message>().from == 11);
    BOOST_TEST(answer<resume_message>().round == round);
    hear(batch(1, round, 11, 2));
    BOOST_TEST(out.empty());
  }
  BOOST_TEST(queue.alerts() == 0);
  hear(batch(1, 101, 11, 2));
  BOOST_TEST(queue.alerts() == 2);
  hear(batch(1, 7, 13, 2)); // an older round
  BOOST_TEST(queue.alerts() == 2);
}

BOOST_FIXTURE_TEST_CASE(the_same_batch_twice_is_queued_once, server) {
  hello(1, 0);
  hear(batch(1, 0, 1, 3));
  hear(batch(1, 0, 1, 3));
  BOOST_TEST(answer<resume_message>().from == 4);
  BOOST_TEST(queue.alerts() == 3);
}

BOOST_FIXTURE_TEST_CASE(declared_drops_are_part_of_the_run, server) {
  hello(1, 0);
  batch_writer writer{1, 0, 1};
  writer.add_dropped(drop_reason::spool_full, 500);
  hear(std::move(writer).finish());
  const auto work = queue.pop(2000, 0ms);
  BOOST_REQUIRE(work.runs.size() == 1);
  const auto& range = std::get<dropped_range>(work.runs[0].run.entries.at(0));
  BOOST_TEST(range.last == 500);
  BOOST_TEST(work.runs[0].run.last == 500);
  hear(batch(1, 0, 501, 1));
  BOOST_TEST(queue.alerts() == 1);
}

BOOST_FIXTURE_TEST_CASE(a_bad_record_does_not_block_its_sensor, server) {
  hello(1, 0);
  auto other_place = example_alert();
  other_place.sequence = 77;
  auto other_epoch = example_alert();
  other_epoch.sequence = 3;
  other_epoch.epoch.bytes[5] = std::byte{9};
  batch_writer writer{1, 0, 1};
  writer.add_record(as_bytes("no record at all"));
  writer.add_record(encode(other_place));
  writer.add_record(encode(other_epoch));
  hear(std::move(writer).finish());
  BOOST_TEST(out.empty());
  const auto work = queue.pop(2000, 0ms);
  BOOST_REQUIRE(work.runs.size() == 1);
  for (std::size_t i = 0; i < 3; ++i) {
    const auto& refused = std::get<refused_alert>(work.runs[0].run.entries.at(i));
    BOOST_TEST(refused.sequence == i + 1);
    BOOST_TEST(!refused.reason.empty());
    BOOST_TEST(!refused.record.empty());
  }
  BOOST_TEST(handler.counters().refused_records.value() == 3);
}

BOOST_AUTO_TEST_CASE(a_full_queue_is_answered_busy_and_the_batch_is_taken_later) {
  server s{{.alerts = 4}};
  s.hello(1, 0);
  s.hear(s.batch(1, 0, 1, 3));
  s.hear(s.batch(1, 0, 4, 3));
  BOOST_TEST(s.answer<busy_message>().from == 4);
  BOOST_TEST(s.answer<busy_message>().retry_ms == 200);
  BOOST_TEST(s.handler.sessions()[0].busy == 1U);
  s.hear(s.batch(1, 0, 7, 3));
  BOOST_TEST(s.out.empty());
  (void)s.queue.pop(2000, 0ms);
  s.hear(s.batch(1, 1, 4, 3));
  BOOST_TEST(s.out.empty());
  BOOST_TEST(s.queue.alerts() == 3);
}

BOOST_FIXTURE_TEST_CASE(without_a_hello_there_is_no_session, server) {
  hear(batch(1, 0, 1, 1));
  BOOST_TEST((answer<bye_message>().reason == bye_reason::unknown_session));
  hello(1, 0);
  hear(batch(2, 0, 1, 1));
  BOOST_TEST((answer<bye_message>().reason == bye_reason::unknown_session));
  hear(batch(1, 0, 1, 1), "berne", "another connection");
  BOOST_TEST((answer<bye_message>().reason == bye_reason::unknown_session));
  hear(batch(1, 0, 1, 1), "basel", "c1");
  BOOST_TEST((answer<bye_message>().reason == bye_reason::unknown_session));
  BOOST_TEST(queue.alerts() == 0);
}

BOOST_FIXTURE_TEST_CASE(a_batch_before_the_welcome_is_thrown_away, server) {
  hello_message early{.first = 1, .next = 2};
  early.epoch.bytes[0] = std::byte{0xe1};
  hear(write_message(1, early));
  hear(batch(1, 0, 1, 1));
  BOOST_TEST(queue.alerts() == 0);
}

BOOST_FIXTURE_TEST_CASE(a_flood_of_hellos_asks_the_store_once, server) {
  hello_message early{.first = 1, .next = 2};
  early.epoch.bytes[0] = std::byte{0xe1};
  for (std::uint64_t session = 1; session < 100; ++session)
    hear(write_message(session, early));
  BOOST_TEST(queue.pop(2000, 0ms).hellos.size() == 1);
}

BOOST_FIXTURE_TEST_CASE(a_second_connection_takes_the_session_over, server) {
  hello(1, 0, "berne", "c1");
  hello(2, 0, "berne", "c2");
  BOOST_REQUIRE(out.size() == 2);
  BOOST_TEST(out[0].routing_id == "c1");
  BOOST_TEST((answer<bye_message>(0).reason == bye_reason::superseded));
  BOOST_TEST(out[1].routing_id == "c2");
  BOOST_TEST(handler.sessions().size() == 1);
}

BOOST_FIXTURE_TEST_CASE(answers_for_an_old_session_go_nowhere, server) {
  hello(1, 0);
  hear(batch(1, 0, 1, 3));
  const auto work = queue.pop(2000, 0ms);
  hello(2, 3);
  out.clear();
  handler.run_stored(work.runs[0].from, {true, 3}, at, out);
  handler.cursor_found({"berne", 1}, 0, at, out);
  handler.run_not_stored({"nobody", 1}, 1, at, out);
  BOOST_TEST(out.empty());
}

BOOST_FIXTURE_TEST_CASE(a_cursor_that_moved_sends_the_sensor_there, server) {
  hello(1, 0);
  hear(batch(1, 5, 1, 3));
  const auto work = queue.pop(2000, 0ms);
  handler.run_stored(work.runs[0].from, {false, 20}, at, out);
  BOOST_TEST(answer<resume_message>().from == 21);
  BOOST_TEST(answer<resume_message>().round == 5);
  hear(batch(1, 5, 4, 3));
  BOOST_TEST(out.empty());
  BOOST_TEST(queue.alerts() == 0);
  hear(batch(1, 6, 21, 3));
  BOOST_TEST(queue.alerts() == 3);
}

BOOST_FIXTURE_TEST_CASE(a_run_the_store_refuses_stays_with_its_sensor, server) {
  hello(1, 0);
  hear(batch(1, 0, 1, 3));
  const auto work = queue.pop(2000, 0ms);
  handler.run_not_stored(work.runs[0].from, 1, at, out);
  BOOST_TEST(answer<busy_message>().from == 1);
}

BOOST_FIXTURE_TEST_CASE(a_malformed_message_keeps_its_sensor_out_and_no_other, server) {
  hello(1, 0);
  hello(2, 0, "basel", "c2");
  hear({std::byte{1}, std::byte{2}});
  BOOST_TEST((answer<bye_message>().reason == bye_reason::malformed));
  hear(batch(1, 0, 1, 1));
  BOOST_TEST(out.empty());
  hello(3, 0);
  BOOST_TEST((answer<bye_message>().reason == bye_reason::malformed));
  hear(batch(2, 0, 1, 1), "basel", "c2");
  BOOST_TEST(queue.alerts() == 1);
  (void)queue.pop(2000, 0ms);
  at.steady += 10s;
  hello(4, 0);
  BOOST_TEST(answer<welcome_message>().resume_from == 1);
  hear({});
  at.steady += 19s; // doubled
  hello(5, 0);
  BOOST_TEST((answer<bye_message>().reason == bye_reason::malformed));
}

BOOST_FIXTURE_TEST_CASE(a_sensor_that_is_not_registered_any_more_is_sent_away, server) {
  hello(1, 0);
  sensors.replace({});
  hear(batch(1, 0, 1, 1));
  BOOST_TEST((answer<bye_message>().reason == bye_reason::unknown_session));
  BOOST_TEST(handler.sessions().empty());
  hear(batch(1, 0, 1, 1), ""); // and one whose key proved nothing
  BOOST_TEST((answer<bye_message>().reason == bye_reason::unknown_session));
  BOOST_TEST(queue.alerts() == 0);
}

BOOST_FIXTURE_TEST_CASE(heartbeats_go_out_and_silence_ends_a_session, server) {
  hello(1, 0);
  out.clear();
  at.steady += 2s;
  handler.tick(at, out);
  answer<server_heartbeat>();
  hear(write_message(1, sensor_heartbeat{50}));
  BOOST_TEST(handler.sessions()[0].next == 1000);
  at.steady += 6s;
  handler.tick(at, out);
  BOOST_TEST(handler.sessions().size() == 1);
  at.steady += 1ms;
  handler.tick(at, out);
  BOOST_TEST(handler.sessions().empty());
}

BOOST_FIXTURE_TEST_CASE(the_end_of_the_server_is_told_to_all, server) {
  hello(1, 0);
  hello(2, 0, "basel", "c2");
  out.clear();
  handler.shut_down(out);
  BOOST_TEST(out.size() == 2);
  BOOST_TEST((answer<bye_message>().reason == bye_reason::shutting_down));
}

BOOST_AUTO_TEST_SUITE_END()
