#pragma once

#include "detect/proto/http/settings.hpp"
#include "detect/proto/stream_parser.hpp"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace cresset::detect::proto::http {

/// Buffers and fields of HTTP/1 for rules.
extern const protocol_description description;

/// How far one direction has come. A body grows while the state is `headers` or `body`.
enum class request_progress : progress {
  line = 1,
  headers = 2,
  body = 3,
  complete = progress_done
};
enum class response_progress : progress {
  line = 1,
  headers = 2,
  body = 3,
  complete = progress_done
};

/// The configuration of all HTTP parsers in the form the parser library wants it. Immutable once
/// made; it must outlive every parser made from it and may be shared by threads.
class personality {
public:
  explicit personality(const settings& wanted);
  ~personality();
  personality(const personality&) = delete;
  personality& operator=(const personality&) = delete;

  const settings& limits() const noexcept;

private:
  friend class connection;
  struct state;
  std::unique_ptr<state> state_;
};

/// The request whose answer switched the flow to HTTP/2 (Upgrade: h2c), in the words of HTTP/2.
struct upgraded_request {
  std::vector<std::pair<std::string, std::string>> headers; ///< ":method" and so on in front
  std::string settings;                                     ///< the header HTTP2-Settings
};
/// What `before` leaves to an HTTP/2 parser behind it; nothing when it did not upgrade.
std::optional<upgraded_request> upgraded_request_of(const stream_parser& before);

/// A parser of one flow. `server_port` is the flow's, for the check against the Host header.
std::unique_ptr<stream_parser> make_parser(const personality& rules, std::uint16_t client_port,
                                           std::uint16_t server_port);

} // namespace cresset::detect::proto::http
