#pragma once

#include "capture/base/ip_address.hpp"
#include "coord/segment/owner.hpp"

#include <array>
#include <cstdint>
#include <vector>

namespace cresset::coord::segment {

/// Answers for any address with the value of the range it lies in. Immutable once built; any number
/// of threads look up at once. Values are numbers of the caller's; 0 means that nobody said
/// anything.
class prefix_table {
public:
  /// The value from this address on, up to the next entry.
  struct step {
    ip_address from;
    std::uint32_t value = 0;
  };

  prefix_table() : prefix_table(std::vector<step>{}) {}
  /// `steps` are in order (all of IPv4 before IPv6) and without two for one address; addresses
  /// before the first step of their family have 0.
  explicit prefix_table(const std::vector<step>& steps);

  std::uint32_t find(const ip_address& address) const noexcept;

  std::size_t size() const noexcept { return v4_from_.size() + v6_from_.size(); }
  /// Bytes it holds.
  std::size_t memory_bytes() const noexcept;

private:
  struct wide {
    std::uint64_t high = 0;
    std::uint64_t low = 0;
    friend constexpr auto operator<=>(const wide&, const wide&) noexcept = default;
  };
  static wide wide_of(const ip_address& address) noexcept;

  std::vector<std::uint32_t> v4_index_; // by the first 16 bits: the last step at or before
  std::vector<std::uint32_t> v4_from_;
  std::vector<std::uint32_t> v4_value_;
  std::vector<std::uint32_t> v6_index_;
  std::vector<wide> v6_from_;
  std::vector<std::uint32_t> v6_value_;
};

} // namespace cresset::coord::segment
