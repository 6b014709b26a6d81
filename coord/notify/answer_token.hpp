#pragma once

#include "capture/base/timestamp.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cresset::coord::notify {

/// The server's secret for answer links.
using answer_key = std::array<std::byte, 32>;
answer_key random_answer_key();

/// What an answer link proves: whoever holds it was told of this notification.
struct answer_claim {
  std::int64_t notification = 0;
  timestamp expires;
};

/// 43 characters of base64url: number (8 bytes), end in seconds (8), the first 16 bytes of
/// HMAC-SHA-512-256 over both under the key.
std::string answer_token(const answer_claim& claim, const answer_key& key);

enum class token_errc { forged, expired };
/// The claim of a token that this key made, when it has not expired. Anything else is `forged`,
/// found in constant time.
std::optional<answer_claim> read_answer_token(std::string_view token, const answer_key& key,
                                              timestamp now, token_errc& why) noexcept;

} // namespace cresset::coord::notify
