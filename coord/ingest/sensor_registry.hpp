#pragma once

#include "coord/ingest/sensor_id.hpp"

#include <array>
#include <cstddef>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace cresset::coord::ingest {

/// A sensor's CURVE public key: 32 bytes.
using curve_public_key = std::array<std::byte, 32>;

struct known_sensor {
  sensor_id id;
  std::string name; ///< unique; 1 to 64 letters, digits, `.`, `_`, `-`
  curve_public_key key{};
};

/// A key that knocked and is not known, for the operator to look at.
struct refused_key {
  curve_public_key key{};
  std::string address;
  std::uint64_t times = 0;
};

/// Which keys may connect, and whose they are. The server fills it from the store and again after
/// every change; any thread may ask.
class sensor_registry {
public:
  static constexpr std::size_t refused_keys_limit = 64;

  /// Takes the place of everything known so far. Running sessions of sensors that are gone end at
  /// their next message.
  void replace(std::span<const known_sensor> sensors);

  std::optional<known_sensor> find(const curve_public_key& key) const;
  std::optional<known_sensor> find(const std::string& name) const;

  /// Remembers the refusal; true when this key is new in the list, so that the log has one line and
  /// not a thousand.
  bool note_refused(const curve_public_key& key, const std::string& address);
  /// The last refused keys, oldest first.
  std::vector<refused_key> refused_keys() const;

private:
  mutable std::mutex mutex_;
  std::map<curve_public_key, known_sensor> by_key_;
  std::map<std::string, curve_public_key> by_name_;
  std::deque<refused_key> refused_;
};

} // namespace cresset::coord::ingest
