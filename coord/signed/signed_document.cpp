#include "coord/signed/signed_document.hpp"

#include <cassert>

namespace cresset::coord::signed_ {
namespace {

/// Keeps these signatures apart from any other use of the same key.
constexpr std::string_view domain = "cresset signed statement v1\n";

std::string signed_text(std::string_view canonical_statement) {
  std::string text{domain};
  text += canonical_statement;
  return text;
}

bool has_only(const json_value& value, std::initializer_list<std::string_view> names) {
  if (value.members() == nullptr || value.members()->size() != names.size())
    return false;
  for (const auto name : names)
    if (value.find(name) == nullptr)
      return false;
  return true;
}

} // namespace

std::string_view to_string(document_errc error) noexcept {
  switch (error) {
  case document_errc::not_canonical: return "not canonical JSON";
  case document_errc::incomplete: return "not a statement with one signature";
  case document_errc::wrong_type: return "a statement of another type";
  case document_errc::unknown_algorithm: return "a signature algorithm that is not known here";
  }
  return "unknown error";
}

expected<signed_document, document_errc> signed_document::read(std::string_view bytes,
                                                               std::string_view type) {
  auto whole = read_canonical(bytes);
  if (!whole)
    return unexpected{document_errc::not_canonical};
  const json_value* statement = whole->find("statement");
  const json_value* seal = whole->find("signature");
  if (!has_only(*whole, {"signature", "statement"}) || statement->members() == nullptr ||
      !has_only(*seal, {"algorithm", "key", "value"}))
    return unexpected{document_errc::incomplete};
  if (statement->text_of("type") != type)
    return unexpected{document_errc::wrong_type};
  const auto key = seal->text_of("key");
  const auto value = seal->text_of("value");
  signed_document read;
  if (!key || !value || !from_hex(*value, read.signature_))
    return unexpected{document_errc::incomplete};
  if (!algorithm_from(seal->text_of("algorithm").value_or("")))
    return unexpected{document_errc::unknown_algorithm};
  read.key_id_ = *key;
  read.signed_text_ = signed_text(*write_canonical(*statement));
  read.statement_ = *statement;
  return read;
}

bool signed_document::verified_by(const public_key& key) const {
  return key.id() == key_id_ && verify(key, signed_text_, signature_);
}

expected<std::string, json_error> sign_statement(const json_value& statement,
                                                 const signing_key& key) {
  assert(statement.text_of("type"));
  const auto canonical = write_canonical(statement);
  if (!canonical)
    return unexpected{canonical.error()};
  const auto made = key.sign(signed_text(*canonical));
  const auto& shown = key.public_half();
  // Canonical as it stands: "signature" sorts before "statement", and hex needs no escapes.
  std::string bytes = R"({"signature":{"algorithm":")";
  bytes += to_string(shown.kind);
  bytes += R"(","key":")" + shown.id() + R"(","value":")" + to_hex(made) + R"("},"statement":)" +
           *canonical + "}";
  if (bytes.size() > json_limit_bytes)
    return unexpected{json_error{json_errc::too_large, 0}};
  return bytes;
}

} // namespace cresset::coord::signed_
