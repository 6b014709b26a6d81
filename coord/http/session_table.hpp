#pragma once

#include "coord/http/account_source.hpp"
#include "coord/http/login_failures.hpp"

#include <map>
#include <string_view>
#include <vector>

namespace cresset::coord::http {

/// The sessions that this process knows to be open. A session is found by the hash of its token: a
/// comparison inside the map then tells an attacker who measures time something about a hash, never
/// about a token. Not thread safe: `login` holds its lock.
///
/// What has to end appends its numbers to `ended`, for those who have to be told; what was idle for
/// too long appends its hash to `idle`, because its source still holds it.
class session_table {
public:
  using time_point = std::chrono::steady_clock::time_point;

  struct session {
    identity who;
    time_point ends, used, checked;
  };
  struct endings {
    std::vector<std::uint64_t> ended;
    std::vector<session_hash> idle;
  };

  explicit session_table(const login_limits& limits) : limits_{limits} {}

  /// Puts a session in, after those that are over and, if there is still no room, the least
  /// recently used one.
  const session& insert(const session_hash& hash, const account& of, std::string csrf_token,
                        std::chrono::seconds lifetime, time_point at, endings& over);
  /// Nothing when it is not known, or over: then it is taken out.
  session* find(const session_hash& hash, time_point at, endings& over);
  /// Whether it is in and not over.
  bool is_open(std::uint64_t number, time_point at) const;
  /// The hash of an open session's secret.
  std::optional<session_hash> hash_of(std::uint64_t number) const;

  /// False when it is not in.
  bool take_out(const session_hash& hash, endings& over);
  /// All of an account but the session `but`; their hashes.
  std::vector<session_hash> take_out_all(std::string_view name, std::uint64_t but, endings& over);

  std::size_t size() const noexcept { return sessions_.size(); }
  std::uint64_t expired() const noexcept { return expired_; }
  std::uint64_t evicted() const noexcept { return evicted_; }

private:
  bool is_over(const session& s, time_point at) const {
    return at - s.used >= limits_.idle || at >= s.ends;
  }
  template <typename Predicate>
  void evict(Predicate belongs, endings& over);

  login_limits limits_;
  std::map<session_hash, session> sessions_;
  std::uint64_t next_ = 1, expired_ = 0, evicted_ = 0;
};

} // namespace cresset::coord::http
