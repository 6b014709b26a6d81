#pragma once

#include "capture/base/expected.hpp"
#include "capture/base/timestamp.hpp"
#include "coord/incident/marking.hpp"
#include "coord/incident/number_id.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cresset::coord::indicator {

using incident::indicator_id;

enum class indicator_kind : std::uint8_t { address = 0, domain = 1, url = 2, hash = 3 };
std::string_view to_string(indicator_kind kind) noexcept;
std::optional<indicator_kind> kind_from(std::string_view word) noexcept;

/// An indicator ends by itself after at most so long.
inline constexpr std::chrono::hours lifetime_limit{366 * 24};
/// Prefixes shorter than these are refused: they would match whole providers.
inline constexpr unsigned least_prefix_v4_bits = 16;
inline constexpr unsigned least_prefix_v6_bits = 32;
inline constexpr std::size_t value_limit_bytes = 2048;
/// Indicators in force at one time.
inline constexpr std::size_t indicators_limit = 200'000;

/// The one form a value is kept and compared in, or what is wrong with it in one sentence.
/// Addresses and prefixes: without host bits. Domains: lower case, at least two labels, no final
/// dot; they stand for their subdomains too. URLs: host in lower case, without fragment. Hashes:
/// MD5, SHA-1, SHA-256 or SHA-512 in lower-case hex.
expected<std::string, std::string> normalised(indicator_kind kind, std::string_view value);
/// The kind a value looks like, for input that does not say.
std::optional<indicator_kind> guess_kind(std::string_view value);

/// What is asked to be watched for.
struct new_indicator {
  indicator_kind kind = indicator_kind::address;
  /// In the form `normalised` gives.
  std::string value;
  /// "analyst", or a partner's name.
  std::string source = "analyst";
  /// The partner's object, if it came from one.
  std::string object_id;
  incident::tlp label = incident::tlp::amber;
  incident::pap actions = incident::pap::amber;
  /// 0 to 100.
  int confidence = 50;
  std::string comment;
  timestamp expires;
};

struct indicator : new_indicator {
  indicator_id id;
  timestamp added;
  std::string added_by;
  std::optional<timestamp> withdrawn;
  std::string withdrawn_by;
  std::string withdrawn_why;
  /// Alerts that carried it, and when the last one was received; counted when alerts are stored.
  std::int64_t hits = 0;
  std::optional<timestamp> last_hit;
};

} // namespace cresset::coord::indicator
