#pragma once

#include "detect/rule/address_set.hpp"
#include "detect/rule/header.hpp"
#include "detect/rule/options/threshold.hpp"
#include "detect/rule/text/refusal.hpp"
#include "detect/rule/variables.hpp"

#include <memory>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

namespace cresset::detect::rule {

/// Which rules a line is about; 0 stands for all.
struct rule_selector {
  std::uint32_t gid = 0;
  std::uint32_t sid = 0;
  bool selects(std::uint32_t g, std::uint32_t s) const noexcept {
    return (gid == 0 || gid == g) && (sid == 0 || sid == s);
  }
};

/// `suppress`: no alerts of a rule, or none of certain addresses.
struct suppression {
  enum class side : std::uint8_t { none, source, destination, either };
  rule_selector rules;
  side track = side::none;                      ///< none: whatever the addresses
  std::shared_ptr<const address_set> addresses; ///< null when track is none
};

/// `threshold` and `event_filter`: replaces the threshold of a rule.
struct threshold_override {
  rule_selector rules;
  options::threshold threshold;
};

/// `rate_filter`: another action once a rule matched `count` times in `seconds`.
struct rate_filter {
  rule_selector rules;
  options::tracker track{};
  std::uint32_t count = 0;
  std::uint32_t seconds = 0;
  action new_action{};
  std::uint32_t timeout_s = 0;
};

/// A threshold.config, line by line and in its order.
struct threshold_config {
  std::vector<suppression> suppressions;
  std::vector<threshold_override> thresholds;
  std::vector<rate_filter> rate_filters;
  std::vector<text::refusal> refusals; ///< their offset is that of the whole text
};

/// Reads the file's text: comments, continued lines, addresses as lists and variables of `names`.
threshold_config parse_threshold_config(std::string_view text, variables& names);

} // namespace cresset::detect::rule
