#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace cresset::detect::rule {

/// The ports of one side of a rule header, resolved: sorted runs that do not touch. Immutable once
/// made.
class port_set {
public:
  /// Both ends belong to it.
  struct range {
    std::uint16_t first = 0;
    std::uint16_t last = 65'535;
    friend bool operator==(const range&, const range&) noexcept = default;
  };

  /// Every port.
  port_set() : runs_{range{}} {}
  /// What is in `included` (all ports when that is empty) and not in `excluded`.
  port_set(std::vector<range> included, std::vector<range> excluded);

  bool is_any() const noexcept { return runs_.size() == 1 && runs_.front() == range{}; }
  bool is_empty() const noexcept { return runs_.empty(); }
  bool contains(std::uint16_t port) const noexcept;
  std::span<const range> ranges() const noexcept { return runs_; }

  friend bool operator==(const port_set&, const port_set&) noexcept = default;

private:
  std::vector<range> runs_;
};

} // namespace cresset::detect::rule
