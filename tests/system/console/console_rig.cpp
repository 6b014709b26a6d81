// The parts of the coordination server that the page talks to, put together for a test in a
// browser: the real store on a real PostgreSQL, the real API, HTTPS server and page. Only the links
// are told instead of run: two partners and what the gate would say. Alerts are committed by the
// store as ingest does it.
//
//   console_rig            prints "url URL" and "password WORD" once it listens, then reads
//   commands from standard input:
//     alert SID SEVERITY ATTACKER MESSAGE…     commits one alert; prints "sent POSITION-COUNT"
//   It ends with its input.
#include "coord/api/account_store.hpp"
#include "coord/api/change_notices.hpp"
#include "coord/api/routes.hpp"
#include "coord/console/assets.hpp"
#include "coord/http/server.hpp"
#include "coord/store/alert_store.hpp"
#include "coord/store/change_feed.hpp"
#include "coord/store/connection_pool.hpp"
#include "coord/store/group_store.hpp"
#include "coord/store/incident_store.hpp"
#include "coord/store/sensor_store.hpp"
#include "coord/store/user_store.hpp"
#include "detect/alert/wire.hpp"
#include "tests/support/test_database.hpp"

#include <iostream>
#include <sstream>

namespace {

using namespace cresset;
using namespace cresset::coord;

class registered_sensors : public api::sensor_board {
public:
  explicit registered_sensors(store::sensor_store& sensors) : sensors_{sensors} {}
  incident::result<api::sensor_overview> sensors() override {
    const auto all = sensors_.all();
    if (!all)
      return unexpected{all.error()};
    api::sensor_overview seen;
    for (const auto& s : *all)
      seen.sensors.push_back({s.sensor.name, s.last_stored.has_value(), s.last_stored, s.stored,
                              s.refused, s.dropped, 0, 0, std::nullopt});
    return seen;
  }

private:
  store::sensor_store& sensors_;
};

class told_partners : public api::partner_board {
public:
  explicit told_partners(incident::incident_repository& incidents) : incidents_{incidents} {}
  incident::result<std::vector<api::partner_status>> partners() override {
    api::partner_status west{"identity--8f6b1c1e-0a5e-4a1e-9a57-3f1f3c1d2b10",
                             "cirt-west",
                             "up",
                             "",
                             incident::tlp::amber,
                             now(),
                             41,
                             41,
                             17,
                             0};
    api::partner_status east{"identity--1b1f6f0e-7f43-4a64-8a8c-51a0c8f1d8b2",
                             "cirt-east",
                             "halted",
                             "the partner refused entry 12: hash_mismatch",
                             incident::tlp::green,
                             {},
                             12,
                             11,
                             9,
                             1};
    return std::vector{west, east};
  }
  incident::result<std::vector<api::release_verdict>>
  weigh_release(incident::incident_id id) override {
    const auto one = incidents_.one(id);
    if (!one)
      return unexpected{one.error()};
    const bool seen_in_east = one->label <= incident::tlp::green;
    return std::vector<api::release_verdict>{
        {"cirt-west",
         true,
         {"Leaves: title, times, classification, 1 attacker",
          "Cut: victim addresses (class: constituent)"}},
        {"cirt-east",
         seen_in_east,
         {seen_in_east ? "Leaves: title, times, classification"
                       : "TLP is above green, the most closed label this partner may see"}}};
  }
  incident::result<api::release_verdict> release(incident::incident_id id,
                                                 std::int64_t seen_version,
                                                 const std::string& partner,
                                                 const std::string& by) override {
    const auto marked = incidents_.mark_released(id, seen_version, partner, by);
    if (!marked)
      return unexpected{marked.error()};
    return api::release_verdict{partner, true, {"Released"}};
  }

private:
  incident::incident_repository& incidents_;
};

/// Commits alerts of one sensor, one at a time.
class alert_source {
public:
  alert_source(store::connection_pool& pool, ingest::sensor_id sensor)
      : alerts_{pool}, sensor_{sensor} {
    epoch_.bytes[0] = std::byte{1};
  }

  bool send(std::uint32_t sid, std::uint32_t severity, const ip_address& attacker,
            const std::string& message) {
    detect::alert::alert alert;
    alert.sensor = "ix-north";
    alert.epoch = epoch_;
    alert.sequence = ++sequence_;
    alert.captured_at = now();
    alert.sid = sid;
    alert.rev = 3;
    alert.severity = detect::alert::severity{severity};
    alert.msg = message;
    alert.category = "Web Application Attack";
    alert.tuple =
        five_tuple{attacker, *ip_address::parse("10.20.30.40"), 40123, 80, ip_protocol::tcp};
    alert.app_proto = "http";
    const std::string payload =
        "GET /<script>alert('x')</script>?q=%27%20OR%201=1 HTTP/1.1\r\nHost: victim.example\r\n"
        "User-Agent: <img src=x onerror=alert(1)>\r\n\r\n" +
        std::string{'\x01', '\x7f', '\xff'};
    const auto bytes = as_bytes(payload);
    alert.payload.assign(bytes.begin(), bytes.end());
    alert.payload_length = static_cast<std::uint32_t>(bytes.size());
    ingest::alert_run run;
    run.sensor = sensor_;
    run.epoch = epoch_;
    run.first = run.last = sequence_;
    run.received_at = now();
    auto record = detect::alert::encode(alert);
    run.entries.emplace_back(ingest::accepted_alert{std::move(alert), std::move(record)});
    const auto outcomes = alerts_.commit({&run, 1});
    return outcomes && outcomes->front().accepted;
  }

private:
  store::alert_store alerts_;
  ingest::sensor_id sensor_;
  detect::alert::epoch_id epoch_;
  std::uint64_t sequence_ = 0;
};

void obey(alert_source& source) {
  for (std::string line; std::getline(std::cin, line);) {
    std::istringstream words{line};
    std::string command, attacker, message;
    std::uint32_t sid = 0, severity = 0;
    words >> command >> sid >> severity >> attacker;
    std::getline(words >> std::ws, message);
    const auto from = ip_address::parse(attacker);
    const bool sent = command == "alert" && from && source.send(sid, severity, *from, message);
    std::cout << (sent ? "sent" : "refused") << std::endl;
  }
}

int run() {
  const std::string url = tests::test_cluster::instance().fresh_database();
  store::connection_pool pool{url, 8};
  store::group_store groups{pool};
  store::incident_store incidents{pool};
  store::user_store users{pool};
  store::sensor_store sensors{pool};
  ingest::curve_public_key key{};
  key[0] = std::byte{7};
  const auto sensor = sensors.add("ix-north", key, "test");
  const auto password = api::make_first_account(users);
  if (!sensor || !password || !*password)
    throw std::runtime_error{"the store takes no sensor or no account"};

  api::account_store accounts{users};
  http::login sessions{accounts};
  http::push_hub pushes;
  registered_sensors board{sensors};
  told_partners partners{incidents};
  http::router router;
  api::install(router, {groups, incidents, users, board, partners, sessions, pushes, {}, {}});
  console::install(router);
  const tests::scratch_folder state;
  http::server_config config;
  config.port = 0;
  config.tls = http::own_certificate(state.path(), {"127.0.0.1"});
  http::server server{config, router, sessions, pushes};
  server.start();
  store::change_feed feed{url};
  const api::change_notices notices{feed, groups, pushes};
  alert_source source{pool, *sensor};
  std::cout << "url " << server.url() << "\npassword " << **password << std::endl;
  obey(source);
  server.stop();
  return 0;
}

} // namespace

int main() {
  try {
    return run();
  } catch (const std::exception& e) {
    std::cerr << "console_rig: " << e.what() << "\n";
    return 1;
  }
}
