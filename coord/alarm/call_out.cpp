#include "coord/alarm/call_out.hpp"

namespace cresset::coord::alarm {

std::optional<std::size_t> due_step(const std::vector<call_out_step>& list, std::size_t done,
                                    timestamp raised, timestamp at) noexcept {
  if (done >= list.size() || raised + list[done].after > at)
    return std::nullopt;
  return done;
}

} // namespace cresset::coord::alarm
