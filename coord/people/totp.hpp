#pragma once

#include "capture/base/byte_order.hpp"
#include "capture/base/timestamp.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cresset::coord::people {

/// What a person's authenticator and this server share (RFC 4226 section 4, R6: 160 bits).
using totp_secret = std::array<std::byte, 20>;

inline constexpr std::int64_t totp_step_seconds = 30;
inline constexpr unsigned totp_digits = 6;
/// How many steps a person's clock may differ from ours (RFC 6238 section 5.2).
inline constexpr std::int64_t totp_steps_off = 1;

totp_secret random_totp_secret();
/// The secret in bytes that were kept; nothing when there are none, or not as many.
std::optional<totp_secret>
totp_secret_from(const std::optional<std::vector<std::byte>>& bytes) noexcept;

/// The HOTP value (RFC 4226 section 5.3, HMAC-SHA-1) in `digits` decimals, zeros in front.
std::string hotp(byte_view secret, std::int64_t counter, unsigned digits);

/// The step that a moment lies in (RFC 6238 section 4.2); 0 before 1970.
std::int64_t totp_step(timestamp at) noexcept;

/// The step whose code this is: the current one or a neighbour, and greater than `used`, the step
/// of the last code that was taken, so that no code is taken twice. Compares in a time that does
/// not tell how much of a code was right.
std::optional<std::int64_t> find_totp_step(const totp_secret& secret, std::string_view code,
                                           timestamp at, std::int64_t used);

/// RFC 4648 base 32 without padding, as authenticators show it.
std::string to_base32(byte_view bytes);
/// Any case; spaces and padding are left out. Nothing for other characters.
std::optional<std::string> from_base32(std::string_view text);

/// "otpauth://totp/…" for an authenticator's camera. `issuer` and `login` are escaped.
std::string totp_uri(std::string_view issuer, std::string_view login, const totp_secret& secret);

} // namespace cresset::coord::people
