// Behind the TPKT head (RFC 1006) stands X.224: a length, a code, and
//
//   connection request e0, confirm d0:  references 4 | class 1 | cookie line | negotiation 8
//   data f0:                            end mark 1 | MCS Connect-Initial 7f65 or -Response 7f66
//
// Connect-Initial (T.125) holds, in BER and PER, a GCC request whose user data begin with "Duca"
// and are blocks of type 2, length 2 (both little-endian), contents.
#include "detect/proto/rdp/message.hpp"

#include "capture/base/byte_reader.hpp"
#include "detect/proto/rdp/names.hpp"

#include <array>

namespace cresset::detect::proto::rdp {
namespace {

constexpr unsigned connection_request = 0xe0, connection_confirm = 0xd0, data = 0xf0;
constexpr std::uint16_t connect_initial = 0x7f65, connect_response_tag = 0x7f66;
constexpr std::size_t data_head = 3;
constexpr std::uint16_t client_core_block = 0xc001, client_network_block = 0xc003;
constexpr std::string_view request_mark = "Duca";
/// How far into the message the mark may stand: everything before it has a fixed form.
constexpr std::size_t limit_mark_bytes = 160;

} // namespace

kind message::kind_of(byte_view x224) noexcept {
  byte_reader in{x224};
  const auto length = in.u8();
  const auto code = in.u8();
  if (!length || !code)
    return rdp::kind::other;
  switch (*code & 0xf0U) {
  case connection_request: return rdp::kind::initial_request;
  case connection_confirm: return rdp::kind::initial_response;
  case data: {
    in.skip(1);
    const auto tag = in.be16();
    return tag == connect_initial        ? rdp::kind::connect_request
           : tag == connect_response_tag ? rdp::kind::connect_response
                                         : rdp::kind::other;
  }
  default: return rdp::kind::other;
  }
}

void message::read(byte_view x224) {
  constexpr std::size_t fixed = 7; // length, code, references, class
  kind_ = kind_of(x224);
  bool fine = true;
  if (kind_ == rdp::kind::initial_request || kind_ == rdp::kind::initial_response)
    fine = x224.size() >= fixed && read_negotiation(x224.subspan(fixed));
  else if (kind_ == rdp::kind::connect_request)
    fine = read_connect_request(x224.subspan(data_head));
  if (!fine)
    raise("malformed_data");
  complete(kind_ != rdp::kind::other);
}

/// A line with a cookie or routing token, then eight bytes: type, flags, length, value.
bool message::read_negotiation(byte_view variable) {
  constexpr std::uint8_t request = 1, response = 2, failure = 3;
  constexpr std::string_view user_mark = "Cookie: mstshash=";
  auto text = as_text(variable);
  if (text.starts_with("Cookie:")) {
    const auto end = text.find("\r\n");
    if (end == std::string_view::npos)
      return false;
    const auto line = text.substr(0, end);
    if (line.starts_with(user_mark))
      cookie_ = line.substr(user_mark.size()).substr(0, limit_cookie_bytes);
    variable = variable.subspan(end + 2);
  }
  if (variable.empty()) // none: a client or server of before TLS
    return true;
  byte_reader in{variable};
  const auto type = in.u8();
  const auto flags = in.u8();
  const auto length = in.le16();
  const auto value = in.le32();
  if (!type || !flags || length != 8U || !value)
    return false;
  flags_ = *flags;
  if (*type == response && kind_ == rdp::kind::initial_response)
    selected_ = *value;
  else if (*type == failure && kind_ == rdp::kind::initial_response)
    failure_ = *value;
  else
    return *type == request && kind_ == rdp::kind::initial_request;
  return true;
}

bool message::read_connect_request(byte_view user_bytes) {
  const auto head = as_text(user_bytes).substr(0, limit_mark_bytes);
  const auto mark = head.find(request_mark);
  if (mark == std::string_view::npos)
    return false;
  byte_reader in{user_bytes.subspan(mark + request_mark.size())};
  const auto size = in.u8(); // PER: one byte, or two with the highest bit
  if (!size || ((*size & 0x80U) != 0 && !in.skip(1)))
    return false;
  while (!in.empty()) {
    const auto type = in.le16();
    const auto length = in.le16();
    if (!type || !length || *length < 4)
      return false;
    const auto block = in.take(*length - 4U);
    if (!block)
      return false;
    if (*type == client_core_block) {
      client_ = client_core::read(*block);
      if (!client_)
        return false;
    } else if (*type == client_network_block) {
      byte_reader list{*block};
      const auto count = list.le32();
      if (!count || *count > limit_channels)
        return false;
      for (std::uint32_t i = 0; i < *count; ++i) {
        const auto name = list.take(8);
        if (!name || !list.skip(4))
          return false;
        const auto text = as_text(*name);
        channels_.emplace_back(text.substr(0, text.find('\0')));
      }
    }
  }
  return true;
}

void message::write_members(json_writer& json) const {
  json.member("tx_id", number());
  switch (kind_) {
  case rdp::kind::initial_request:
    json.member("event_type", "initial_request");
    if (!cookie_.empty())
      json.member("cookie", cookie_);
    break;
  case rdp::kind::initial_response:
    json.member("event_type", "initial_response");
    if (failure_) {
      json.member("error_code", *failure_).member("reason", failure_name(*failure_));
    } else if (selected_) {
      static constexpr std::array<std::string_view, 5> names{
          "extended_client_data", "dynvc_gfx", "", "restricted_admin", "restricted_authentication"};
      if (flags_ != 0) {
        json.key("server_supports").begin_array();
        for (std::size_t i = 0; i < names.size(); ++i)
          if ((static_cast<unsigned>(flags_) >> i & 1U) != 0 && !names[i].empty())
            json.text(names[i]);
        json.end_array();
      }
      json.member("protocol", protocol_name(*selected_));
    }
    break;
  case rdp::kind::connect_request:
    json.member("event_type", "connect_request");
    if (client_) {
      json.key("client").begin_object();
      client_->write_members(json);
      json.end_object();
    }
    if (!channels_.empty()) {
      json.key("channels").begin_array();
      for (const auto& one : channels_)
        json.text(one);
      json.end_array();
    }
    break;
  case rdp::kind::connect_response: json.member("event_type", "connect_response"); break;
  case rdp::kind::other: break;
  }
}

} // namespace cresset::detect::proto::rdp
