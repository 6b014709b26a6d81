#pragma once

#include "detect/inspect/image.hpp"
#include "detect/rule/classification.hpp"
#include "detect/rule/ruleset.hpp"
#include "detect/sensor/config.hpp"

#include <memory>
#include <vector>

namespace cresset::detect::sensor {

/// Everything that was read about rules, and the image made of it.
struct loaded_rules {
  rule::classifications classes;
  rule::reference_systems references;
  std::unique_ptr<const inspect::image> image;
  std::vector<rule::rule_refusal> refusals; ///< of the reader and of the image, by file and line
  std::size_t disabled = 0;
};

/// Reads all rule files and compiles them. Throws configuration_error for a file that cannot be
/// read at all.
loaded_rules read_rules(const sensor_config& config);

/// The same for a sensor that starts; every refusal is logged as `file:line:column: reason`.
/// Throws configuration_error for a file that cannot be read at all, and with `strict` when any
/// rule was refused.
loaded_rules load_rules(const sensor_config& config, bool strict);

} // namespace cresset::detect::sensor
