#pragma once

#include <array>
#include <chrono>

namespace cresset::detect::flow {

/// How long a flow of one kind may be silent, by its state; the names of `flow-timeouts`.
struct state_timeouts {
  std::chrono::seconds new_flow{30};
  std::chrono::seconds established{300};
  std::chrono::seconds closed{0};
};

/// The defaults are those the field documents.
struct flow_timeouts {
  state_timeouts tcp{std::chrono::seconds{60}, std::chrono::seconds{600}, std::chrono::seconds{60}};
  state_timeouts udp{std::chrono::seconds{30}, std::chrono::seconds{300}, std::chrono::seconds{0}};
  state_timeouts icmp{std::chrono::seconds{30}, std::chrono::seconds{300}, std::chrono::seconds{0}};
  state_timeouts other{std::chrono::seconds{30}, std::chrono::seconds{300},
                       std::chrono::seconds{0}};
};

/// What holds while the table runs out of places.
constexpr flow_timeouts emergency_timeouts() noexcept {
  using std::chrono::seconds;
  return {{seconds{5}, seconds{100}, seconds{10}},
          {seconds{10}, seconds{100}, seconds{0}},
          {seconds{10}, seconds{100}, seconds{0}},
          {seconds{10}, seconds{100}, seconds{0}}};
}

} // namespace cresset::detect::flow
