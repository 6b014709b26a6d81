#pragma once

#include "detect/rule/text/text_cursor.hpp"

#include <cstdint>

namespace cresset::detect::rule::options {

/// What matches are counted by.
enum class tracker : std::uint8_t { by_src, by_dst, by_both, by_rule, by_flow };

/// `threshold`: how many of a rule's matches become alerts.
struct threshold {
  enum class type : std::uint8_t { limit, threshold, both, backoff };
  type how{};
  tracker track{};
  std::uint32_t count = 0;
  std::uint32_t seconds = 0;
  std::uint32_t multiplier = 0; ///< backoff: alert at count, then at every count · multiplier^n
};

/// `detection_filter`: alerts only from the match after `count` in `seconds` on.
struct detection_filter {
  tracker track{};
  std::uint32_t count = 0;
  std::uint32_t seconds = 0;
};

text::parsed<threshold> parse_threshold(text::text_cursor in);
text::parsed<detection_filter> parse_detection_filter(text::text_cursor in);
text::parsed<tracker> parse_tracker(text::text_cursor in);

} // namespace cresset::detect::rule::options
