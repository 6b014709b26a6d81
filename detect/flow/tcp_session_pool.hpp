#pragma once

#include "detect/flow/tcp_session.hpp"

#include <deque>
#include <memory>
#include <vector>

namespace cresset::detect::flow {

/// The sessions of one worker: made as they are first needed, used again, never more than `limit`.
/// One thread.
class tcp_session_pool {
public:
  struct give_back {
    tcp_session_pool* pool = nullptr;
    void operator()(tcp_session* session) const noexcept { pool->take_back(*session); }
  };
  /// A session that returns to its pool; the pool outlives it.
  using handle = std::unique_ptr<tcp_session, give_back>;

  explicit tcp_session_pool(std::size_t limit_sessions) noexcept : limit_{limit_sessions} {}
  tcp_session_pool(const tcp_session_pool&) = delete;
  tcp_session_pool& operator=(const tcp_session_pool&) = delete;

  /// A session ready to be opened; none, and counted, when the limit is reached.
  handle acquire() noexcept;

  std::size_t in_use() const noexcept { return sessions_.size() - free_.size(); }
  std::uint64_t refused() const noexcept { return refused_.value(); }

private:
  void take_back(tcp_session& session) noexcept;

  std::size_t limit_;
  std::deque<tcp_session> sessions_;
  std::vector<tcp_session*> free_;
  counter refused_;
};

} // namespace cresset::detect::flow
