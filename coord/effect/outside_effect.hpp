#pragma once

#include "capture/base/timestamp.hpp"
#include "coord/incident/number_id.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cresset::coord::effect {

using effect_id = incident::number_id<struct effect_tag>;

enum class effect_kind : std::uint8_t { release = 0, withdrawal = 1 };
enum class effect_state : std::uint8_t {
  held = 0,      ///< goes out at `due` unless it is taken back
  done = 1,      ///< stands in the partner's stream
  cancelled = 2, ///< taken back in time: it never left
  failed = 3,    ///< could not go out; `note` says why
};
std::string_view to_string(effect_kind kind) noexcept;
std::string_view to_string(effect_state state) noexcept;
std::optional<effect_state> effect_state_from(std::string_view word) noexcept;

/// So long an effect is held before it goes out. Taking back goes out at once.
inline constexpr std::chrono::seconds effect_hold{10};

/// One thing that leaves this server, or would have.
struct outside_effect {
  effect_id id;
  effect_kind kind = effect_kind::release;
  incident::incident_id incident;
  /// The version that was released, whose bytes were made when it was asked for.
  std::int64_t incident_version = 0;
  /// Short name.
  std::string partner;
  /// Of a withdrawal: "undone", "error".
  std::string reason;
  /// A login, or "policy".
  std::string by;
  timestamp asked;
  timestamp due;
  effect_state state = effect_state::held;
  std::optional<timestamp> ended;
  std::string note;
  /// What partners know the object by.
  std::string object_id;
  std::string object_version;
  /// Of a withdrawal: the release it takes back.
  std::optional<effect_id> compensates;
};

} // namespace cresset::coord::effect
