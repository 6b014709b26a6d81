// The object "dns" of the event log, version 3: questions and records as arrays, and for responses
// the answers once more grouped by type. Record data is decoded here, not when the message is read:
// most messages are never written.
#include "detect/proto/dns/message.hpp"

#include "capture/base/byte_reader.hpp"
#include "capture/base/ip_address.hpp"
#include "detect/proto/dns/name.hpp"
#include "detect/proto/dns/record_type.hpp"

#include <fmt/format.h>

namespace cresset::detect::proto::dns {
namespace {

constexpr int log_version = 3;
/// Types whose answers stand in `grouped`.
constexpr std::array<std::uint16_t, 11> grouped_types{
    record_type::a,    record_type::ns,  record_type::cname, record_type::soa,
    record_type::null, record_type::ptr, record_type::mx,    record_type::txt,
    record_type::aaaa, record_type::srv, record_type::sshfp};

void write_type(json_writer& json, std::uint16_t type) {
  const auto name = record_type_name(type);
  if (!name.empty())
    json.member("rrtype", name);
  else
    json.member("rrtype", std::string_view{fmt::format_int(type).c_str()});
}

std::string hex_pairs(byte_view bytes) {
  std::string text;
  for (const auto byte : bytes)
    fmt::format_to(std::back_inserter(text), "{}{:02x}", text.empty() ? "" : ":",
                   std::to_integer<unsigned>(byte));
  return text;
}

/// Writes the data of one record as one JSON value, or nothing for a type whose data is not shown
/// or is damaged. `key` is written in front when there is one.
class rdata_writer {
public:
  rdata_writer(json_writer& json, const message& in, const record& one) noexcept
      : json_{json}, in_{in}, one_{one}, bytes_{in.rdata_of(one)} {}

  /// Members "rdata", "soa", "srv", "sshfp" of a record's object.
  void write_members() const {
    switch (one_.type) {
    case record_type::soa: write_keyed("soa"); break;
    case record_type::srv: write_keyed("srv"); break;
    case record_type::sshfp: write_keyed("sshfp"); break;
    case record_type::txt: break; // one object a string, see write_record
    default: write_keyed("rdata");
    }
  }
  /// The bare value, as it stands in `grouped`.
  bool write_value() const { return write({}); }

private:
  void write_keyed(std::string_view key) const { write(key); }
  json_writer& at(std::string_view key) const { return key.empty() ? json_ : json_.key(key); }

  bool write(std::string_view key) const {
    switch (one_.type) {
    case record_type::a:
      if (bytes_.size() != 4)
        return false;
      at(key).text(ip_address::v4(bytes_.first<4>()).to_string());
      return true;
    case record_type::aaaa:
      if (bytes_.size() != 16)
        return false;
      at(key).text(ip_address::v6(bytes_.first<16>()).to_string());
      return true;
    case record_type::ns:
    case record_type::cname:
    case record_type::ptr: return write_name(key, 0);
    case record_type::mx: return write_name(key, 2);
    case record_type::null: at(key).text(as_text(bytes_)); return true;
    case record_type::soa: return write_soa(key);
    case record_type::srv: return write_srv(key);
    case record_type::sshfp: return write_sshfp(key);
    default: return false;
    }
  }

  bool write_name(std::string_view key, std::size_t behind) const {
    name_buffer name;
    std::size_t place = one_.rdata_begin + behind;
    if (decode_name(in_.bytes(), place, name) == name_status::damaged)
      return false;
    at(key).text(as_text(name.bytes()));
    return true;
  }

  bool write_soa(std::string_view key) const {
    name_buffer mname;
    name_buffer rname;
    std::size_t place = one_.rdata_begin;
    if (decode_name(in_.bytes(), place, mname) == name_status::damaged ||
        decode_name(in_.bytes(), place, rname) == name_status::damaged ||
        place > in_.bytes().size())
      return false;
    byte_reader rest{in_.bytes().subspan(place)};
    if (rest.remaining() < 5 * sizeof(std::uint32_t))
      return false;
    at(key)
        .begin_object()
        .member("mname", as_text(mname.bytes()))
        .member("rname", as_text(rname.bytes()));
    for (const auto name : {"serial", "refresh", "retry", "expire", "minimum"})
      json_.member(name, *rest.be32());
    json_.end_object();
    return true;
  }

  bool write_srv(std::string_view key) const {
    byte_reader in{bytes_};
    const auto priority = in.be16();
    const auto weight = in.be16();
    const auto port = in.be16();
    name_buffer name;
    std::size_t place = one_.rdata_begin + in.position();
    if (!port || decode_name(in_.bytes(), place, name) == name_status::damaged)
      return false;
    at(key).begin_object().member("priority", *priority).member("weight", *weight);
    json_.member("port", *port).member("name", as_text(name.bytes())).end_object();
    return true;
  }

  bool write_sshfp(std::string_view key) const {
    byte_reader in{bytes_};
    const auto algorithm = in.u8();
    const auto type = in.u8();
    if (!type)
      return false;
    at(key).begin_object().member("fingerprint", hex_pairs(in.rest()));
    json_.member("algo", *algorithm).member("type", *type).end_object();
    return true;
  }

  json_writer& json_;
  const message& in_;
  const record& one_;
  byte_view bytes_;
};

/// Calls `see(text)` for each character string of a TXT record's data (RFC 1035 3.3.14).
template <typename See>
void for_each_string(byte_view rdata, See see) {
  byte_reader in{rdata};
  while (const auto length = in.u8()) {
    const auto text = in.take(*length);
    if (!text)
      return;
    see(as_text(*text));
  }
}

void write_head(json_writer& json, const message& in, const record& one) {
  json.begin_object().member("rrname", in.name_of(one));
  if (one.name.is_truncated)
    json.member("rrname_truncated", true);
  write_type(json, one.type);
}

void write_options(json_writer& json, byte_view rdata) {
  byte_reader in{rdata};
  json.key("opt").begin_array();
  while (true) {
    const auto code = in.be16();
    const auto length = in.be16();
    const auto body = length ? in.take(*length) : std::nullopt;
    if (!body)
      break;
    json.begin_object().member("code", *code).key("data").text(as_text(*body)).end_object();
  }
  json.end_array();
}

void write_record(json_writer& json, const message& in, const record& one) {
  if (one.type == record_type::txt) {
    // An answer with several strings is logged as several answers, which is what readers of these
    // logs expect.
    for_each_string(in.rdata_of(one), [&](std::string_view text) {
      write_head(json, in, one);
      json.member("ttl", one.ttl).member("rdata", text).end_object();
    });
    return;
  }
  write_head(json, in, one);
  json.member("ttl", one.ttl);
  if (one.type == record_type::opt)
    write_options(json, in.rdata_of(one));
  else
    rdata_writer{json, in, one}.write_members();
  json.end_object();
}

void write_section(json_writer& json, const message& in, std::string_view name, section which) {
  const auto records = in.records(which);
  if (records.empty())
    return;
  json.key(name).begin_array();
  for (const auto& one : records)
    write_record(json, in, one);
  json.end_array();
}

void write_grouped(json_writer& json, const message& in) {
  const auto answers = in.records(section::answers);
  bool any = false;
  for (const auto type : grouped_types) {
    bool open = false;
    for (const auto& one : answers) {
      if (one.type != type)
        continue;
      if (!any)
        json.key("grouped").begin_object();
      if (!open)
        json.key(record_type_name(type)).begin_array();
      any = open = true;
      if (type == record_type::txt)
        for_each_string(in.rdata_of(one), [&](std::string_view text) { json.text(text); });
      else
        rdata_writer{json, in, one}.write_value();
    }
    if (open)
      json.end_array();
  }
  if (any)
    json.end_object();
}

} // namespace

void message::write_members(json_writer& json) const {
  if (flavour_ == flavour::dns)
    json.member("version", log_version);
  json.member("type", head_.is_response() ? "response" : "request");
  if (flavour_ == flavour::dns)
    json.member("tx_id", number());
  json.member("id", head_.id).member("flags", fmt::format("{:x}", head_.flags));
  constexpr std::array<std::pair<std::string_view, std::uint16_t>, 6> bits{{{"qr", 0x8000},
                                                                            {"aa", 0x0400},
                                                                            {"tc", 0x0200},
                                                                            {"rd", 0x0100},
                                                                            {"ra", 0x0080},
                                                                            {"z", 0x0040}}};
  for (const auto& [name, bit] : bits)
    if ((head_.flags & bit) != 0)
      json.member(name, true);
  json.member("opcode", head_.opcode());
  const auto rcode = rcode_name(head_.rcode());
  json.member("rcode",
              rcode.empty() ? std::string_view{fmt::format_int(head_.rcode()).c_str()} : rcode);
  if (const auto questions = records(section::questions); !questions.empty()) {
    json.key("queries").begin_array();
    for (const auto& one : questions) {
      write_head(json, *this, one);
      json.end_object();
    }
    json.end_array();
  }
  write_section(json, *this, "answers", section::answers);
  if (head_.is_response() && flavour_ == flavour::dns)
    write_grouped(json, *this);
  write_section(json, *this, "authorities", section::authorities);
  write_section(json, *this, "additionals", section::additionals);
}

} // namespace cresset::detect::proto::dns
