#pragma once

#include "capture/base/byte_order.hpp"
#include "capture/base/timestamp.hpp"
#include "coord/incident/number_id.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cresset::coord::people {

using incident::user_id;
using token_id = incident::number_id<struct token_tag>;
using certificate_id = incident::number_id<struct certificate_tag>;
using secret_hash = std::array<std::byte, 32>;

/// "cst_" and 256 random bits in base64url: what a program shows instead of a person's password.
std::string random_token();
/// Whether a text has the form of a token; anything else is not worth a question to the database.
bool is_token(std::string_view text) noexcept;
/// SHA-256: all that is kept of a token. No key and no salt, because nobody guesses 256 bits.
secret_hash hash_of_token(std::string_view token);
/// The start of a token, by which its owner knows it again in a list; 40 bits of it.
std::string prefix_of_token(std::string_view token);
inline constexpr std::size_t token_characters = 47;

/// A program's key to some of its owner's rights.
struct api_token {
  token_id id;
  user_id owner;
  /// What its owner calls it.
  std::string name;
  std::string prefix;
  /// `http::right_set::bits`: what it was made for. What it may is never more than its owner may.
  std::uint16_t scope = 0;
  timestamp made;
  timestamp expires;
  /// To the minute; nothing before the first use.
  std::optional<timestamp> used;
};
inline constexpr int tokens_an_account = 20;
inline constexpr std::chrono::hours token_longest_life{24 * 366};

/// Ten letters and digits that are not mistaken for each other, in two halves: 50 bits. Used once,
/// in place of a code, when the authenticator is lost.
std::string random_recovery_code();
/// What a person typed, as it was printed: lower case, with the hyphen. Nothing when it cannot be
/// a recovery code.
std::optional<std::string> recovery_code_from(std::string_view typed);
inline constexpr int recovery_codes_at_a_time = 10;

/// What is kept of an authenticator. Until it is confirmed by a first code it asks for nothing.
struct second_factor {
  /// By `secret_box`.
  std::vector<std::byte> sealed;
  bool confirmed = false;
  /// Step of the last code that was taken.
  std::int64_t used_step = 0;
  int recovery_codes_left = 0;
};

/// A client certificate that stands for an account: by the SHA-256 of the certificate itself (64
/// hex digits), or by its subject (RFC 4514) under the pinned authority.
struct client_certificate {
  certificate_id id;
  user_id owner;
  /// One of the two is empty.
  std::string fingerprint;
  std::string subject;
  timestamp added;
};
inline constexpr int certificates_an_account = 10;
inline constexpr std::size_t subject_limit_bytes = 500;
/// 64 lower case hex digits; colons and upper case are read. Nothing for anything else.
std::optional<std::string> fingerprint_from(std::string_view text);

} // namespace cresset::coord::people
