#pragma once

#include "capture/base/ip_address.hpp"
#include "detect/rule/address_set.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace cresset::detect::inspect {

/// Which rules name an address: one binary search, whatever the number of rules and ranges. Filled,
/// then built once.
class address_index {
public:
  /// Precondition: not built yet, `addresses` is not any.
  void add(const rule::address_set& addresses, std::uint32_t rule);
  void build();
  /// The rules whose set holds `address`.
  std::span<const std::uint32_t> find(const ip_address& address) const noexcept;
  bool empty() const noexcept { return starts_.empty(); }

private:
  struct entry {
    rule::address_set::range range;
    std::uint32_t rule;
  };
  std::vector<entry> added_;
  std::vector<ip_address> starts_; ///< sorted; run n is from starts_[n] to before starts_[n + 1]
  std::vector<std::uint32_t> first_rule_; ///< of run n, in rules_; one more than runs
  std::vector<std::uint32_t> rules_;
};

} // namespace cresset::detect::inspect
