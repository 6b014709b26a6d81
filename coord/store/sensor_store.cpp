#include "coord/store/sensor_store.hpp"

#include "capture/base/key_file.hpp"
#include "capture/base/z85.hpp"
#include "coord/store/connection_pool.hpp"
#include "coord/store/journal_writer.hpp"
#include "coord/store/sql_text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace cresset::coord::store {
using namespace incident;
namespace {

void write(pqxx::work& t, std::string_view by, std::string text) {
  journal::event what;
  what.kind = journal::kind::sensor_changed;
  what.at = now();
  what.by = by;
  what.text = std::move(text);
  append(t, what);
}

ingest::known_sensor sensor_of(const pqxx::row& row) {
  ingest::known_sensor sensor{{row[0].as<std::int64_t>()}, row[1].c_str(), {}};
  if (const auto key = from_z85(row[2].c_str()); key && key->size() == sensor.key.size())
    std::ranges::copy(*key, sensor.key.begin());
  return sensor;
}

} // namespace

result<ingest::sensor_id> sensor_store::add(const std::string& name,
                                            const ingest::curve_public_key& key,
                                            std::string_view by) {
  return pool_.transact([&](pqxx::work& t) -> result<ingest::sensor_id> {
    if (!is_key_name(name))
      return unexpected{store_error{store_errc::refused,
                                    "a sensor's name has 1 to 64 letters, digits, '.', '_', '-'"}};
    const auto z85 = to_z85(key);
    const auto known = t.exec_params(
        "SELECT id, name, curve_key FROM sensor WHERE name = $1 OR curve_key = $2", name, z85);
    for (const auto& row : known) {
      if (row[1].as<std::string>() != name)
        return unexpected{store_error{
            store_errc::refused, fmt::format("that key belongs to sensor {}", row[1].c_str())}};
      if (row[2].as<std::string>() != z85)
        return unexpected{store_error{
            store_errc::refused, fmt::format("sensor {} is registered with another key", name)}};
      return ingest::sensor_id{row[0].as<std::int64_t>()};
    }
    const auto made = t.exec_params1(
        "INSERT INTO sensor (name, curve_key) VALUES ($1, $2) RETURNING id", name, z85);
    write(t, by, fmt::format("sensor {} registered with key {}", name, z85));
    return ingest::sensor_id{made[0].as<std::int64_t>()};
  });
}

result<void> sensor_store::disable(const std::string& name, bool disabled, std::string_view by) {
  return pool_.transact([&](pqxx::work& t) -> result<void> {
    if (t.exec_params("UPDATE sensor SET disabled = $2 WHERE name = $1", name, disabled)
            .affected_rows() == 0)
      return unexpected{
          store_error{store_errc::not_found, fmt::format("there is no sensor {}", name)}};
    write(t, by, fmt::format("sensor {} {}", name, disabled ? "disabled" : "enabled"));
    return {};
  });
}

result<std::vector<ingest::known_sensor>> sensor_store::enabled() {
  return pool_.transact([&](pqxx::work& t) -> result<std::vector<ingest::known_sensor>> {
    std::vector<ingest::known_sensor> sensors;
    for (const auto& row : t.exec_params(
             "SELECT id, name, curve_key FROM sensor WHERE NOT disabled ORDER BY id LIMIT $1",
             sensors_limit))
      sensors.push_back(sensor_of(row));
    return sensors;
  });
}

result<std::vector<sensor_status>> sensor_store::all() {
  return pool_.transact([&](pqxx::work& t) -> result<std::vector<sensor_status>> {
    std::vector<sensor_status> sensors;
    for (const auto& row : t.exec_params(
             "SELECT s.id, s.name, s.curve_key, s.disabled, micros(s.registered), "
             "micros(c.updated), c.stored, c.refused, "
             "c.dropped FROM sensor s CROSS JOIN LATERAL (SELECT max(updated) AS updated, "
             "coalesce(sum(stored), 0)::bigint AS stored, coalesce(sum(refused), 0)::bigint AS "
             "refused, "
             "coalesce(sum(dropped), 0)::bigint AS dropped FROM sensor_cursor k WHERE k.sensor = "
             "s.id) c "
             "ORDER BY s.name LIMIT $1",
             sensors_limit))
      sensors.push_back({sensor_of(row), row[3].as<bool>(), time_of(row[4]),
                         row[5].is_null() ? std::nullopt : std::optional{time_of(row[5])},
                         row[6].as<std::int64_t>(), row[7].as<std::int64_t>(),
                         row[8].as<std::int64_t>()});
    return sensors;
  });
}

} // namespace cresset::coord::store
