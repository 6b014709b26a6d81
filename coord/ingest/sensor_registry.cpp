#include "coord/ingest/sensor_registry.hpp"

#include <algorithm>

namespace cresset::coord::ingest {

void sensor_registry::replace(std::span<const known_sensor> sensors) {
  std::map<curve_public_key, known_sensor> by_key;
  std::map<std::string, curve_public_key> by_name;
  for (const auto& sensor : sensors) {
    by_key[sensor.key] = sensor;
    by_name[sensor.name] = sensor.key;
  }
  const std::lock_guard lock{mutex_};
  by_key_.swap(by_key);
  by_name_.swap(by_name);
  std::erase_if(refused_,
                [&](const refused_key& refused) { return by_key_.contains(refused.key); });
}

std::optional<known_sensor> sensor_registry::find(const curve_public_key& key) const {
  const std::lock_guard lock{mutex_};
  const auto found = by_key_.find(key);
  return found == by_key_.end() ? std::nullopt : std::optional{found->second};
}

std::optional<known_sensor> sensor_registry::find(const std::string& name) const {
  const std::lock_guard lock{mutex_};
  const auto key = by_name_.find(name);
  if (key == by_name_.end())
    return std::nullopt;
  const auto found = by_key_.find(key->second);
  return found == by_key_.end() ? std::nullopt : std::optional{found->second};
}

bool sensor_registry::note_refused(const curve_public_key& key, const std::string& address) {
  const std::lock_guard lock{mutex_};
  const auto known = std::find_if(refused_.begin(), refused_.end(),
                                  [&](const refused_key& refused) { return refused.key == key; });
  if (known != refused_.end()) {
    ++known->times;
    known->address = address;
    return false;
  }
  if (refused_.size() == refused_keys_limit)
    refused_.pop_front();
  refused_.push_back({key, address, 1});
  return true;
}

std::vector<refused_key> sensor_registry::refused_keys() const {
  const std::lock_guard lock{mutex_};
  return {refused_.begin(), refused_.end()};
}

} // namespace cresset::coord::ingest
