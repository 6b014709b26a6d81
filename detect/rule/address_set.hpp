#pragma once

#include "capture/base/ip_address.hpp"

#include <span>
#include <utility>
#include <vector>

namespace cresset::detect::rule {

/// The addresses of one side of a rule header, resolved: what is included without what is excluded,
/// as sorted runs that do not touch. Immutable once made; shared by all rules with the same text.
class address_set {
public:
  /// Both ends belong to it and are of one family.
  struct range {
    ip_address first;
    ip_address last;
    friend bool operator==(const range&, const range&) noexcept = default;
  };

  /// Every address.
  address_set() = default;
  /// What is in `included` (all addresses when that is empty) and not in `excluded`.
  address_set(std::vector<range> included, std::vector<range> excluded);

  bool is_any() const noexcept { return any_; }
  bool is_empty() const noexcept { return !any_ && v4_.empty() && v6_.empty(); }
  /// In O(log of the number of runs).
  bool contains(const ip_address& address) const noexcept;

  /// The runs, sorted; of `any`, the two families whole.
  std::vector<range> ranges() const;

  friend bool operator==(const address_set&, const address_set&) noexcept = default;

private:
  using v4_run = std::pair<std::uint32_t, std::uint32_t>;
  std::vector<v4_run> v4_;
  std::vector<range> v6_;
  bool any_ = true;
};

} // namespace cresset::detect::rule
