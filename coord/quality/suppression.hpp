#pragma once

#include "capture/base/expected.hpp"
#include "capture/base/timestamp.hpp"
#include "coord/incident/number_id.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cresset::coord::quality {

using suppression_id = incident::number_id<struct suppression_tag>;

/// What of a rule is kept quiet: all of it, or packets from, to, or from or to a prefix.
enum class suppression_track : std::uint8_t { rule = 0, by_src = 1, by_dst = 2, by_either = 3 };
std::string_view to_string(suppression_track track) noexcept;
std::optional<suppression_track> track_from(std::string_view word) noexcept;

/// A suppression ends by itself after at most so long.
inline constexpr std::chrono::hours suppression_lifetime_limit{90 * 24};
/// It begins so long after it was made: whoever made it by mistake has that time to take it back.
inline constexpr std::chrono::seconds suppression_hold{10};
/// Suppressions in force at one time.
inline constexpr std::int64_t suppressions_limit = 10'000;

/// What sensors shall keep quiet: the rule is still evaluated, its alerts are not raised.
struct suppression {
  suppression_id id;
  std::uint32_t gid = 1;
  std::uint32_t sid = 0;
  suppression_track track = suppression_track::rule;
  /// "192.0.2.0/24" or an address; empty for the whole rule.
  std::string prefix;
  std::string reason;
  incident::user_id owner;
  std::string owner_name;
  timestamp made;
  timestamp begins;
  timestamp expires;
  std::optional<timestamp> withdrawn;
  std::string withdrawn_by;
};

/// What is wrong with it in one sentence; empty when nothing is.
std::string objection(const suppression& what, timestamp now);

/// The line of a threshold file that says it: "suppress gen_id 1, sig_id 7, track by_src, ip …".
std::string threshold_line(const suppression& what);

} // namespace cresset::coord::quality
