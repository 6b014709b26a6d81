#pragma once

#include "detect/inspect/subject.hpp"
#include "detect/rule/options/state_bits.hpp"

namespace cresset::detect::inspect {

/// What `xbits` and `hostbits` mean on one subject: whose bit it is, and what is done with it. Bits
/// that track a transaction are kept with its flow and go with it.

/// Whether the bit is set. `transaction` is the one at hand; nothing when there is none.
bool is_set(const rule::options::xbits& bit, const subject& on,
            std::optional<std::uint64_t> transaction) noexcept;
/// Does what a rule that matched asks for.
void apply(const rule::options::xbits& bit, subject& on, std::optional<std::uint64_t> transaction);

} // namespace cresset::detect::inspect
