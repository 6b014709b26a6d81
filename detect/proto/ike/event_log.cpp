#include "detect/proto/ike/message.hpp"

#include <fmt/format.h>

#include <iterator>

namespace cresset::detect::proto::ike {
namespace {

constexpr std::uint8_t flag_encrypted_1 = 0x01, flag_initiator_2 = 0x08;

std::string hex(byte_view bytes) {
  std::string text;
  for (const auto byte : bytes)
    fmt::format_to(std::back_inserter(text), "{:02x}", std::to_integer<unsigned>(byte));
  return text;
}

/// Name and number of each, the first of its kind.
void write_attributes(json_writer& json, unsigned version, std::span<const attribute> all) {
  std::uint32_t seen = 0;
  for (const auto& one : all) {
    const auto bit = 1U << static_cast<unsigned>(one.kind);
    if ((seen & bit) != 0)
      continue;
    seen |= bit;
    const auto name = name_of(one.kind);
    json.member(name, value_name(version, one.kind, one.value));
    if (version == 1)
      json.key(fmt::format("{}_raw", name)).number(one.value);
  }
}

void write_side(json_writer& json, const conversation::side& one, bool is_client) {
  if (!one.key_exchange.empty()) {
    json.member("key_exchange_payload", hex(one.key_exchange));
    json.member("key_exchange_payload_length", one.key_exchange.size());
  }
  if (!one.nonce.empty()) {
    json.member("nonce_payload", hex(one.nonce));
    json.member("nonce_payload_length", one.nonce.size());
  }
  if (!is_client || one.proposals.empty())
    return;
  json.key("proposals").begin_array();
  for (const auto& offer : one.proposals) {
    json.begin_object();
    write_attributes(json, 1, offer);
    json.end_object();
  }
  json.end_array();
}

} // namespace

void message::write_members(json_writer& json) const {
  if (version_major_ == 0)
    return;
  json.member("version_major", version_major_).member("version_minor", version_minor_);
  json.member("init_spi", init_spi_).member("resp_spi", resp_spi_);
  json.member("message_id", message_id_).member("exchange_type", unsigned{exchange_type_});
  if (version_major_ == 2)
    json.member("role", (flags_ & flag_initiator_2) != 0 ? "initiator" : "responder");
  write_attributes(json, version_major_, chosen());
  json.key("payload").begin_array();
  for (const auto type : payloads_)
    json.text(payload_name(version_major_, type));
  json.end_array();
  if (version_major_ == 1)
    write_version_1(json);
  else
    write_version_2(json);
}

void message::write_version_1(json_writer& json) const {
  json.key("ikev1").begin_object();
  if (so_far_.domain)
    json.member("doi", *so_far_.domain);
  json.member("encrypted_payloads", (flags_ & flag_encrypted_1) != 0);
  json.key("client").begin_object();
  write_side(json, so_far_.sides[index(direction::to_server)], true);
  json.end_object().key("server").begin_object();
  write_side(json, so_far_.sides[index(direction::to_client)], false);
  json.end_object();
  if (!so_far_.vendors.empty()) {
    json.key("vendor_ids").begin_array();
    for (const auto& one : so_far_.vendors)
      json.text(one);
    json.end_array();
  }
  json.end_object();
}

void message::write_version_2(json_writer& json) const {
  json.key("ikev2").begin_object().member("errors", errors_);
  if (!notifies_.empty()) {
    json.key("notify").begin_array();
    for (const auto type : notifies_) {
      const auto name = notify_name(type);
      json.text(name.empty() ? std::to_string(type) : std::string{name});
    }
    json.end_array();
  }
  json.end_object();
}

} // namespace cresset::detect::proto::ike
