#pragma once

#include <atomic>
#include <cstdint>

namespace cresset {

/// A number that one thread raises and any thread reads. Raising is a plain load and store on x86:
/// no lock prefix.
class counter {
public:
  void add(std::uint64_t amount = 1) noexcept {
    value_.store(value_.load(std::memory_order_relaxed) + amount, std::memory_order_relaxed);
  }
  void set(std::uint64_t value) noexcept { value_.store(value, std::memory_order_relaxed); }
  std::uint64_t value() const noexcept { return value_.load(std::memory_order_relaxed); }

private:
  std::atomic<std::uint64_t> value_{0};
};

} // namespace cresset
