#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace cresset::coord::http {

inline constexpr std::size_t password_least_bytes = 12;
inline constexpr std::size_t password_limit_bytes = 256;

/// Argon2id (RFC 9106) through libsodium, 64 MiB and 2 passes, in the crypt form
/// "$argon2id$v=19$…". Takes about 0.1 s. A password has `password_least_bytes` to
/// `password_limit_bytes`; anything else is refused with nothing.
std::optional<std::string> hash_password(std::string_view password);

/// Whether it is the password that was hashed; takes the time and memory of a hash for every
/// password within the limit, and no time for a longer one.
bool fits_password(std::string_view password, const std::string& hash);

/// Why nobody should use it, in one sentence; nothing when it will do. It must not hold `login` or
/// be made of a handful of characters.
std::optional<std::string> why_weak(std::string_view password, std::string_view login);

} // namespace cresset::coord::http
