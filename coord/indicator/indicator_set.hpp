#pragma once

#include "coord/indicator/indicator.hpp"
#include "coord/indicator/observables.hpp"

#include <map>
#include <string>
#include <unordered_map>
#include <vector>

namespace cresset::coord::indicator {

/// All indicators in force, made for looking up: one hash look-up for each address and prefix
/// length in use, for each parent of a domain, for each URL and hash, whatever their number.
/// Immutable; any thread.
class indicator_set {
public:
  /// Hits one alert may have; more are left out.
  static constexpr std::size_t hits_limit = 16;

  indicator_set() = default;
  /// What `normalised` would not give back is left out and counted.
  explicit indicator_set(const std::vector<indicator>& all);

  /// Indicators the values carry that have not ended at `at`, each once, in the order of their
  /// numbers.
  std::vector<indicator_id> hits(const observables& in, timestamp at) const;

  /// Whether anything but addresses is watched for.
  bool wants_application() const noexcept { return !texts_.empty(); }
  std::size_t size() const noexcept { return size_; }
  std::size_t left_out() const noexcept { return left_out_; }

private:
  struct watched {
    indicator_id id;
    timestamp expires;
  };
  using by_text = std::unordered_map<std::string, std::vector<watched>>;

  void take(const by_text& from, const std::string& key, timestamp at,
            std::vector<indicator_id>& hits) const;

  /// By prefix length: 0 to 32 for IPv4, 200 more for IPv6.
  std::map<unsigned, by_text> prefixes_;
  /// Domains, URLs and hashes share one table: none can be taken for another.
  by_text texts_;
  std::size_t size_ = 0;
  std::size_t left_out_ = 0;
};

} // namespace cresset::coord::indicator
