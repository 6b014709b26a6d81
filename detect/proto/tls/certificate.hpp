#pragma once

#include "detect/proto/event_list.hpp"
#include "detect/proto/tls/message.hpp"

#include <string_view>

namespace cresset::detect::proto::tls {

/// Reads the first certificate of a chain (RFC 5280 4.1) into the chain's fields: names, serial,
/// dates, alternative names, fingerprint. What cannot be read becomes an event and leaves its field
/// empty. False when it is no certificate at all.
bool read_certificate(std::string_view der, certificate_chain& chain, event_list& events);

/// "2015-02-12T18:07:27": seconds since the epoch as the event log writes a certificate's dates.
std::string date_text(std::int64_t since_epoch_s);

} // namespace cresset::detect::proto::tls
