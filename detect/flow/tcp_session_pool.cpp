#include "detect/flow/tcp_session_pool.hpp"

namespace cresset::detect::flow {

tcp_session_pool::handle tcp_session_pool::acquire() noexcept {
  if (!free_.empty()) {
    auto* const session = free_.back();
    free_.pop_back();
    return handle{session, {this}};
  }
  if (sessions_.size() >= limit_) {
    refused_.add();
    return handle{nullptr, {this}};
  }
  free_.reserve(sessions_.size() + 1); // so that giving back never allocates
  return handle{&sessions_.emplace_back(), {this}};
}

void tcp_session_pool::take_back(tcp_session& session) noexcept {
  session.close();
  free_.push_back(&session);
}

} // namespace cresset::detect::flow
