#include "coord/signed/object.hpp"

#include <algorithm>

namespace cresset::coord::signed_ {
namespace {

constexpr std::size_t object_limit_id_bytes = 256;

bool read_markings(const json_value& value, std::vector<std::string>& into) {
  const auto* elements = value.elements();
  if (elements == nullptr || elements->size() > object_limit_markings)
    return false;
  for (const json_value& element : *elements) {
    if (element.text() == nullptr)
      return false;
    into.push_back(*element.text());
  }
  return true;
}

bool is_sorted_set(const std::vector<std::string>& texts) {
  return std::adjacent_find(texts.begin(), texts.end(), std::greater_equal<>{}) == texts.end();
}

std::optional<seal> seal_from(const json_value& statement) {
  seal read;
  const auto kind = statement.text_of("kind");
  const auto id = statement.text_of("id");
  const auto version = statement.text_of("version");
  const auto body = digest::parse(statement.text_of("body").value_or(""));
  const auto onward = onward_terms_from(statement.text_of("onward").value_or(""));
  const auto origin = statement.text_of("origin");
  const json_value* markings = statement.find("markings");
  if (!kind || !is_kind(*kind) || !id || id->empty() || !is_plain(*id, object_limit_id_bytes) ||
      !version || !is_plain(*version, object_limit_id_bytes) || !body || !onward || !origin ||
      !is_identity_id(*origin) || markings == nullptr || !read_markings(*markings, read.markings) ||
      !is_sorted_set(read.markings))
    return std::nullopt;
  read.kind = *kind;
  read.id = *id;
  read.version = *version;
  read.body = *body;
  read.onward = *onward;
  read.origin = *origin;
  return read;
}

/// Whether the body says of itself what the seal says of it.
bool agrees(const seal& stated, const json_value& body) {
  if (!stated.kind.starts_with("stix:"))
    return body.text_of("id") == stated.id;
  if (body.text_of("id") != stated.id || body.text_of("modified").value_or("") != stated.version ||
      body.text_of("type") != std::string_view{stated.kind}.substr(5))
    return false;
  std::vector<std::string> markings;
  if (const json_value* refs = body.find("object_marking_refs"))
    if (!read_markings(*refs, markings))
      return false;
  std::sort(markings.begin(), markings.end());
  return markings == stated.markings;
}

} // namespace

std::string_view to_string(onward_terms terms) noexcept {
  switch (terms) {
  case onward_terms::none: return "none";
  case onward_terms::ask: return "ask";
  case onward_terms::as_marked: return "as-marked";
  }
  return "none";
}

std::optional<onward_terms> onward_terms_from(std::string_view name) noexcept {
  for (const auto terms : {onward_terms::none, onward_terms::ask, onward_terms::as_marked})
    if (name == to_string(terms))
      return terms;
  return std::nullopt;
}

std::string_view to_string(object_errc error) noexcept {
  switch (error) {
  case object_errc::malformed:
    return "seal or body is not what docs/federation.md section 4 describes";
  case object_errc::unknown_key:
    return "sealed with a key that is not in force, or by somebody else than the sender";
  case object_errc::bad_signature: return "the seal's signature does not hold";
  case object_errc::hash_mismatch: return "the body is not the one that was sealed";
  case object_errc::seal_mismatch:
    return "id, version, type or markings of the body are not the seal's";
  }
  return "unknown error";
}

bool is_plain(std::string_view text, std::size_t limit) noexcept {
  return text.size() <= limit &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

bool is_kind(std::string_view text) noexcept {
  return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == ':';
  });
}

expected<object, json_error> seal_object(seal made, std::string body, const signing_key& key) {
  made.body = digest::of(body);
  std::sort(made.markings.begin(), made.markings.end());
  made.markings.erase(std::unique(made.markings.begin(), made.markings.end()), made.markings.end());
  json_value::array markings{made.markings.begin(), made.markings.end()};
  auto bytes = sign_statement(json_value::object{{"type", "object"},
                                                 {"kind", made.kind},
                                                 {"id", made.id},
                                                 {"version", made.version},
                                                 {"body", made.body.hex()},
                                                 {"markings", std::move(markings)},
                                                 {"onward", to_string(made.onward)},
                                                 {"origin", made.origin}},
                              key);
  if (!bytes)
    return unexpected{bytes.error()};
  if (bytes->size() > object_limit_seal_bytes || body.size() > object_limit_body_bytes)
    return unexpected{json_error{json_errc::too_large, 0}};
  return object{*std::move(bytes), std::move(body)};
}

expected<seal, object_errc> verify_object(const object& received, const key_record& in_force) {
  if (received.seal_bytes.size() > object_limit_seal_bytes ||
      received.body.size() > object_limit_body_bytes)
    return unexpected{object_errc::malformed};
  const auto document = signed_document::read(received.seal_bytes, "object");
  if (!document)
    return unexpected{object_errc::malformed};
  auto stated = seal_from(document->statement());
  if (!stated)
    return unexpected{object_errc::malformed};
  const public_key* key = in_force.signing_key_of(document->key_id());
  if (key == nullptr || stated->origin != in_force.owner)
    return unexpected{object_errc::unknown_key};
  if (!document->verified_by(*key))
    return unexpected{object_errc::bad_signature};
  if (stated->body != digest::of(received.body))
    return unexpected{object_errc::hash_mismatch};
  const auto body = read_canonical(received.body);
  if (!body || body->members() == nullptr)
    return unexpected{object_errc::malformed};
  if (!agrees(*stated, *body))
    return unexpected{object_errc::seal_mismatch};
  return *std::move(stated);
}

} // namespace cresset::coord::signed_
