// A message (BEP 5, "KRPC Protocol") is a dictionary:
//
//   t  transaction id      y  "q", "r" or "e"      v  the client's version
//   q  the query's name    a  its arguments        r  the response     e  [number, text]
#include "detect/proto/bittorrent_dht/message.hpp"

#include "capture/base/byte_reader.hpp"

#include <fmt/format.h>

namespace cresset::detect::proto::bittorrent_dht {
namespace {

constexpr std::size_t id_size = 20;

std::string hex(std::string_view bytes) {
  std::string text;
  for (const unsigned char one : bytes)
    fmt::format_to(std::back_inserter(text), "{:02x}", one);
  return text;
}

bool read_text(bencode_reader& in, std::optional<std::string>& into) {
  const auto text = in.text();
  if (text)
    into = text->substr(0, message::text_limit_bytes);
  return text.has_value();
}

bool read_number(bencode_reader& in, std::optional<std::int64_t>& into) {
  into = in.number();
  return into.has_value();
}

/// Compact info: the id where there is one, 4 or 16 bytes of address, 2 of port.
std::optional<contact> read_contact(byte_reader& in, std::size_t id, std::size_t address) {
  const auto name = in.take(id);
  const auto bytes = name ? in.take(address) : std::nullopt;
  const auto port = bytes ? in.be16() : std::nullopt;
  if (!port)
    return std::nullopt;
  return contact{
      std::string{as_text(*name)},
      address == 4 ? ip_address::v4(bytes->first<4>()) : ip_address::v6(bytes->first<16>()), *port};
}

bool read_nodes(bencode_reader& in, std::size_t address, std::vector<contact>& into) {
  const auto text = in.text();
  if (!text)
    return false;
  byte_reader bytes{as_bytes(*text)};
  while (!bytes.empty() && into.size() < message::contacts_limit) {
    auto one = read_contact(bytes, id_size, address);
    if (!one)
      return false;
    into.push_back(*std::move(one));
  }
  return true;
}

void write_contacts(json_writer& json, std::string_view key, const std::vector<contact>& all) {
  if (all.empty())
    return;
  json.key(key).begin_array();
  for (const auto& one : all) {
    json.begin_object();
    if (!one.id.empty())
      json.member("id", hex(one.id));
    json.member("ip", one.address.to_string()).member("port", one.port).end_object();
  }
  json.end_array();
}

/// Calls `see(key, reader)` for each member of the dictionary; false when it is none, or `see` says
/// so.
template <typename See>
bool for_each_member(bencode_reader& in, See see) {
  if (!in.enter('d'))
    return false;
  while (!in.leave()) {
    const auto key = in.text();
    if (!key || !see(*key))
      return false;
  }
  return true;
}

} // namespace

bool message::read(std::string_view datagram) {
  bencode_reader in{datagram};
  const bool fine = for_each_member(in, [&](std::string_view key) { return read_member(key, in); });
  if (fine && is_whole())
    return true;
  events_.raise("malformed_packet");
  return false;
}

bool message::is_whole() const noexcept {
  if (!transaction_id_ || !kind_)
    return false;
  if (*kind_ == "q")
    return query_ && has_arguments_;
  return *kind_ == "r" ? has_response_ : *kind_ == "e" && error_number_;
}

bool message::read_member(std::string_view key, bencode_reader& in) {
  if (key == "t")
    return read_text(in, transaction_id_);
  if (key == "y")
    return read_text(in, kind_);
  if (key == "v")
    return read_text(in, version_);
  if (key == "q")
    return read_text(in, query_);
  if (key == "a")
    return read_arguments(in);
  if (key == "r")
    return read_response(in);
  if (key == "e")
    return read_error(in);
  return in.value().has_value();
}

bool message::read_arguments(bencode_reader& in) {
  has_arguments_ = true;
  return for_each_member(in, [&](std::string_view key) {
    if (key == "id")
      return read_text(in, id_);
    if (key == "target")
      return read_text(in, target_);
    if (key == "info_hash")
      return read_text(in, info_hash_);
    if (key == "token")
      return read_text(in, token_);
    if (key == "implied_port")
      return read_number(in, implied_port_);
    if (key == "port")
      return read_number(in, port_);
    return in.value().has_value();
  });
}

bool message::read_response(bencode_reader& in) {
  has_response_ = true;
  return for_each_member(in, [&](std::string_view key) {
    if (key == "id")
      return read_text(in, id_);
    if (key == "token")
      return read_text(in, token_);
    if (key == "nodes")
      return read_nodes(in, 4, nodes_);
    if (key == "nodes6")
      return read_nodes(in, 16, nodes6_);
    if (key == "values")
      return read_values(in);
    return in.value().has_value();
  });
}

bool message::read_values(bencode_reader& in) {
  if (!in.enter('l'))
    return false;
  while (!in.leave()) {
    const auto text = in.text();
    if (!text)
      return false;
    byte_reader bytes{as_bytes(*text)};
    auto one = read_contact(bytes, 0, text->size() == 18 ? 16 : 4);
    if (!one)
      return false;
    if (values_.size() < contacts_limit)
      values_.push_back(*std::move(one));
  }
  return true;
}

bool message::read_error(bencode_reader& in) {
  if (!in.enter('l'))
    return false;
  error_number_ = in.number();
  const auto text = in.text();
  if (!error_number_ || !text)
    return false;
  error_text_ = text->substr(0, text_limit_bytes);
  while (!in.leave())
    if (!in.value())
      return false;
  return true;
}

void message::write_members(json_writer& json) const {
  if (transaction_id_)
    json.member("transaction_id", hex(*transaction_id_));
  if (version_)
    json.member("client_version", hex(*version_));
  if (error_number_) {
    json.key("error").begin_object().member("num", *error_number_);
    json.member("msg", std::string_view{error_text_}).end_object();
  }
  if (query_)
    json.member("request_type", std::string_view{*query_});
  if (has_arguments_)
    write_request(json);
  if (has_response_)
    write_response(json);
}

void message::write_request(json_writer& json) const {
  json.key("request").begin_object();
  if (id_)
    json.member("id", hex(*id_));
  if (target_)
    json.member("target", hex(*target_));
  if (info_hash_)
    json.member("info_hash", hex(*info_hash_));
  if (token_)
    json.member("token", hex(*token_));
  if (implied_port_)
    json.member("implied_port", *implied_port_);
  if (port_)
    json.member("port", *port_);
  json.end_object();
}

void message::write_response(json_writer& json) const {
  json.key("response").begin_object();
  if (id_)
    json.member("id", hex(*id_));
  write_contacts(json, "nodes", nodes_);
  write_contacts(json, "nodes6", nodes6_);
  write_contacts(json, "values", values_);
  if (token_)
    json.member("token", hex(*token_));
  json.end_object();
}

} // namespace cresset::detect::proto::bittorrent_dht
