// Nobody waits for ever: the worker with the least moment, and among equals the least number, waits
// for nobody; and every worker is given every burst, if only its end, so all of them move on.
#include "detect/sensor/turn.hpp"

#include <chrono>
#include <thread>

namespace cresset::detect::sensor {

void turns::wait(std::uint32_t worker) const noexcept {
  constexpr unsigned patience = 64; // tries before the processor is given away
  const auto own = at(worker);
  for (std::uint32_t other = 0; other < at_.size(); ++other) {
    if (other == worker)
      continue;
    const auto needed = other < worker ? own + 1 : own;
    for (unsigned tries = 0; at(other) < needed; ++tries)
      if (tries < patience)
        std::this_thread::yield();
      else
        std::this_thread::sleep_for(std::chrono::microseconds{20});
  }
}

} // namespace cresset::detect::sensor
