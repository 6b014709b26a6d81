#include "coord/api/notify/answer_limiter.hpp"

namespace cresset::coord::api::notify {

bool answer_limiter::may_ask(const std::string& peer, time_point at) {
  const std::lock_guard lock{mutex_};
  if (at - begun_ >= std::chrono::minutes{1} || asked_.size() >= peers_limit) {
    asked_.clear();
    begun_ = at;
  }
  if (++asked_[peer] <= requests_a_minute)
    return true;
  refused_.add();
  return false;
}

} // namespace cresset::coord::api::notify
