// The fixed part (RFC 2131 section 2), then options behind a cookie:
//
//   op 1 | htype 1 | hlen 1 | hops 1 | xid 4 | secs 2 | flags 2 | ciaddr 4 | yiaddr 4 | siaddr 4 |
//   giaddr 4 | chaddr 16 | sname 64 | file 128 | cookie 4 | options: code 1, length 1, value
#include "detect/proto/dhcp/message.hpp"

#include "capture/base/byte_reader.hpp"

#include <algorithm>

namespace cresset::detect::proto::dhcp {
namespace {

constexpr std::size_t cookie_at = 236;
constexpr std::uint32_t cookie = 0x63825363;
constexpr unsigned ack = 5;

} // namespace

bool message::read(byte_view bytes) {
  bytes_.assign(bytes.begin(), bytes.end());
  const byte_view own{bytes_};
  const bool fine = own.size() >= cookie_at + 4 &&
                    load_be32(own.subspan(cookie_at).first<4>()) == cookie &&
                    std::to_integer<unsigned>(own[2]) <= 16;
  if (fine)
    read_options(own.subspan(cookie_at + 4));
  else
    raise("malformed_options");
  complete(fine);
  return fine;
}

void message::read_options(byte_view bytes) {
  byte_reader in{bytes};
  while (const auto code = in.u8()) {
    if (*code == option_code::pad)
      continue;
    if (*code == option_code::end)
      return;
    const auto length = in.u8();
    const auto value = length ? in.take(*length) : std::nullopt;
    if (!value)
      break;
    if (options_.size() == limit_options) {
      raise("malformed_options");
      return;
    }
    options_.push_back({*code, *value});
    if (!is_well_formed(options_.back()))
      raise("malformed_options");
  }
  raise("truncated_options"); // no end was seen
}

bool message::is_well_formed(const option& one) const noexcept {
  switch (one.code) {
  case option_code::message_type: return one.value.size() == 1;
  case option_code::subnet_mask:
  case option_code::requested_ip:
  case option_code::lease_time:
  case option_code::renewal_time:
  case option_code::rebinding_time: return one.value.size() == 4;
  case option_code::router:
  case option_code::dns_server: return !one.value.empty() && one.value.size() % 4 == 0;
  case option_code::client_id: return one.value.size() >= 2;
  default: return true;
  }
}

std::optional<byte_view> message::find(std::uint8_t code) const noexcept {
  const auto at = std::find_if(options_.begin(), options_.end(), [&](const option& one) {
    return one.code == code && is_well_formed(one);
  });
  return at == options_.end() ? std::nullopt : std::optional{at->value};
}

std::optional<std::uint32_t> message::number_in(std::uint8_t code) const noexcept {
  const auto value = find(code);
  return value ? std::optional{load_be32(value->first<4>())} : std::nullopt;
}

unsigned message::type() const noexcept {
  const auto value = find(option_code::message_type);
  return value ? std::to_integer<unsigned>((*value)[0]) : 0;
}

bool message::is_logged() const noexcept {
  return one_way_message::is_logged() && (extended_ || type() == ack);
}

std::size_t message::field_instances(field_id id) const noexcept {
  return field(id, 0) ? 1 : 0;
}

std::optional<std::uint64_t> message::field(field_id id, std::size_t) const noexcept {
  switch (static_cast<field_index>(id)) {
  case field_index::leasetime_ts:
  case field_index::leasetime_tc: return number_in(option_code::lease_time);
  case field_index::rebinding_time_ts:
  case field_index::rebinding_time_tc: return number_in(option_code::rebinding_time);
  case field_index::renewal_time_ts:
  case field_index::renewal_time_tc: return number_in(option_code::renewal_time);
  }
  return std::nullopt;
}

} // namespace cresset::detect::proto::dhcp
