#pragma once

#include "detect/alert/wire.hpp"

namespace cresset::detect::alert {

namespace record {
struct Alert; // made from alert.fbs
}

/// Takes an alert out of a table that the FlatBuffers verifier has passed, and holds every field
/// against its limit.
expected<alert, wire_errc> read_record(const record::Alert& table);

} // namespace cresset::detect::alert
