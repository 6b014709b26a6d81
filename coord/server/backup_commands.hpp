#pragma once

#include "coord/server/config.hpp"

namespace cresset::coord::server {

/// "backup --to FILE": the database as one moment saw it, keys, certificate, pins, identity
/// (without the offline key) and the files that the configuration names, streamed into one file of
/// mode 0600 with a hash of everything. Works beside a server that runs.
int make_backup(const command_line& line);
/// "restore --from FILE [--hash HEX]": onto an empty machine. Checks the whole file first, then
/// unpacks it, holds every stream to a partner (docs/federation.md section 7), says so in the
/// journal, and verifies journal and store. Exit code 1 when they do not verify.
int restore_backup(const command_line& line);
/// "store verify": the rules that stored rows obey; exit code 1 when one is broken.
int verify_store(const command_line& line);

} // namespace cresset::coord::server
