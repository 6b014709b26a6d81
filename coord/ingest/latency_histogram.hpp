#pragma once

#include "capture/base/counter.hpp"

#include <algorithm>
#include <array>
#include <chrono>

namespace cresset::coord::ingest {

/// How long alerts took from their arrival to the commit that made them durable. One thread adds,
/// any thread reads.
class latency_histogram {
public:
  /// Upper bounds of the buckets; what took longer stands in the last one, which has none.
  static constexpr std::array<std::chrono::milliseconds, 16> bounds{
      std::chrono::milliseconds{5},      std::chrono::milliseconds{10},
      std::chrono::milliseconds{20},     std::chrono::milliseconds{35},
      std::chrono::milliseconds{50},     std::chrono::milliseconds{75},
      std::chrono::milliseconds{100},    std::chrono::milliseconds{150},
      std::chrono::milliseconds{200},    std::chrono::milliseconds{250},
      std::chrono::milliseconds{350},    std::chrono::milliseconds{500},
      std::chrono::milliseconds{1000},   std::chrono::milliseconds{2500},
      std::chrono::milliseconds{10'000}, std::chrono::milliseconds{60'000}};

  void add(std::chrono::steady_clock::duration took, std::uint64_t alerts) noexcept {
    const auto bucket = std::ranges::lower_bound(bounds, took) - bounds.begin();
    buckets_[static_cast<std::size_t>(bucket)].add(alerts);
    alerts_.add(alerts);
    microseconds_.add(alerts *
                      static_cast<std::uint64_t>(
                          std::chrono::duration_cast<std::chrono::microseconds>(took).count()));
  }

  /// Alerts that took at most `bounds[bucket]`.
  std::uint64_t up_to(std::size_t bucket) const noexcept {
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i <= bucket; ++i)
      sum += buckets_[i].value();
    return sum;
  }
  std::uint64_t alerts() const noexcept { return alerts_.value(); }
  double sum_seconds() const noexcept { return static_cast<double>(microseconds_.value()) * 1e-6; }

private:
  std::array<counter, bounds.size() + 1> buckets_;
  counter alerts_;
  counter microseconds_;
};

} // namespace cresset::coord::ingest
