// Names as the rule language's manual gives them (Firewall Mode, tables and hooks). A protocol that
// has no names of its own has those of the begin and the end.
#include "detect/proto/catalogue/states.hpp"

#include "detect/proto/http/parser.hpp"
#include "detect/proto/ssh/session.hpp"
#include "detect/proto/tls/message.hpp"

#include <array>
#include <span>

namespace cresset::detect::proto::catalogue {
namespace {

constexpr auto ts = direction::to_server;
constexpr auto tc = direction::to_client;

struct entry {
  std::string_view name;
  named_state what;
};
constexpr entry row(std::string_view name, direction way, auto at) {
  return {name, {way, static_cast<progress>(at)}};
}

/// "Started": something of the transaction is there. Progress 0, nothing yet, is never inspected.
constexpr std::array of_all{
    row("request_started", ts, 1),
    row("request_complete", ts, progress_done),
    row("response_started", tc, 1),
    row("response_complete", tc, progress_done),
};
using asked = http::request_progress;
using answered = http::response_progress;
constexpr std::array of_http{
    row("request_line", ts, asked::line),     row("request_headers", ts, asked::headers),
    row("request_body", ts, asked::body),     row("request_trailer", ts, asked::complete),
    row("response_line", tc, answered::line), row("response_headers", tc, answered::headers),
    row("response_body", tc, answered::body), row("response_trailer", tc, answered::complete),
};
using client = tls::client_progress;
using server = tls::server_progress;
constexpr std::array of_tls{
    row("client_hello_done", ts, client::hello),
    row("client_cert_done", ts, client::certificate),
    row("client_handshake_done", ts, client::handshake),
    row("client_finished", ts, client::finished),
    row("server_hello", tc, server::hello),
    row("server_cert_done", tc, server::certificate),
    row("server_hello_done", tc, server::hello_done),
    row("server_handshake_done", tc, server::handshake),
    row("server_finished", tc, server::finished),
};
using side = ssh::side_progress;
constexpr std::array of_ssh{
    row("request_banner_done", ts, side::banner),
    row("request_finished", ts, side::new_keys),
    row("response_banner_done", tc, side::banner),
    row("response_finished", tc, side::new_keys),
};

std::optional<named_state> find(std::span<const entry> in, std::string_view name) noexcept {
  for (const auto& one : in)
    if (one.name == name)
      return one.what;
  return std::nullopt;
}

} // namespace

std::optional<named_state> state_named(app_protocol protocol, std::string_view name) noexcept {
  std::span<const entry> own;
  switch (protocol) {
  case app_protocol::http: own = of_http; break;
  case app_protocol::tls: own = of_tls; break;
  case app_protocol::ssh: own = of_ssh; break;
  default: break;
  }
  if (const auto found = find(own, name))
    return found;
  return find(of_all, name);
}

} // namespace cresset::detect::proto::catalogue
