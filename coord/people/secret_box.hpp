#pragma once

#include "capture/base/byte_order.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>
#include <vector>

namespace cresset::coord::people {

/// Keeps small secrets so that the database alone gives none away: they are sealed with a key that
/// lies in a file beside it. A copy of the database without that file holds no authenticator's
/// secret and nothing to try recovery codes against. Thread safe.
class secret_box {
public:
  static constexpr std::size_t key_bytes = 32;
  using key = std::array<std::byte, key_bytes>;

  explicit secret_box(const key& with) : key_{with} {}
  ~secret_box();
  secret_box(const secret_box&) = default;
  secret_box& operator=(const secret_box&) = default;

  /// XChaCha20-Poly1305 with a random nonce in front. `owner` (an account's number) is bound in:
  /// what was sealed for one account does not open for another.
  std::vector<std::byte> seal(byte_view secret, std::int64_t owner) const;
  /// Nothing when it was changed, belongs to another, or was sealed with another key.
  std::optional<std::vector<std::byte>> open(byte_view sealed, std::int64_t owner) const;
  /// A keyed hash, for texts too short to be hashed without a key.
  std::array<std::byte, 32> digest(std::string_view text, std::int64_t owner) const;

private:
  key key_;
};

/// The key in `file`, made now (mode 0600) when there is none. Throws std::runtime_error with one
/// clear line when it cannot be read or written, is no key, or others may read it.
secret_box::key own_secret_key(const std::filesystem::path& file);

} // namespace cresset::coord::people
