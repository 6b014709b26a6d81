#include "detect/proto/quic/message.hpp"

#include "detect/proto/digest.hpp"
#include "detect/proto/quic/extension_name.hpp"
#include "detect/proto/quic/parser.hpp"
#include "detect/proto/tls/fingerprint.hpp"

#include <algorithm>

namespace cresset::detect::proto::quic {
namespace {

constexpr auto ts = direction::to_server;
constexpr auto tc = direction::to_client;

constexpr std::array buffers{
    buffer_description{"quic.version", ts, progress_done},
    buffer_description{"quic.version", tc, progress_done},
    buffer_description{"quic.sni", ts, progress_done},
    buffer_description{"quic.ua", ts, progress_done},
    buffer_description{"quic.cyu.hash", ts, progress_done, true},
    buffer_description{"quic.cyu.string", ts, progress_done, true},
    buffer_description{"ja3.hash", ts, progress_done},
    buffer_description{"ja3.string", ts, progress_done},
    buffer_description{"ja3s.hash", tc, progress_done},
    buffer_description{"ja3s.string", tc, progress_done},
    buffer_description{"ja4.hash", ts, progress_done},
};
static_assert(buffers.size() == static_cast<std::size_t>(buffer_index::ja4_hash) + 1);

void write_extension(json_writer& json, std::uint16_t type, const std::optional<std::string>& sni,
                     const std::vector<std::string>& alpns) {
  constexpr std::uint16_t server_name = 0, alpn = 16;
  json.begin_object();
  if (const auto name = extension_name(type); !name.empty())
    json.member("name", name);
  json.member("type", type);
  if ((type == server_name && sni) || (type == alpn && !alpns.empty())) {
    json.key("values").begin_array();
    if (type == server_name)
      json.text(*sni);
    else
      for (const auto& one : alpns)
        json.text(one);
    json.end_array();
  }
  json.end_object();
}

} // namespace

constinit const protocol_description description{"quic", buffers, {}};

message::message(std::uint64_t number, direction way, std::uint32_t version, bool logs_ja4) noexcept
    : transaction{number}, way_{way}, version_{version}, logs_ja4_{logs_ja4} {
  for (std::size_t i = 0; i < version_bytes_.size(); ++i)
    version_bytes_[i] = static_cast<std::byte>(version >> (24 - 8 * i) & 0xffU);
  advance(ts, progress_done);
  advance(tc, progress_done);
}

/// Google's versions are four letters, all others numbers.
std::string message::version_text() const {
  const auto letters = as_text(version_bytes_);
  return letters.front() == 'Q' || letters.front() == 'T' ? std::string{letters}
                                                          : std::to_string(version_);
}

std::optional<std::string> message::make_text(buffer_index which) const {
  const auto md5 = [&](buffer_index of) -> std::optional<std::string> {
    const auto& of_text = text(of);
    return of_text ? std::optional{md5_hex(*of_text)} : std::nullopt;
  };
  switch (which) {
  case buffer_index::sni: return gquic ? gquic->sni : client ? client->sni : std::nullopt;
  case buffer_index::ua: return gquic ? gquic->user_agent : std::nullopt;
  case buffer_index::cyu_string: return gquic ? std::optional{gquic->cyu} : std::nullopt;
  case buffer_index::cyu_hash: return md5(buffer_index::cyu_string);
  case buffer_index::ja3_string:
    return client ? std::optional{tls::ja3_text(*client)} : std::nullopt;
  case buffer_index::ja3_hash: return md5(buffer_index::ja3_string);
  case buffer_index::ja3s_string:
    return server ? std::optional{tls::ja3s_text(*server)} : std::nullopt;
  case buffer_index::ja3s_hash: return md5(buffer_index::ja3s_string);
  case buffer_index::ja4_hash:
    return client ? std::optional{tls::ja4_text(*client, 'q')} : std::nullopt;
  case buffer_index::version_ts:
  case buffer_index::version_tc: break;
  }
  return std::nullopt;
}

const std::optional<std::string>& message::text(buffer_index which) const {
  auto& known = texts_[static_cast<std::size_t>(which)];
  if (!known)
    known = make_text(which);
  return *known;
}

std::size_t message::instances(buffer_id id) const noexcept {
  if (id >= buffers.size() || buffers[id].way != way_)
    return 0;
  const auto which = static_cast<buffer_index>(id);
  if (which == buffer_index::version_ts || which == buffer_index::version_tc)
    return 1;
  return text(which) ? 1 : 0;
}

std::optional<byte_view> message::buffer(buffer_id id, std::size_t instance) const noexcept {
  if (instance >= instances(id))
    return std::nullopt;
  const auto which = static_cast<buffer_index>(id);
  if (which == buffer_index::version_ts || which == buffer_index::version_tc)
    return byte_view{version_bytes_};
  return as_bytes(*text(which));
}

void message::write_members(json_writer& json) const {
  using enum buffer_index;
  json.member("version", version_text());
  if (const auto& name = text(buffer_index::sni))
    json.member("sni", *name);
  if (const auto& agent = text(ua))
    json.member("ua", *agent);
  if (gquic) {
    json.key("cyu").begin_array().begin_object();
    json.member("hash", *text(cyu_hash)).member("string", *text(cyu_string));
    json.end_object().end_array();
  }
  if (client) {
    json.key("ja3").begin_object().member("hash", *text(ja3_hash));
    json.member("string", *text(ja3_string)).end_object();
    if (logs_ja4_)
      json.member("ja4", *text(ja4_hash));
  }
  if (server) {
    json.key("ja3s").begin_object().member("hash", *text(ja3s_hash));
    json.member("string", *text(ja3s_string)).end_object();
  }
  if (!client && !server)
    return;
  json.key("extensions").begin_array();
  for (const auto type : client ? client->extensions : server->extensions)
    write_extension(json, type, client ? client->sni : std::nullopt,
                    client ? client->alpns : server->alpns);
  json.end_array();
}

} // namespace cresset::detect::proto::quic
