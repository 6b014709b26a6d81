#include "coord/server/indicator_watch.hpp"

#include "coord/indicator/indicator_set.hpp"

#include <memory>

namespace cresset::coord::server {

incident::result<void> indicator_watch::refresh(timestamp now) {
  const auto version = from_.version();
  if (!version)
    return unexpected{version.error()};
  if (version_ == *version && now - read_ < reread_every)
    return {};
  const auto all = from_.in_force(now);
  if (!all)
    return unexpected{all.error()};
  to_.watch(std::make_shared<const indicator::indicator_set>(*all));
  version_ = *version;
  read_ = now;
  return {};
}

} // namespace cresset::coord::server
