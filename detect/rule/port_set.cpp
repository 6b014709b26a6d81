#include "detect/rule/port_set.hpp"

#include <algorithm>
#include <bitset>

namespace cresset::detect::rule {

port_set::port_set(std::vector<range> included, std::vector<range> excluded) {
  std::bitset<65'536> ports;
  if (included.empty())
    ports.set();
  for (const auto& run : included)
    for (std::uint32_t port = run.first; port <= run.last; ++port)
      ports.set(port);
  for (const auto& run : excluded)
    for (std::uint32_t port = run.first; port <= run.last; ++port)
      ports.reset(port);
  for (std::uint32_t port = 0; port < ports.size(); ++port) {
    if (!ports.test(port))
      continue;
    const auto first = port;
    while (port + 1 < ports.size() && ports.test(port + 1))
      ++port;
    runs_.push_back({static_cast<std::uint16_t>(first), static_cast<std::uint16_t>(port)});
  }
}

bool port_set::contains(std::uint16_t port) const noexcept {
  const auto behind =
      std::upper_bound(runs_.begin(), runs_.end(), port,
                       [](std::uint16_t p, const range& run) { return p < run.first; });
  return behind != runs_.begin() && port <= std::prev(behind)->last;
}

} // namespace cresset::detect::rule
