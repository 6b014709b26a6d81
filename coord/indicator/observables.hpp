#pragma once

#include "capture/base/ip_address.hpp"
#include "detect/alert/alert.hpp"

#include <string>
#include <vector>

namespace cresset::coord::indicator {

/// What of an alert can be compared with indicators, each in the form `normalised` gives. URLs are
/// without their scheme, which an alert does not say.
struct observables {
  std::vector<ip_address> addresses;
  std::vector<std::string> domains;
  std::vector<std::string> urls;
  std::vector<std::string> hashes;

  std::size_t size() const noexcept {
    return addresses.size() + domains.size() + urls.size() + hashes.size();
  }
};

/// Values taken from one alert, and members looked at in its application's JSON; the rest is left
/// out.
inline constexpr std::size_t observables_limit = 64;
inline constexpr std::size_t members_looked_at_limit = 1000;

/// Both ends of the packet and of the flow, and, when `with_application`, host names, URLs and
/// hashes of what the application said (which costs reading JSON).
observables observables_of(const detect::alert::alert& from, bool with_application);

} // namespace cresset::coord::indicator
