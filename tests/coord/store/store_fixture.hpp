#pragma once

#include "coord/incident/number_id.hpp"
#include "coord/store/alert_store.hpp"
#include "detect/alert/alert.hpp"

#include <boost/test/unit_test.hpp>

#include <memory>
#include <string>
#include <vector>

namespace cresset::coord::store {
class connection_pool;
}

namespace cresset::tests {

timestamp this_moment();

/// A database of the case's own with one registered sensor and one user, and short ways to fill and
/// ask it.
struct store_fixture {
  store_fixture();
  ~store_fixture();

  std::string url;
  std::unique_ptr<coord::store::connection_pool> owned_pool;
  coord::store::connection_pool& pool;
  coord::store::alert_store alerts;
  coord::ingest::sensor_id sensor;
  coord::incident::user_id analyst;
  detect::alert::epoch_id epoch = epoch_of(1);
  /// When runs are received; a case may move it.
  timestamp received = this_moment();
  std::uint64_t next = 1;

  static detect::alert::epoch_id epoch_of(int number);
  coord::ingest::sensor_id add_sensor(const std::string& name);

  /// The first field of the first row; empty for NULL and for no row.
  std::string text(const std::string& query);
  std::int64_t number(const std::string& query);
  void run(const std::string& statement) { text(statement); }

  detect::alert::alert alert_from(std::uint32_t attacker, std::uint32_t sid = 7,
                                  int severity = 3) const;
  /// A run of these alerts behind what was sent before.
  coord::ingest::alert_run run_of(std::vector<detect::alert::alert> some);
  coord::ingest::run_outcome offer(const coord::ingest::alert_run& run);
  /// Sends them and expects that they are taken.
  void send(std::vector<detect::alert::alert> some);
};

} // namespace cresset::tests
