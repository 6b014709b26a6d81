#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace cresset::detect::proto {

/// What was wrong with one transaction: names with the lifetime of the program, each once, in the order they were
/// raised. Bounded; what does not fit is counted.
class event_list {
public:
  static constexpr std::size_t limit = 12;

  /// Two equal literals may have different addresses, so names are compared.
  void raise(std::string_view name) noexcept {
    for (const auto known : all())
      if (known == name)
        return;
    if (size_ == limit) {
      ++refused_;
      return;
    }
    names_[size_++] = name;
  }
  std::span<const std::string_view> all() const noexcept { return std::span{names_}.first(size_); }
  bool has(std::string_view name) const noexcept {
    for (const auto known : all())
      if (known == name)
        return true;
    return false;
  }
  std::uint32_t refused() const noexcept { return refused_; }

private:
  std::array<std::string_view, limit> names_{};
  std::uint32_t size_ = 0;
  std::uint32_t refused_ = 0;
};

} // namespace cresset::detect::proto
