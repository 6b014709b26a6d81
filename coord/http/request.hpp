#pragma once

#include "coord/http/rights.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cresset::coord::http {

/// The methods a route can have; everything else a client may send is `other` and answered with
/// 405.
enum class method : std::uint8_t { get, head, post, put, patch, remove, other };

/// "GET", "POST" …; `remove` is "DELETE".
std::string_view to_string(method m) noexcept;
method method_from(std::string_view name) noexcept;

/// Every method but GET and HEAD.
bool changes_something(method m) noexcept;

/// How a request showed who it comes from.
enum class shown_by : std::uint8_t { session, token, certificate };
std::string_view to_string(shown_by how) noexcept;

/// The certificate a client showed in the handshake, under the pinned authority.
struct peer_certificate {
  /// SHA-256 of it, 64 lower case hex digits.
  std::string fingerprint;
  /// RFC 4514, "CN=ann,O=CERT".
  std::string subject;
};

/// Who a request comes from, as `login` found.
struct identity {
  std::string name;
  /// The number under which whoever keeps accounts keeps this one.
  std::int64_t account = 0;
  right_set rights;
  /// Names the session within this process; not the secret in the cookie. 0 for a token or a
  /// certificate.
  std::uint64_t session = 0;
  /// What the page must send back with every change in `X-CSRF-Token`.
  std::string csrf_token;
  shown_by how = shown_by::session;
};

struct header {
  std::string name;
  std::string value;
};

/// A name and its value: of a query, or of a `{name}` in a route's pattern.
using named_value = std::pair<std::string, std::string>;

/// One HTTP request, read, bounded and decoded; knows nothing of sockets. It owns all of its text.
struct request {
  http::method method = method::get;
  /// As it was sent; set by `read_target`.
  std::string target;
  /// The path's parts, percent-decoded: "/a/b%20c" is {"a", "b c"} and "/" is {}.
  std::vector<std::string> segments;
  /// Decoded, in the order they came.
  std::vector<named_value> query;
  std::vector<header> headers;
  std::string body;
  /// The client's address without its port.
  std::string peer;
  std::optional<peer_certificate> certificate;
  /// Set by `login::identify`; nobody is signed in without it.
  std::optional<identity> who;
  /// A second person who approved this very call; empty unless a held call is carried out.
  std::string approved_by;
  /// Set by `router`: the values of the pattern's `{name}` parts.
  std::vector<named_value> parameters;

  /// The first header of that name, in any case; empty when there is none. Views live as long as
  /// the request.
  std::string_view header_value(std::string_view name) const noexcept;
  /// The cookie's value (RFC 6265 section 4.2); nothing when it was not sent, or sent twice with
  /// different values.
  std::optional<std::string_view> cookie(std::string_view name) const noexcept;
  /// The value of the pattern's `{name}`; empty when the pattern has no such part.
  std::string_view parameter(std::string_view name) const noexcept;
  /// "/a/b c" for messages and logs.
  std::string path() const;
  /// What follows "Bearer " in Authorization (RFC 6750 section 2.1); nothing without that header,
  /// empty when the header is there and says something else.
  std::optional<std::string_view> bearer_token() const noexcept;
};

/// Limits of a request's target.
inline constexpr std::size_t target_limit_bytes = 4096;
inline constexpr std::size_t segment_limit = 16;
inline constexpr std::size_t query_limit = 32;

/// Reads the target of the request line in origin form (RFC 9112 section 3.2.1) into `to.segments`
/// and `to.query`. False for anything else: another form, a damaged escape, a control character,
/// "." or ".." as a part, not UTF-8, or more than the limits above.
bool read_target(std::string_view target, request& to);

} // namespace cresset::coord::http
