#pragma once

#include "coord/incident/repository.hpp"
#include "coord/ingest/sensor_registry.hpp"

namespace cresset::coord::store {

class connection_pool;

/// What is known of a sensor for its line on a page.
struct sensor_status {
  ingest::known_sensor sensor;
  bool disabled = false;
  timestamp registered;
  /// When the last batch was stored; nothing before the first.
  std::optional<timestamp> last_stored;
  std::int64_t stored = 0;
  std::int64_t refused = 0;
  std::int64_t dropped = 0;
};

/// Registered sensors in PostgreSQL. Any thread.
class sensor_store {
public:
  static constexpr int sensors_limit = 10'000;

  /// The pool outlives the store.
  explicit sensor_store(connection_pool& pool) : pool_{pool} {}

  /// `refused` when the name or the key is taken by another, or the name is malformed. Adding the
  /// same again changes nothing and gives its id.
  incident::result<ingest::sensor_id> add(const std::string& name,
                                          const ingest::curve_public_key& key, std::string_view by);
  /// A disabled sensor gets nowhere; what it sent stays.
  incident::result<void> disable(const std::string& name, bool disabled, std::string_view by);
  /// Those that may connect.
  incident::result<std::vector<ingest::known_sensor>> enabled();
  incident::result<std::vector<sensor_status>> all();

private:
  connection_pool& pool_;
};

} // namespace cresset::coord::store
