#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <string>
#include <string_view>

namespace cresset::coord::http {

struct login_limits {
  std::chrono::seconds idle{30 * 60};
  std::chrono::seconds lifetime{12 * 3600};
  /// How long a session is believed without asking the source again.
  std::chrono::seconds recheck{30};
  std::size_t sessions = 1000;
  std::size_t sessions_an_account = 16;
  /// Failures in a row before sign-in is refused unheard: of a name from one address, of one
  /// address with any name, and of a name from anywhere (higher, so that a stranger cannot easily
  /// lock a colleague out).
  unsigned failures_name_and_peer = 5;
  unsigned failures_peer = 30;
  unsigned failures_name = 100;
  /// How long a refusal lasts: the first step doubled with each failure past the limit, up to the
  /// longest.
  std::chrono::seconds first_wait{4};
  std::chrono::seconds longest_wait{15 * 60};
  /// Entries of the table of failures; past that the oldest goes.
  std::size_t tracked_failures = 10'000;
  /// Argon2 computations at a time (each takes 64 MiB); more are refused as `busy`.
  unsigned concurrent_checks = 2;
};

/// Counts failures to sign in, and says how long the next try has to wait. Not thread safe: `login`
/// holds its lock.
class login_failures {
public:
  using time_point = std::chrono::steady_clock::time_point;

  explicit login_failures(login_limits limits) : limits_{limits} {}

  /// Zero when a try may be heard now.
  std::chrono::seconds wait(std::string_view name, std::string_view peer, time_point at) const;
  void count(std::string_view name, std::string_view peer, time_point at);
  /// Of an address alone: a token that is none.
  void count_peer(std::string_view peer, time_point at);
  /// After a success: of this name from this address. What the address did with other names stays.
  void forget(std::string_view name, std::string_view peer);

  std::size_t size() const noexcept { return entries_.size(); }

private:
  struct entry {
    unsigned failures = 0;
    time_point last;
  };

  std::chrono::seconds wait_of(const std::string& key, unsigned limit, time_point at) const;
  void raise(const std::string& key, time_point at);

  login_limits limits_;
  std::map<std::string, entry, std::less<>> entries_;
};

} // namespace cresset::coord::http
