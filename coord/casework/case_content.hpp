#pragma once

#include "coord/casework/attachment.hpp"
#include "coord/casework/happening.hpp"
#include "coord/casework/impact.hpp"
#include "coord/casework/task.hpp"

#include <vector>

namespace cresset::coord::casework {

/// Everything that hangs on one incident, for telling it whole.
struct case_content {
  std::vector<task> tasks;
  std::vector<happening> happenings;
  std::vector<impact> impacts;
  std::vector<attachment> attachments;
};

} // namespace cresset::coord::casework
