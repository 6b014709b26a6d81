#pragma once

#include "capture/base/expected.hpp"
#include "coord/signed/key_record.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace cresset::coord::signed_ {

inline constexpr std::size_t object_limit_body_bytes = json_limit_bytes;
inline constexpr std::size_t object_limit_seal_bytes = 16 * 1024;
inline constexpr std::size_t object_limit_markings = 64;

/// What the recipient may do with an object beyond its markings.
enum class onward_terms { none, ask, as_marked };
std::string_view to_string(onward_terms terms) noexcept;
std::optional<onward_terms> onward_terms_from(std::string_view name) noexcept;

/// What the origin signs about a body (docs/federation.md section 4).
struct seal {
  std::string kind;
  std::string id;
  std::string version;
  digest body;
  std::vector<std::string> markings; ///< sorted, each once
  onward_terms onward = onward_terms::ask;
  std::string origin; ///< identity id of who sealed it

  friend bool operator==(const seal&, const seal&) = default;
};

/// A released object: exactly the bytes that were signed, never written anew.
struct object {
  std::string seal_bytes;
  std::string body;
};

enum class object_errc { malformed, unknown_key, bad_signature, hash_mismatch, seal_mismatch };
std::string_view to_string(object_errc error) noexcept;

/// Seals a body. `made.body` is set here, `made.markings` is put in order.
expected<object, json_error> seal_object(seal made, std::string body, const signing_key& key);

/// Reads a seal and holds it against the body: signature by a signing key of `in_force`, origin its
/// owner, digest, body canonical, and for STIX bodies id, version and markings as the body says.
expected<seal, object_errc> verify_object(const object& received, const key_record& in_force);

/// Whether the text is printable ASCII of at most `limit` bytes: what ids, versions and times are
/// made of.
bool is_plain(std::string_view text, std::size_t limit) noexcept;

/// Whether the text can be a kind: [a-z0-9:-]{1,64}.
bool is_kind(std::string_view text) noexcept;

} // namespace cresset::coord::signed_
