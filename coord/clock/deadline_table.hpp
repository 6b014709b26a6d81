#pragma once

#include "capture/base/expected.hpp"
#include "coord/alarm/call_out.hpp"
#include "coord/clock/clock_kind.hpp"

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace cresset::coord::clock {

/// "Within 24 h of `aware`, the owner is to be notified; warn 4 h before."
struct deadline_rule {
  clock_kind clock = clock_kind::acknowledged;
  clock_kind from = clock_kind::aware;
  /// 1 s to 366 days.
  std::chrono::seconds within{};
  /// How long before the end to warn; 0 for no warning, less than `within`.
  std::chrono::seconds warn{};
};

/// The deadlines one body of law or one agreement asks for, and the incidents it speaks of. An
/// empty list means any.
struct regime {
  /// "national"; stands in the proof and should never change.
  std::string id;
  std::string title;
  /// 0 to 100.
  int severity_from = 0;
  std::vector<std::string> sectors;
  /// Classes of RSIT.
  std::vector<std::string> classes;
  std::vector<deadline_rule> deadlines;
};

/// What a nation edits: its regimes and its call-out list. The version is the store's.
struct deadline_table {
  std::vector<regime> regimes;
  /// In the order of `after`.
  std::vector<alarm::call_out_step> call_out;
};

inline constexpr std::size_t table_bytes_limit = 256 * 1024;
inline constexpr std::size_t regimes_limit = 50;
inline constexpr std::size_t rules_limit = 30;
inline constexpr std::size_t names_limit = 100;
inline constexpr std::size_t steps_limit = 20;
inline constexpr std::chrono::seconds within_limit{std::chrono::hours{24 * 366}};

/// Reads the table as YAML (appliance/config/deadlines.yaml is an example with its meaning). The
/// error is one line: origin, line and remedy.
expected<deadline_table, std::string> parse_deadline_table(std::string_view yaml,
                                                           std::string_view origin);

} // namespace cresset::coord::clock
