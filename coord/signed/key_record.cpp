#include "coord/signed/key_record.hpp"

#include <algorithm>

namespace cresset::coord::signed_ {
namespace {

constexpr std::size_t endpoint_limit_bytes = 255;

json_value key_json(const public_key& key) {
  return json_value::object{{"algorithm", to_string(key.kind)}, {"public", key.hex()}};
}

std::optional<public_key> key_from(const json_value* value) {
  if (value == nullptr)
    return std::nullopt;
  return public_key::parse(value->text_of("algorithm").value_or(""),
                           value->text_of("public").value_or(""));
}

bool read_transport(const json_value& statement, key_record& into) {
  const json_value* key = statement.find("transport_key");
  return key != nullptr && key->text_of("algorithm") == "curve25519" &&
         from_hex(key->text_of("public").value_or(""), into.transport);
}

bool read_signing_keys(const json_value& statement, key_record& into) {
  const json_value* keys = statement.find("signing_keys");
  if (keys == nullptr || keys->elements() == nullptr || keys->elements()->empty() ||
      keys->elements()->size() > key_record_limit_keys)
    return false;
  for (const json_value& element : *keys->elements()) {
    const auto key = key_from(&element);
    if (!key)
      return false;
    into.signing.push_back(*key);
  }
  return true;
}

bool read_endpoints(const json_value& statement, key_record& into) {
  const json_value* endpoints = statement.find("endpoints");
  if (endpoints == nullptr || endpoints->elements() == nullptr ||
      endpoints->elements()->size() > key_record_limit_endpoints)
    return false;
  for (const json_value& element : *endpoints->elements()) {
    const std::string* text = element.text();
    if (text == nullptr || !text->starts_with("tcp://") || text->size() > endpoint_limit_bytes)
      return false;
    into.endpoints.push_back(*text);
  }
  return true;
}

std::optional<key_record> record_from(const json_value& statement) {
  key_record read;
  const auto owner = statement.text_of("owner");
  const auto name = statement.text_of("name");
  const auto number = statement.whole_of("number");
  const auto identity = key_from(statement.find("identity_key"));
  if (!owner || !is_identity_id(*owner) || !name || !is_short_name(*name) || !number ||
      *number == 0 || !identity)
    return std::nullopt;
  read.owner = *owner;
  read.name = *name;
  read.number = *number;
  read.identity = *identity;
  read.issued = statement.text_of("issued").value_or("");
  if (!read_transport(statement, read) || !read_signing_keys(statement, read) ||
      !read_endpoints(statement, read))
    return std::nullopt;
  return read;
}

} // namespace

const public_key* key_record::signing_key_of(std::string_view key_id) const noexcept {
  const auto at = std::find_if(signing.begin(), signing.end(),
                               [&](const auto& key) { return key.id() == key_id; });
  return at == signing.end() ? nullptr : &*at;
}

std::string_view to_string(key_record_errc error) noexcept {
  switch (error) {
  case key_record_errc::malformed: return "not a key record";
  case key_record_errc::bad_signature: return "not signed by the identity key it names";
  case key_record_errc::other_owner: return "a key record of another owner";
  case key_record_errc::other_identity: return "signed by another identity key than the pinned one";
  case key_record_errc::not_newer: return "a key record that is not newer than the one in force";
  }
  return "unknown error";
}

expected<std::string, json_error> sign_key_record(const key_record& record,
                                                  const signing_key& identity) {
  json_value::array signing;
  for (const public_key& key : record.signing)
    signing.push_back(key_json(key));
  json_value::array endpoints;
  for (const std::string& endpoint : record.endpoints)
    endpoints.push_back(endpoint);
  return sign_statement(
      json_value::object{
          {"type", "key_record"},
          {"owner", record.owner},
          {"name", record.name},
          {"number", record.number},
          {"identity_key", key_json(identity.public_half())},
          {"transport_key",
           json_value::object{{"algorithm", "curve25519"}, {"public", to_hex(record.transport)}}},
          {"signing_keys", std::move(signing)},
          {"endpoints", std::move(endpoints)},
          {"issued", record.issued}},
      identity);
}

expected<signed_key_record, key_record_errc> read_key_record(std::string_view bytes) {
  if (bytes.size() > key_record_limit_bytes)
    return unexpected{key_record_errc::malformed};
  const auto document = signed_document::read(bytes, "key_record");
  if (!document)
    return unexpected{key_record_errc::malformed};
  auto record = record_from(document->statement());
  if (!record)
    return unexpected{key_record_errc::malformed};
  if (!document->verified_by(record->identity))
    return unexpected{key_record_errc::bad_signature};
  return signed_key_record{*std::move(record), std::string{bytes}};
}

expected<void, key_record_errc> may_replace(const key_record& held, const key_record& next) {
  if (next.owner != held.owner)
    return unexpected{key_record_errc::other_owner};
  if (!(next.identity == held.identity))
    return unexpected{key_record_errc::other_identity};
  if (next.number <= held.number)
    return unexpected{key_record_errc::not_newer};
  return {};
}

bool is_identity_id(std::string_view text) noexcept {
  constexpr std::string_view front = "identity--";
  constexpr std::string_view shape = "hhhhhhhh-hhhh-4hhh-vhhh-hhhhhhhhhhhh";
  if (!text.starts_with(front) || text.size() != front.size() + shape.size())
    return false;
  text.remove_prefix(front.size());
  for (std::size_t i = 0; i < shape.size(); ++i) {
    const char c = text[i];
    const bool is_hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
    switch (shape[i]) {
    case 'h':
      if (!is_hex)
        return false;
      break;
    case 'v':
      if (c != '8' && c != '9' && c != 'a' && c != 'b')
        return false;
      break;
    default:
      if (c != shape[i])
        return false;
    }
  }
  return true;
}

bool is_short_name(std::string_view text) noexcept {
  return !text.empty() && text.size() <= 32 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

} // namespace cresset::coord::signed_
