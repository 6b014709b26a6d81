#pragma once

#include "capture/base/byte_order.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace cresset::detect::proto::http2 {

/// The payload of the SETTINGS frame that an HTTP/1 request carries in its header HTTP2-Settings:
/// base64url without padding (RFC 7540 3.2.1). Nothing if it is not that, or of another size.
std::optional<std::vector<std::byte>> decode_http2_settings(std::string_view header);

} // namespace cresset::detect::proto::http2
