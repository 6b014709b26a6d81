#pragma once

#include "coord/store/alert_store.hpp"
#include "coord/store/audit_store.hpp"
#include "coord/store/correlator_store.hpp"
#include "coord/store/group_store.hpp"
#include "coord/store/incident_store.hpp"
#include "coord/store/sensor_store.hpp"
#include "coord/store/user_store.hpp"

#include <memory>
#include <string>

namespace cresset::coord::store {

/// The database of a server with one store a subject. What is asked of it by other threads may be
/// asked of any part at once, except `alerts`, which belongs to the ingest loop.
class store {
public:
  static constexpr std::size_t default_connections = 16;

  /// Connects, brings the schema to the program's version and makes the partitions of the days
  /// ahead.
  static incident::result<std::unique_ptr<store>>
  open(const std::string& url, std::size_t connections = default_connections);
  ~store();
  store(const store&) = delete;
  store& operator=(const store&) = delete;

  /// Makes partitions ahead, drops expired ones, trims changes, sweeps sessions: once an hour, on
  /// any thread.
  incident::result<void> maintain(timestamp now, partition_retention keep);

  /// The first setting that would let an acknowledged alert be lost ("fsync"), empty when there is
  /// none.
  incident::result<std::string> missing_durability();

  const std::string& url() const noexcept;
  connection_pool& pool() noexcept { return *pool_; }

private:
  explicit store(std::unique_ptr<connection_pool> pool);
  std::unique_ptr<connection_pool> pool_;

public:
  alert_store alerts;
  audit_store audit;
  correlator_store correlation;
  group_store groups;
  incident_store incidents;
  sensor_store sensors;
  user_store users;
};

} // namespace cresset::coord::store
