#pragma once

#include "detect/inspect/lists/dataset.hpp"
#include "detect/rule/payload/pcre.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace cresset::detect::inspect::buffer {

/// What a rule that has matched takes along from the bytes: texts that its expressions captured,
/// what a set says of a value, values to add to sets, the entropy it asked about. A chain fills it
/// only when asked, after the whole rule has matched: most rules take nothing, and matching stays
/// cheap.
struct harvest {
  struct value {
    rule::payload::pcre::scope where{};
    std::string name;
    std::string bytes; ///< JSON with is_json
    bool is_json = false;
  };
  struct change {
    std::shared_ptr<lists::dataset> set;
    std::string element;
    bool adds = true;
  };
  /// Longest text kept of one capture.
  static constexpr std::size_t limit_bytes = 1024;

  std::vector<value> values;
  std::vector<change> changes;
  std::optional<double> entropy;
};

} // namespace cresset::detect::inspect::buffer
