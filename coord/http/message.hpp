#pragma once

#include "capture/base/expected.hpp"
#include "coord/http/request.hpp"
#include "coord/http/response.hpp"

#include <string_view>
#include <vector>

namespace cresset::coord::http {

/// A request's line and headers as the HTTP parser split them, before anything is believed. The
/// views live as long as the parser's message.
struct raw_message {
  std::string_view method;
  std::string_view target;
  /// HTTP/1.x.
  unsigned minor_version = 1;
  std::vector<header> headers;
};

/// Checks and decodes what arrived, or gives the 4xx it deserves: a target that cannot be read, no
/// Host or two in HTTP/1.1 (RFC 9112 section 3.2), more than `header_limit` headers.
expected<request, response> request_from(raw_message raw);
inline constexpr std::size_t header_limit = 64;

/// Does the request ask to become a WebSocket (RFC 6455 section 4.1)?
bool asks_for_websocket(const request& r) noexcept;

/// Whether the page that made the request was served by the host it was sent to. Browsers name the
/// page's origin with every change and every WebSocket; programs send no Origin, which counts as
/// their own.
bool origin_is_own(const request& r) noexcept;

/// The headers of an answer: its own and those of safety, which every answer carries; no length, no
/// connection handling.
std::vector<header> headers_of(const response& answer);

} // namespace cresset::coord::http
