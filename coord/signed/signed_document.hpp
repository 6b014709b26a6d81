#pragma once

#include "capture/base/expected.hpp"
#include "coord/signed/canonical_json.hpp"
#include "coord/signed/signer.hpp"

#include <string>
#include <string_view>

namespace cresset::coord::signed_ {

enum class document_errc { not_canonical, incomplete, wrong_type, unknown_algorithm };
std::string_view to_string(document_errc error) noexcept;

/// A statement and who signed it (docs/federation.md section 1.3), read from its bytes but not yet
/// believed: `verified_by` says whether the signature holds.
class signed_document {
public:
  /// Reads the bytes; they must be canonical and of statement type `type`.
  static expected<signed_document, document_errc> read(std::string_view bytes,
                                                       std::string_view type);

  const json_value& statement() const noexcept { return statement_; }
  /// The id of the key that claims to have signed.
  const std::string& key_id() const noexcept { return key_id_; }
  bool verified_by(const public_key& key) const;

private:
  json_value statement_;
  std::string signed_text_;
  std::string key_id_;
  signature signature_{};
};

/// The canonical bytes of the signed document. The statement must be an object that canonical JSON
/// can write and has a text `type`.
expected<std::string, json_error> sign_statement(const json_value& statement,
                                                 const signing_key& key);

} // namespace cresset::coord::signed_
