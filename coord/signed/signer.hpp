#pragma once

#include "coord/signed/digest.hpp"

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace cresset::coord::signed_ {

/// Always written next to a key or signature; a name not listed here is refused.
enum class algorithm { ed25519 };
std::string_view to_string(algorithm name) noexcept;
std::optional<algorithm> algorithm_from(std::string_view name) noexcept;

using signature = std::array<std::byte, 64>;

/// Half of a signing key that everybody may know.
struct public_key {
  algorithm kind = algorithm::ed25519;
  std::array<std::byte, 32> bytes{};

  /// From the algorithm's name and 64 hex digits.
  static std::optional<public_key> parse(std::string_view algorithm_name,
                                         std::string_view hex) noexcept;
  std::string hex() const { return to_hex(bytes); }
  /// 32 hex digits: how signatures name the key.
  std::string id() const;
  /// The whole digest in 16 groups of four digits: what two people read to each other.
  std::string fingerprint() const;

  friend bool operator==(const public_key&, const public_key&) noexcept = default;
};

/// An Ed25519 key pair (RFC 8032, libsodium). The secret half is wiped when the object goes.
class signing_key {
public:
  static signing_key generate();
  /// Precondition: the seed came from a good source of randomness.
  static signing_key from_seed(std::span<const std::byte, 32> seed);

  signing_key(signing_key&&) noexcept;
  signing_key& operator=(signing_key&&) noexcept;
  ~signing_key();

  const public_key& public_half() const noexcept { return public_; }
  signature sign(std::string_view message) const;
  /// The 32 bytes to keep in a key file; the caller wipes them.
  std::array<std::byte, 32> seed() const;

private:
  struct secret;
  signing_key(std::unique_ptr<secret> kept, public_key shown);
  std::unique_ptr<secret> secret_;
  public_key public_;
};

/// Whether `made` is a signature of `message` by that key. Refuses small-order keys and signatures
/// in any but their one form.
bool verify(const public_key& key, std::string_view message, const signature& made) noexcept;

} // namespace cresset::coord::signed_
