#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace cresset::coord::egress {

/// The second look at what is about to leave. It believes nobody: it reads the final bytes with
/// another parser than the rest of the server, has its own table of marking ids and its own list of
/// members, and shares no code with the gate.
///
/// `kind` is the object's kind, `body` its bytes, `highest_label` the highest TLP the partner may
/// see ("clear", "green", "amber", "amber+strict"). Nothing when it may leave, else the reason in
/// one sentence.
std::optional<std::string> objection(std::string_view kind, std::string_view body,
                                     std::string_view highest_label);

} // namespace cresset::coord::egress
