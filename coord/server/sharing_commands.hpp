#pragma once

#include "coord/server/config.hpp"

namespace cresset::coord::server {

/// "identity make --name NAME [--endpoint tcp://…]": keys and the first key record in the folder
/// that --identity names.
int make_identity(const command_line& line);
/// "partner show --file FILE": what two people compare before a pin.
int show_partner(const command_line& line);
/// "partner pin --file FILE --fingerprint TEXT": pins a partner in the folder of partners.
int pin_partner(const command_line& line);

} // namespace cresset::coord::server
