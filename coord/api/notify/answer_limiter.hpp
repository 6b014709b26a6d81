#pragma once

#include "capture/base/counter.hpp"

#include <chrono>
#include <map>
#include <mutex>
#include <string>

namespace cresset::coord::api::notify {

/// How often one address may ask for answer pages: so many in a minute, counted anew each minute.
/// Any thread.
class answer_limiter {
public:
  using time_point = std::chrono::steady_clock::time_point;
  static constexpr int requests_a_minute = 60;
  /// Addresses remembered; past that the table begins anew, which errs on the side of the askers.
  static constexpr std::size_t peers_limit = 10'000;

  bool may_ask(const std::string& peer, time_point at);
  const counter& refused() const noexcept { return refused_; }

private:
  std::mutex mutex_;
  std::map<std::string, int> asked_;
  time_point begun_{};
  counter refused_;
};

} // namespace cresset::coord::api::notify
