#pragma once

#include "capture/base/timestamp.hpp"
#include "coord/incident/number_id.hpp"
#include "coord/incident/words.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cresset::coord::alarm {

using alarm_id = incident::number_id<struct alarm_tag>;

/// What needs a person now. The words are stored: new ones are added at the end, none is changed.
enum class alarm_kind : std::uint8_t {
  deadline_warning = 0, ///< a deadline comes near
  deadline_missed = 1,
  sensor_silent = 2,
  sensor_loss = 3,  ///< a sensor loses packets or drops alerts
  sensor_image = 4, ///< a sensor runs an image it should not
  canary_lost = 5,  ///< a test alert did not arrive
  store_trouble = 6,
  partner_silent = 7,
};

inline constexpr incident::words<alarm_kind, 8> alarm_words{
    {"deadline_warning", "deadline_missed", "sensor_silent", "sensor_loss", "sensor_image",
     "canary_lost", "store_trouble", "partner_silent"}};

constexpr std::string_view to_string(alarm_kind kind) noexcept {
  return alarm_words.word(kind);
}

/// What an alarm is about. While one is open, raising it again changes nothing.
struct alarm_cause {
  alarm_kind kind = alarm_kind::store_trouble;
  /// Names the thing among those of its kind: "INC-2026-000017 national acknowledged", "ix-1". At
  /// most 300 bytes.
  std::string subject;
  /// One sentence for people.
  std::string text;
  std::optional<incident::incident_id> incident;
  /// Only shown, never called out.
  bool exercise = false;
};

struct alarm {
  alarm_id id;
  alarm_cause cause;
  timestamp raised;
  std::optional<timestamp> acknowledged;
  std::string acknowledged_by;
  /// When its cause went away; an alarm is open until then, or until it was acknowledged.
  std::optional<timestamp> cleared;
  /// Steps of the call-out list that were told.
  int steps_done = 0;
};

} // namespace cresset::coord::alarm
