#pragma once

#include "detect/inspect/gate.hpp"

#include <cstdint>
#include <memory>
#include <unordered_map>
#include <vector>

namespace cresset::detect::inspect {

class image;
struct unit_rules;

/// Rules to be tried without having been found by a literal, in the order of evaluation.
struct candidate_list {
  std::vector<std::uint32_t> plain;
  std::vector<std::uint32_t> early; ///< match only until the server has said `early_most` bytes
  std::uint32_t early_most = 0;
  std::uint32_t plain_pairs = 0; ///< how many of `plain` need two bytes somewhere
  std::uint32_t early_pairs = 0;
  std::vector<std::uint32_t> damaged; ///< need a wrong checksum
  std::vector<std::uint32_t>
      asking; ///< need a flowbit or flowint: nothing to try on flows that have none
};

/// The rules that no scan leads to and that traffic of one kind can match at all. Most of what an
/// image lists names other ports, protocols or states.
struct rule_group {
  /// Those of one unit_rules.
  struct unit {
    candidate_list without_bytes;   ///< tried whatever the bytes
    candidate_list without_literal; ///< tried where there are bytes
  };
  candidate_list header;
  unit packet; ///< of the packet's own payload
  unit stream; ///< of TCP's raw stream
};

/// The groups that one worker has met, made as their traffic comes. One thread.
class group_cache {
public:
  /// Groups kept; over it all are forgotten and made anew.
  static constexpr std::size_t limit_groups = 4096;

  explicit group_cache(const image& rules) : rules_{rules} {}

  /// Valid while `generation` stays the same.
  const rule_group& find(const traffic& of);
  std::uint32_t generation() const noexcept { return generation_; }

private:
  struct hash {
    std::size_t operator()(const traffic& t) const noexcept;
  };
  std::unique_ptr<rule_group> make(const traffic& of) const;
  void fill(candidate_list& to, const std::vector<std::uint32_t>& from, const traffic& of) const;
  void fill(rule_group::unit& to, const unit_rules& from, const traffic& of) const;

  const image& rules_;
  std::unordered_map<traffic, std::unique_ptr<rule_group>, hash> groups_;
  std::uint32_t generation_ = 1;
};

} // namespace cresset::detect::inspect
