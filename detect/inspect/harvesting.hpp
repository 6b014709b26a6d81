#pragma once

#include "detect/inspect/match.hpp"
#include "detect/inspect/subject.hpp"

namespace cresset::detect::inspect {

/// Takes along what a rule that has matched wants of the bytes: variables of flow and packet,
/// values for its alert, changes to sets, entropy. Its sections are matched once more for that,
/// which costs only rules that take something. Precondition: `found` matched just now, its
/// signature harvests. `packet_variables` are those of the packet at hand.
void take_along(match& found, subject& on, named_texts& packet_variables, buffer::workspace& work);

} // namespace cresset::detect::inspect
