#pragma once

#include "capture/base/expected.hpp"
#include "coord/indicator/indicator.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cresset::coord::indicator {

/// What a STIX indicator object says, as far as we can watch for it.
struct offered_indicator {
  std::string object_id;
  std::string name;
  /// Of its markings: the strictest that is known, `red` when none can be read.
  incident::tlp label = incident::tlp::red;
  std::optional<int> confidence;
  std::optional<timestamp> valid_until;
  bool revoked = false;
  /// In the form `normalised` gives.
  std::vector<std::pair<indicator_kind, std::string>> values;
};

/// Values a pattern may name.
inline constexpr std::size_t pattern_values_limit = 100;

/// Reads a STIX 2.1 indicator whose pattern (STIX patterning, section 9) is a comparison, or
/// several joined by OR, of `ipv4-addr:value`, `ipv6-addr:value`, `domain-name:value`, `url:value`
/// or `file:hashes.…` with `=`, ISSUBSET or IN. Anything else is refused with one sentence: a
/// pattern we would match only in part must not look as if we did.
expected<offered_indicator, std::string> read_offered(std::string_view body);

/// The comparisons of such a pattern.
expected<std::vector<std::pair<indicator_kind, std::string>>, std::string>
read_pattern(std::string_view pattern);

} // namespace cresset::coord::indicator
