// The whole way without a database: real spool, real outbox, real uplink over ZeroMQ with CURVE on
// loopback, real ingest.
#include "coord/ingest/ingest_loop.hpp"

#include "capture/base/z85.hpp"
#include "detect/alert/wire.hpp"
#include "detect/uplink/link.hpp"
#include "detect/uplink/outbox.hpp"
#include "detect/uplink/uplink.hpp"
#include "tests/coord/ingest/memory_store.hpp"
#include "tests/detect/alert/example_alert.hpp"
#include "tests/detect/uplink/temporary_folder.hpp"

#include <boost/test/unit_test.hpp>

#include <csignal>
#include <optional>
#include <sys/wait.h>
#include <unistd.h>

BOOST_AUTO_TEST_SUITE(uplink_to_ingest)

using namespace cresset;
using namespace cresset::coord::ingest;
using namespace std::chrono_literals;
namespace up = cresset::detect::uplink;
namespace al = cresset::detect::alert;

key_file new_key(std::string name) {
  char shown[41], secret[41];
  BOOST_REQUIRE(zmq_curve_keypair(shown, secret) == 0);
  return {key_kind::curve, std::move(name), *from_z85(shown), *from_z85(secret)};
}

/// Waits for something that no condition variable tells of.
template <typename Condition>
bool eventually(Condition condition) {
  for (int i = 0; i < 60'000; ++i) {
    if (condition())
      return true;
    std::this_thread::sleep_for(1ms);
  }
  return false;
}

/// What stderr got while this object lived.
class captured_log {
public:
  captured_log() : file_{std::tmpfile()}, saved_{dup(2)} { dup2(fileno(file_), 2); }
  ~captured_log() { (void)text(); }
  std::string text() {
    if (saved_ >= 0) {
      dup2(saved_, 2);
      close(saved_);
      saved_ = -1;
      std::rewind(file_);
      char buffer[4096];
      for (std::size_t got = 0; (got = std::fread(buffer, 1, sizeof buffer, file_)) > 0;)
        text_.append(buffer, got);
      std::fclose(file_);
    }
    return text_;
  }
  bool has(std::string_view part) { return text().find(part) != std::string::npos; }

private:
  std::FILE* file_;
  int saved_;
  std::string text_;
};

struct one_server {
  key_file server_key = new_key("server");
  key_file sensor_key = new_key("berne");
  memory_store store;
  sensor_registry sensors;
  std::optional<ingest_loop> loop;
  std::string endpoint = "tcp://127.0.0.1:*";

  one_server() { know({{7, sensor_key}}); }
  void know(const std::vector<std::pair<std::int64_t, key_file>>& keys) {
    std::vector<known_sensor> known;
    for (const auto& [id, key] : keys) {
      known.push_back({{id}, key.name, {}});
      std::ranges::copy(key.public_key, known.back().key.begin());
    }
    sensors.replace(known);
  }
  void start(queue_limits queue = {}) {
    ingest_options options;
    options.endpoint = endpoint;
    options.own = server_key;
    options.queue = queue;
    options.retry_first = options.retry_last = 5ms;
    options.handler.busy_pause = 5ms;
    options.handler.heartbeat = 1s; // no machine under load or sanitizer falls silent for three
    loop.emplace(sensors, store, options);
    endpoint = loop->endpoint(); // a restarted server listens where the first one did
  }
  up::uplink_options uplink_to(const key_file& own) const {
    up::uplink_options options;
    options.endpoint = endpoint;
    options.own = own;
    options.server = server_key;
    options.retry_first = 5ms;
    options.retry_last = 20ms;
    options.retry_refused = 20ms;
    return options;
  }
};

/// A sensor without its packets: spool, outbox and uplink as in the real one.
struct sensor_half {
  temporary_folder folder;
  up::spool spool;
  std::optional<up::uplink> uplink;
  std::optional<up::outbox> outbox;
  std::uint32_t next_sid = 1;

  explicit sensor_half(std::uint64_t limit = 64 << 20)
      : spool{*up::spool::open({folder.path(), limit})} {}
  void connect(const up::uplink_options& options) {
    uplink.emplace(spool, options);
    outbox.emplace(spool, up::outbox_options{}, [this] { uplink->wake(); });
  }
  void raise(std::uint32_t count) {
    for (std::uint32_t i = 0; i < count; ++i) {
      auto one = al::example_alert();
      one.sid = next_sid++;
      outbox->offer(std::move(one));
    }
  }
  /// All that was raised is in the spool, and all that is in the spool is confirmed.
  bool finish() {
    outbox->stop();
    uplink->stop(60s);
    return spool.position().first == spool.position().next;
  }
};

void require_exactly(memory_store& store, std::size_t streams, std::uint32_t alerts) {
  const auto still = store.still();
  BOOST_TEST(store.doubled() == 0);
  BOOST_REQUIRE(store.streams().size() == streams);
  BOOST_TEST(store.alerts() == alerts * streams);
  for (const auto& [name, one] : store.streams())
    for (const auto& [sequence, sid] : one.sids)
      BOOST_REQUIRE(sequence == sid);
}

BOOST_FIXTURE_TEST_CASE(alerts_reach_the_store_in_order_and_leave_the_spool, one_server) {
  start();
  sensor_half sensor;
  sensor.connect(uplink_to(sensor_key));
  sensor.raise(3000);
  BOOST_TEST(sensor.finish());
  require_exactly(store, 1, 3000);
  BOOST_TEST(sensor.uplink->counters().acknowledged.value() == 3000);
  BOOST_TEST(loop->traffic().alerts.value() == 3000);
}

BOOST_FIXTURE_TEST_CASE(an_alert_is_stored_without_waiting_for_company, one_server) {
  start();
  sensor_half sensor;
  sensor.connect(uplink_to(sensor_key));
  BOOST_TEST(eventually([&] { return sensor.uplink->counters().is_up.value() == 1; }));
  sensor.raise(1);
  BOOST_TEST(store.wait_for([](const memory_store& s) { return s.alerts() == 1; }));
  BOOST_TEST(eventually(
      [&] { return loop->sessions().size() == 1 && loop->sessions()[0].stored_through == 1; }));
  BOOST_TEST(loop->sessions()[0].name == "berne");
}

BOOST_FIXTURE_TEST_CASE(a_server_that_restarts_in_the_middle_loses_and_doubles_nothing,
                        one_server) {
  start({.alerts = 500});
  sensor_half sensor;
  sensor.connect(uplink_to(sensor_key));
  for (std::uint32_t round = 1; round <= 4; ++round) {
    sensor.raise(1000);
    BOOST_TEST(
        store.wait_for([&](const memory_store& s) { return s.alerts() > round * 1000 - 700; }));
    loop.reset();
    start({.alerts = 500});
  }
  BOOST_TEST(sensor.finish());
  require_exactly(store, 1, 4000);
}

BOOST_FIXTURE_TEST_CASE(alerts_wait_for_a_server_that_is_not_there_yet, one_server) {
  start();
  loop.reset(); // its port is known, nobody listens
  sensor_half sensor;
  sensor.connect(uplink_to(sensor_key));
  sensor.raise(100);
  BOOST_TEST(eventually([&] { return sensor.outbox->spooled() == 100; }));
  start();
  BOOST_TEST(sensor.finish());
  require_exactly(store, 1, 100);
}

BOOST_FIXTURE_TEST_CASE(a_store_that_is_down_for_a_while_loses_nothing, one_server) {
  start({.alerts = 1000});
  sensor_half sensor;
  sensor.connect(uplink_to(sensor_key));
  sensor.raise(10);
  BOOST_TEST(store.wait_for([](const memory_store& s) { return s.alerts() == 10; }));
  store.set_down(true);
  sensor.raise(4000);
  BOOST_TEST(store.wait_for([](const memory_store& s) { return s.failures() > 3; }));
  BOOST_TEST(eventually([&] { return loop->traffic().busy.value() > 0; }));
  store.set_down(false);
  BOOST_TEST(sensor.finish());
  require_exactly(store, 1, 4010);
  BOOST_TEST(sensor.uplink->counters().busy.value() > 0);
}

BOOST_FIXTURE_TEST_CASE(a_run_the_store_refuses_harms_no_other_sensor, one_server) {
  const auto other_key = new_key("basel");
  know({{7, sensor_key}, {8, other_key}});
  store.refuse_sensor(8);
  start();
  sensor_half sensor, other;
  other.connect(uplink_to(other_key));
  sensor.connect(uplink_to(sensor_key));
  other.raise(50);
  sensor.raise(500);
  BOOST_TEST(sensor.finish());
  store.refuse_sensor(-1);
  BOOST_TEST(other.finish());
  const auto still = store.still();
  BOOST_TEST(store.alerts() == 550);
}

BOOST_FIXTURE_TEST_CASE(an_unknown_key_gets_nowhere_and_both_sides_say_so_once, one_server) {
  const auto stranger = new_key("stranger");
  captured_log log;
  {
    start();
    sensor_half sensor;
    sensor.connect(uplink_to(stranger));
    sensor.raise(5);
    BOOST_TEST(eventually([&] { return sensor.uplink->counters().refused.value() >= 3; }));
    BOOST_TEST(sensor.uplink->counters().connected.value() == 0);
    BOOST_TEST(store.alerts() == 0);
    sensor.outbox->stop();
    sensor.uplink->stop();
  }
  const auto text = log.text();
  const auto key = to_z85(stranger.public_key);
  const auto count = [&](std::string_view part) {
    std::size_t found = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
      ++found;
    return found;
  };
  BOOST_TEST(count("ingest: refused key " + key) == 1, text);
  BOOST_TEST(count("does not know this sensor's key " + key) == 1, text);
}

BOOST_FIXTURE_TEST_CASE(a_key_that_is_registered_later_is_let_in, one_server) {
  know({});
  start();
  sensor_half sensor;
  sensor.connect(uplink_to(sensor_key));
  sensor.raise(5);
  BOOST_TEST(eventually([&] { return sensor.uplink->counters().refused.value() > 0; }));
  BOOST_TEST(sensors.refused_keys().size() == 1);
  know({{7, sensor_key}});
  BOOST_TEST(sensor.finish());
  require_exactly(store, 1, 5);
}

BOOST_FIXTURE_TEST_CASE(a_server_with_another_key_is_not_spoken_to, one_server) {
  captured_log log;
  {
    start();
    auto options = uplink_to(sensor_key);
    options.server = new_key("another");
    sensor_half sensor;
    sensor.connect(options);
    sensor.raise(5);
    BOOST_TEST(eventually([&] { return sensor.spool.position().next == 6; }));
    sensor.uplink->stop(1s);
    BOOST_TEST(sensor.uplink->counters().connected.value() == 0);
    sensor.outbox->stop();
  }
  BOOST_TEST(store.alerts() == 0);
  BOOST_TEST(log.has("broke off the handshake"), log.text());
}

BOOST_FIXTURE_TEST_CASE(what_a_full_spool_dropped_is_declared_to_the_store, one_server) {
  start();
  loop.reset();
  sensor_half sensor{1 << 20};
  sensor.connect(uplink_to(sensor_key));
  while (sensor.spool.counters().dropped.value() < 500) {
    sensor.raise(500);
    BOOST_REQUIRE(eventually([&] { return sensor.outbox->waiting() == 0; }));
  }
  start();
  BOOST_TEST(sensor.finish());
  const auto still = store.still();
  BOOST_REQUIRE(store.streams().size() == 1);
  const auto& stored = store.streams().begin()->second;
  std::uint64_t declared = 0;
  for (const auto& range : stored.dropped) {
    BOOST_TEST((range.why == al::drop_reason::spool_full));
    declared += range.last - range.first + 1;
  }
  BOOST_TEST(declared == sensor.spool.counters().dropped.value());
  BOOST_TEST(stored.sids.size() + declared == sensor.outbox->raised());
  BOOST_TEST(stored.cursor == sensor.outbox->raised());
}

BOOST_FIXTURE_TEST_CASE(a_spool_older_than_the_servers_memory_begins_a_new_epoch, one_server) {
  start();
  sensor_half sensor;
  const temporary_folder backup;
  sensor.connect(uplink_to(sensor_key));
  sensor.raise(10);
  BOOST_TEST(eventually([&] { return sensor.spool.position().first == 11; }));
  std::filesystem::copy_file(sensor.folder.path() / "alerts.mdb", backup.path() / "alerts.mdb");
  sensor.raise(10);
  BOOST_TEST(sensor.finish());
  auto restored = up::spool::open({backup.path(), 64 << 20});
  BOOST_REQUIRE(restored);
  std::vector<al::alert> more(3, al::example_alert());
  BOOST_REQUIRE(restored->append(more));
  up::uplink again{*restored, uplink_to(sensor_key)};
  BOOST_TEST(store.wait_for([](const memory_store& s) { return s.alerts() == 23; }));
  const auto still = store.still();
  BOOST_TEST(store.streams().size() == 2);
  BOOST_TEST(store.doubled() == 0);
}

/// One connection that says what it likes.
struct raw_sensor {
  zmq::context_t context{1};
  wake_event never;
  up::link link;

  raw_sensor(const one_server& server, const key_file& key)
      : link{context, {server.endpoint, key, server.server_key}} {
    BOOST_REQUIRE(eventually([&] { return link.event() == up::link_event::up; }));
  }
  template <typename Body>
  Body hear() {
    std::optional<Body> found;
    BOOST_REQUIRE(eventually([&] {
      link.wait(never, 10ms);
      const auto message = link.receive();
      if (!message)
        return false;
      const auto read = al::read_server_message({message->data<std::byte>(), message->size()});
      BOOST_REQUIRE(read);
      if (const auto* body = std::get_if<Body>(&read->body))
        found = *body;
      return found.has_value();
    }));
    return *found;
  }
  void hello(std::uint64_t session) {
    al::hello_message hello{.first = 1, .next = 100};
    hello.epoch.bytes[0] = std::byte{0xe1};
    link.send(al::write_message(session, hello));
  }
  void batch(std::uint64_t session, std::uint32_t round, std::uint64_t first) {
    al::batch_writer batch{session, round, first};
    auto one = al::example_alert();
    one.sequence = first;
    batch.add_record(al::encode(one));
    link.send(std::move(batch).finish());
  }
};

BOOST_FIXTURE_TEST_CASE(a_batch_that_comes_twice_is_stored_once_and_answered_with_resume,
                        one_server) {
  start();
  raw_sensor sensor{*this, sensor_key};
  sensor.hello(1);
  BOOST_TEST(sensor.hear<al::welcome_message>().resume_from == 1);
  sensor.batch(1, 0, 1);
  BOOST_TEST(sensor.hear<al::ack_message>().through == 1);
  sensor.batch(1, 0, 1);
  BOOST_TEST(sensor.hear<al::resume_message>().from == 2);
  sensor.batch(1, 1, 2);
  BOOST_TEST(sensor.hear<al::ack_message>().through == 2);
  const auto still = store.still();
  BOOST_TEST(store.alerts() == 2);
}

BOOST_FIXTURE_TEST_CASE(a_hostile_sensor_is_cut_off_and_the_others_go_on, one_server) {
  const auto other_key = new_key("basel");
  know({{7, sensor_key}, {8, other_key}});
  captured_log log;
  start();
  raw_sensor hostile{*this, other_key};
  hostile.hello(1);
  hostile.hear<al::welcome_message>();
  sensor_half sensor;
  sensor.connect(uplink_to(sensor_key));
  sensor.raise(100);
  for (int i = 0; i < 100; ++i)
    hostile.link.send(std::vector<std::byte>(1000, std::byte{0x5a}));
  BOOST_TEST((hostile.hear<al::bye_message>().reason == al::bye_reason::malformed));
  hostile.batch(1, 0, 1);
  sensor.raise(400);
  BOOST_TEST(sensor.finish());
  BOOST_TEST(store.wait_for([](const memory_store& s) { return s.alerts() == 500; }));
  BOOST_TEST(loop->traffic().malformed.value() == 1);
  BOOST_TEST(log.has("sensor basel sent a malformed message"));
}

BOOST_FIXTURE_TEST_CASE(a_sensor_killed_in_the_middle_loses_and_doubles_nothing_that_was_spooled,
                        one_server) {
  const temporary_folder folder;
  int ends[2];
  BOOST_REQUIRE(pipe(ends) == 0);
  const pid_t child = fork(); // before any thread of ours exists
  if (child == 0) {
    char text[128] = {};
    if (read(ends[0], text, sizeof text - 1) <= 0)
      _exit(1);
    endpoint = text;
    auto spool = up::spool::open({folder.path(), 64 << 20});
    up::uplink link{*spool, uplink_to(sensor_key)};
    up::outbox out{*spool, {}, [&] { link.wake(); }};
    for (std::uint32_t sid = 1;; ++sid) {
      auto one = al::example_alert();
      one.sid = sid;
      while (!out.offer(one))
        std::this_thread::sleep_for(1ms);
      if (sid % 100 == 0)
        std::this_thread::sleep_for(1ms);
    }
  }
  start();
  BOOST_REQUIRE(write(ends[1], endpoint.c_str(), endpoint.size()) > 0);
  BOOST_TEST(store.wait_for([](const memory_store& s) { return s.alerts() >= 500; }));
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  close(ends[0]);
  close(ends[1]);
  auto spool = up::spool::open({folder.path(), 64 << 20});
  BOOST_REQUIRE(spool);
  const auto spooled = spool->position().next - 1;
  BOOST_TEST(spooled >= 500);
  up::uplink link{*spool, uplink_to(sensor_key)};
  link.stop(60s);
  require_exactly(store, 1, static_cast<std::uint32_t>(spooled));
}

BOOST_FIXTURE_TEST_CASE(a_port_in_use_is_told_in_one_line, one_server) {
  start();
  ingest_options options;
  options.endpoint = endpoint;
  options.own = server_key;
  sensor_registry others;
  BOOST_CHECK_EXCEPTION(ingest_loop(others, store, options), std::runtime_error,
                        [&](const std::runtime_error& error) {
                          return std::string{error.what()}.find(endpoint) != std::string::npos;
                        });
  options.own.secret_key.clear();
  BOOST_CHECK_THROW(ingest_loop(others, store, options), std::runtime_error);
}

BOOST_AUTO_TEST_SUITE_END()
