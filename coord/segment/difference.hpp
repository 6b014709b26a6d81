#pragma once

#include "coord/segment/owner.hpp"

#include <span>
#include <string>
#include <vector>

namespace cresset::coord::segment {

/// What turns one set of records into another. An empty one is the sign that an import has been
/// made already.
struct difference {
  struct change {
    record before;
    record after;
  };
  std::vector<record> added;
  std::vector<change> changed;
  std::vector<record> removed;

  bool is_empty() const noexcept { return added.empty() && changed.empty() && removed.empty(); }
};

/// Both are in order of kind and key, each key once. Linear.
difference difference_of(std::span<const record> before, std::span<const record> after);

} // namespace cresset::coord::segment
