#pragma once

#include "capture/base/expected.hpp"
#include "coord/signed/signed_document.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cresset::coord::signed_ {

inline constexpr std::size_t key_record_limit_keys = 8;
inline constexpr std::size_t key_record_limit_endpoints = 8;
inline constexpr std::size_t key_record_limit_bytes = 24 * 1024;

/// What the owner says about its keys (docs/federation.md section 2). Which stream entries the
/// signing keys may sign is said by the record's place in each stream, not by the record.
struct key_record {
  std::string owner; ///< STIX identity id
  std::string name;  ///< [a-z0-9-]{1,32}
  std::uint64_t number = 1;
  public_key identity;
  std::array<std::byte, 32> transport{}; ///< CURVE25519 public key
  std::vector<public_key> signing;
  std::vector<std::string> endpoints;
  std::string issued;

  const public_key* signing_key_of(std::string_view key_id) const noexcept;
};

enum class key_record_errc { malformed, bad_signature, other_owner, other_identity, not_newer };
std::string_view to_string(key_record_errc error) noexcept;

/// A record that its own identity key has signed, with the bytes it came in. Whether that identity
/// key is the right one is the ceremony's question.
struct signed_key_record {
  key_record record;
  std::string bytes;
};

expected<std::string, json_error> sign_key_record(const key_record& record,
                                                  const signing_key& identity);
expected<signed_key_record, key_record_errc> read_key_record(std::string_view bytes);
/// Whether `next` may take the place of `held`: same owner, same identity key, a higher number.
expected<void, key_record_errc> may_replace(const key_record& held, const key_record& next);

/// "identity--" and a UUID of version 4 in lower case.
bool is_identity_id(std::string_view text) noexcept;
/// [a-z0-9-]{1,32}
bool is_short_name(std::string_view text) noexcept;

} // namespace cresset::coord::signed_
