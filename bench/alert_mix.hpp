#pragma once

#include "detect/alert/alert.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace cresset::bench {

enum class mix_kind : std::uint8_t {
  realistic,    ///< a few groups have most alerts (Zipf, 1.1, 20,000 groups); one in 200 is new
  one_attacker, ///< the same attacker in every record, 20,000 victims
  new_groups,   ///< every record a group of its own
};
std::optional<mix_kind> mix_of(const std::string& word);

/// Makes the alerts of a load: the same number of the same sensor is the same alert, so that
/// nothing has to be kept to send it again.
class alert_mix {
public:
  struct options {
    mix_kind kind = mix_kind::realistic;
    std::size_t packet_bytes = 400;
    std::size_t payload_bytes = 200;
    timestamp base; ///< capture time of number 0; each number is one microsecond later
  };
  explicit alert_mix(const options& how);

  /// Alert `number` (from 0) of `sensor`; its number in the list of the generator is its capture
  /// time.
  detect::alert::alert make(std::uint32_t sensor, std::uint64_t number) const;

private:
  std::uint32_t pick(std::uint64_t random) const;

  options how_;
  std::vector<double> up_to_; // of Zipf's distribution
};

} // namespace cresset::bench
