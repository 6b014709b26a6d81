#pragma once

#include "detect/rule/port_set.hpp"

#include <cstdint>
#include <memory>
#include <unordered_map>
#include <vector>

namespace cresset::detect::inspect {

/// Ports that no rule tells apart are one class, so that whether a rule's ports are the packet's
/// is one bit. Filled, then built once; immutable afterwards.
class port_classes {
public:
  /// The class of packets without ports: only sets of any port hold it.
  static constexpr std::uint16_t none = 0;

  /// The number of a set; the same for equal pointers. Precondition: not built yet; the set
  /// outlives the build.
  std::uint16_t add(const std::shared_ptr<const rule::port_set>& ports);
  void build();

  std::uint16_t class_of(std::uint16_t port) const noexcept { return class_of_[port]; }
  bool holds(std::uint16_t set, std::uint16_t of_class) const noexcept {
    return (bits_[of_class * words_ + set / 64] >> (set % 64) & 1U) != 0;
  }
  std::size_t classes() const noexcept { return words_ == 0 ? 0 : bits_.size() / words_; }
  std::size_t sets() const noexcept { return sets_.size(); }

private:
  std::vector<std::shared_ptr<const rule::port_set>> sets_;
  std::unordered_map<const rule::port_set*, std::uint16_t> number_of_;
  std::vector<std::uint16_t> class_of_; ///< by port
  std::size_t words_ = 0;               ///< of one class in bits_
  std::vector<std::uint64_t> bits_;     ///< a row a class, a bit a set
};

} // namespace cresset::detect::inspect
