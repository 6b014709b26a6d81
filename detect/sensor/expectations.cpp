#include "detect/sensor/expectations.hpp"

namespace cresset::detect::sensor {

using proto::direction;

/// What is too old, and with a full table the oldest, makes room.
void expectations::forget_old(timestamp now) {
  while (!by_age_.empty()) {
    const auto& [number, at] = by_age_.front();
    const auto found = waiting_.find(at);
    const bool is_gone = found == waiting_.end() || found->second.number != number;
    if (!is_gone && found->second.until > now && waiting_.size() < limit && by_age_.size() < limit)
      return;
    if (!is_gone) {
      if (found->second.until > now)
        refused_.add();
      waiting_.erase(found);
    }
    by_age_.pop_front();
  }
}

void expectations::add(const proto::announcement& what, const five_tuple& by, timestamp now) {
  forget_old(now);
  const bool of_server = what.listener == direction::to_server;
  const place at{of_server ? by.destination : by.source, what.port,
                 of_server ? by.source : by.destination};
  waiting_[at] = {{what.protocol, what.what}, now + lifetime, ++next_};
  by_age_.emplace_back(next_, at);
}

std::optional<expectations::expected> expectations::take(const five_tuple& flow, timestamp now) {
  const auto found = waiting_.find(place{flow.destination, flow.destination_port, flow.source});
  if (found == waiting_.end() || found->second.until <= now)
    return std::nullopt;
  auto what = std::move(found->second.what);
  waiting_.erase(found);
  return what;
}

} // namespace cresset::detect::sensor
