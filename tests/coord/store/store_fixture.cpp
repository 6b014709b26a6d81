#include "tests/coord/store/store_fixture.hpp"

#include "coord/store/connection_pool.hpp"
#include "detect/alert/wire.hpp"
#include "tests/support/test_database.hpp"

namespace cresset::tests {

timestamp this_moment() {
  return std::chrono::floor<std::chrono::microseconds>(now());
}

store_fixture::store_fixture()
    : url{test_cluster::instance().fresh_database()},
      owned_pool{std::make_unique<coord::store::connection_pool>(url, 4)}, pool{*owned_pool},
      alerts{pool}, sensor{add_sensor("s1")},
      analyst{number("INSERT INTO app_user (login, full_name, password_hash, role) VALUES ('ana', "
                     "'Ana', 'x', 1) "
                     "RETURNING id")} {}

store_fixture::~store_fixture() = default;

detect::alert::epoch_id store_fixture::epoch_of(int number) {
  detect::alert::epoch_id id;
  id.bytes[0] = static_cast<std::byte>(number);
  return id;
}

coord::ingest::sensor_id store_fixture::add_sensor(const std::string& name) {
  return {number("INSERT INTO sensor (name, curve_key) VALUES ('" + name + "', lpad('" + name +
                 "', 40, 'k')) RETURNING id")};
}

std::string store_fixture::text(const std::string& query) {
  const auto answer =
      pool.transact([&](pqxx::work& t) -> expected<std::string, coord::store::store_error> {
        const auto rows = t.exec(query);
        return rows.empty() || rows[0][0].is_null() ? std::string{} : rows[0][0].as<std::string>();
      });
  BOOST_REQUIRE_MESSAGE(answer, query);
  return *answer;
}

std::int64_t store_fixture::number(const std::string& query) {
  return std::stoll(text(query));
}

detect::alert::alert store_fixture::alert_from(std::uint32_t attacker, std::uint32_t sid,
                                               int severity) const {
  detect::alert::alert alert;
  alert.sensor = "s1";
  alert.epoch = epoch;
  alert.captured_at = received;
  alert.sid = sid;
  alert.rev = 1;
  alert.severity = detect::alert::severity{static_cast<std::uint32_t>(severity)};
  alert.msg = "TEST rule " + std::to_string(sid);
  alert.category = "Web Application Attack";
  alert.tuple =
      five_tuple{ip_address::v4(attacker), ip_address::v4(0x0a000001), 40000, 80, ip_protocol::tcp};
  alert.app_proto = "http";
  alert.packet.assign(60, std::byte{0xaa});
  alert.packet_length = 60;
  alert.payload.assign(20, std::byte{0x41});
  alert.payload_length = 20;
  return alert;
}

coord::ingest::alert_run store_fixture::run_of(std::vector<detect::alert::alert> some) {
  coord::ingest::alert_run run;
  run.sensor = sensor;
  run.epoch = epoch;
  run.first = next;
  run.received_at = received;
  for (auto& alert : some) {
    alert.sequence = next++;
    alert.epoch = epoch;
    auto record = detect::alert::encode(alert);
    run.entries.emplace_back(coord::ingest::accepted_alert{std::move(alert), std::move(record)});
  }
  run.last = next - 1;
  return run;
}

coord::ingest::run_outcome store_fixture::offer(const coord::ingest::alert_run& run) {
  const auto outcomes = alerts.commit({&run, 1});
  BOOST_REQUIRE_MESSAGE(outcomes, (outcomes ? "" : outcomes.error().text));
  return outcomes->front();
}

void store_fixture::send(std::vector<detect::alert::alert> some) {
  BOOST_REQUIRE(offer(run_of(std::move(some))).accepted);
}

} // namespace cresset::tests
