#include "coord/http/push_hub.hpp"

#include <vector>

namespace cresset::coord::http {

std::uint64_t push_hub::join(std::shared_ptr<push_client> client, std::uint64_t session) {
  const std::lock_guard lock{mutex_};
  if (closed_ || members_.size() >= client_limit_) {
    ++counters_.refused;
    return 0;
  }
  members_.emplace(next_, member{std::move(client), session});
  return next_++;
}

void push_hub::leave(std::uint64_t number) {
  std::shared_ptr<push_client> last; // its destructor runs without the lock
  const std::lock_guard lock{mutex_};
  if (const auto found = members_.find(number); found != members_.end()) {
    last = std::move(found->second.client);
    members_.erase(found);
  }
}

void push_hub::publish(std::string notice) {
  const auto shared = std::make_shared<const std::string>(std::move(notice));
  std::vector<std::shared_ptr<push_client>> slow;
  {
    const std::lock_guard lock{mutex_};
    ++counters_.notices;
    for (auto at = members_.begin(); at != members_.end();) {
      if (at->second.client->offer(shared)) {
        ++at;
        continue;
      }
      ++counters_.slow_dropped;
      slow.push_back(std::move(at->second.client));
      at = members_.erase(at);
    }
  }
  for (const auto& client : slow)
    client->close("too slow to follow: connect again and ask for the state anew");
}

void push_hub::close_session(std::uint64_t session) {
  std::vector<std::shared_ptr<push_client>> ended;
  {
    const std::lock_guard lock{mutex_};
    for (const auto& [number, m] : members_)
      if (m.session == session)
        ended.push_back(m.client);
  }
  for (const auto& client : ended)
    client->close("the session ended");
}

void push_hub::close_all() {
  std::vector<std::shared_ptr<push_client>> ended;
  {
    const std::lock_guard lock{mutex_};
    closed_ = true;
    for (const auto& [number, m] : members_)
      ended.push_back(m.client);
  }
  for (const auto& client : ended)
    client->close("the server stops");
}

push_counters push_hub::counters() const {
  const std::lock_guard lock{mutex_};
  auto copy = counters_;
  copy.clients = members_.size();
  return copy;
}

} // namespace cresset::coord::http
