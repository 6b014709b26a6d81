#pragma once

#include "detect/rule/parser.hpp"
#include "detect/rule/rule.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace cresset::detect::rule {

/// A rule, or line, that was not taken.
struct rule_refusal {
  std::string file;
  std::uint32_t line = 0;   ///< of the place that is wrong, from 1
  std::uint32_t column = 0; ///< from 1
  text::errc why{};
  std::string reason;
  std::uint32_t sid = 0; ///< 0: not known
};

/// The rules of any number of files. Of several rules with one gid:sid the highest rev stays (the
/// first of equals); the others are refusals.
class ruleset {
public:
  /// Largest file taken, in bytes, and most rules of all files.
  static constexpr std::size_t file_limit_bytes = 256u << 20;
  static constexpr std::size_t rule_limit = 1'000'000;

  explicit ruleset(parser& reader) noexcept : reader_{reader} {}

  /// Reads a file, or all that a pattern names ("rules/*.rules", sorted). A file that cannot be
  /// read, or a pattern that names none, is a refusal.
  void load(const std::string& path_or_pattern);
  /// Reads rules from memory; `file` is what locations name.
  void load_text(std::string_view text, const std::string& file);

  const std::vector<std::shared_ptr<const rule>>& rules() const noexcept { return rules_; }
  const std::vector<rule_refusal>& refusals() const noexcept { return refusals_; }
  /// Refusals over the 100000 that are kept.
  std::size_t refusals_not_kept() const noexcept { return refusals_not_kept_; }
  /// Lines that hold a disabled rule ("# alert …").
  std::size_t disabled() const noexcept { return disabled_; }
  /// Rules whose `requires` this engine does not meet: skipped and not among the refusals.
  std::size_t skipped() const noexcept { return skipped_; }

private:
  void take(std::string_view text, const std::string& file, std::uint32_t line);
  void keep(rule made);
  void refuse(const text::refusal& why, const std::string& file, std::uint32_t line,
              std::uint32_t sid);

  parser& reader_;
  std::vector<std::shared_ptr<const rule>> rules_;
  std::unordered_map<std::uint64_t, std::size_t> by_id_;
  std::vector<rule_refusal> refusals_;
  std::vector<std::size_t>
      joined_at_; ///< of the rule being read: where in it its further lines begin
  std::size_t disabled_ = 0;
  std::size_t skipped_ = 0;
  std::size_t refusals_not_kept_ = 0;
};

} // namespace cresset::detect::rule
