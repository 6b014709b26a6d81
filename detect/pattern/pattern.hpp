#pragma once

#include <cstdint>
#include <string>

namespace cresset::detect::pattern {

/// One literal to find.
struct pattern {
  std::string bytes;     ///< at least one byte; any values
  std::uint32_t id = 0;  ///< what a match reports; several patterns may share one
  bool caseless = false; ///< ASCII letters match in either case
};

} // namespace cresset::detect::pattern
