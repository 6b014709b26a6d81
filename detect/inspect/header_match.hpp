#pragma once

#include "detect/inspect/signature.hpp"
#include "detect/inspect/subject.hpp"

namespace cresset::detect::inspect {

/// Whether the packet's protocol, addresses and ports are those of the rule's header, either way
/// round where it says `<>`.
bool header_matches(const rule::header& header, const subject& on) noexcept;

/// Whether the flow is what `flow:` asks for, and the packet goes the way it says.
bool flow_matches(const rule::options::flow& wanted, const subject& on) noexcept;

/// Whether the flow speaks one of the rule's protocols; true for rules that name none.
bool protocol_matches(const signature& s, const subject& on) noexcept;

} // namespace cresset::detect::inspect
