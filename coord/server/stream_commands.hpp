#pragma once

#include "coord/server/config.hpp"

namespace cresset::coord::server {

/// "streams list": one line for each pinned partner and direction: entries, head, and a digest over
/// the bytes of all entries. The line "out" of one server and the line "in" of its partner end
/// alike when the copy equals the original.
int list_streams(const command_line& line);
/// "streams hold": after a restore, before the server starts. Nothing is signed for a partner until
/// the streams' heads were compared with it (docs/federation.md section 7).
int hold_streams(const command_line& line);

} // namespace cresset::coord::server
