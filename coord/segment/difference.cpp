#include "coord/segment/difference.hpp"

#include <tuple>

namespace cresset::coord::segment {

difference difference_of(std::span<const record> before, std::span<const record> after) {
  const auto order = [](const record& r) { return std::tie(r.kind, r.key); };
  difference found;
  std::size_t old = 0;
  for (const auto& now : after) {
    for (; old < before.size() && order(before[old]) < order(now); ++old)
      found.removed.push_back(before[old]);
    if (old == before.size() || order(now) < order(before[old])) {
      found.added.push_back(now);
    } else {
      if (before[old] != now)
        found.changed.push_back({before[old], now});
      ++old;
    }
  }
  for (; old < before.size(); ++old)
    found.removed.push_back(before[old]);
  return found;
}

} // namespace cresset::coord::segment
