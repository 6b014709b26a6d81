#include "detect/sensor/worker_totals.hpp"

#include <span>
#include <type_traits>

namespace cresset::detect::sensor {
namespace {

/// Adds counter by counter. Precondition: the structure holds counters and arrays of them alone.
template <typename Counters>
void add_all(Counters& to, const Counters& from) noexcept {
  static_assert(std::is_standard_layout_v<Counters> && sizeof(Counters) % sizeof(counter) == 0);
  constexpr auto count = sizeof(Counters) / sizeof(counter);
  const std::span sums{reinterpret_cast<counter*>(&to), count};
  const std::span parts{reinterpret_cast<const counter*>(&from), count};
  for (std::size_t i = 0; i < count; ++i)
    sums[i].add(parts[i].value());
}

} // namespace

void worker_totals::add(const worker& one) noexcept {
  add_all(accounts, one.accounts());
  add_all(decoder, one.decoder_counters());
  add_all(flows, one.flow_counters());
  add_all(tcp, one.tcp_counters());
  add_all(rules, one.rules().counters());
}

} // namespace cresset::detect::sensor
