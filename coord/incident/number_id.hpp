#pragma once

#include <compare>
#include <cstdint>
#include <functional>

namespace cresset::coord::incident {

/// A number that names one thing of one kind; numbers of different kinds do not mix. 0 names
/// nothing.
template <typename Kind>
struct number_id {
  std::int64_t value = 0;

  explicit constexpr operator bool() const noexcept { return value != 0; }
  friend constexpr auto operator<=>(const number_id&, const number_id&) noexcept = default;
};

/// Where an alert stands in the order in which this server committed alerts, over all sensors, from
/// 1 without gaps. Decisions name it; it never runs backwards and nothing becomes visible behind a
/// position already seen.
using alert_position = number_id<struct alert_position_tag>;
/// Where a change stands in the order in which changes of groups were committed, from 1.
using change_position = number_id<struct change_position_tag>;
using group_id = number_id<struct group_tag>;
using incident_id = number_id<struct incident_tag>;
using decision_id = number_id<struct decision_tag>;
using indicator_id = number_id<struct indicator_tag>;
using user_id = number_id<struct user_tag>;
/// The server's own number of a sensor (the sensor's name and key stand in table `sensor`).
using sensor_number = number_id<struct sensor_tag>;

} // namespace cresset::coord::incident

template <typename Kind>
struct std::hash<cresset::coord::incident::number_id<Kind>> {
  std::size_t operator()(const cresset::coord::incident::number_id<Kind>& id) const noexcept {
    return std::hash<std::int64_t>{}(id.value);
  }
};
