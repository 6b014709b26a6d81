#pragma once

#include "coord/signed/key_record.hpp"

#include <array>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cresset::coord::federation {

/// Who we are: our key record and the signing key it names. Immutable once made; shared by all
/// links.
struct own_identity {
  signed_::signed_key_record record;
  signed_::signing_key key;

  const std::string& id() const noexcept { return record.record.owner; }
  const std::string& name() const noexcept { return record.record.name; }
};

/// A CURVE25519 pair, as bytes.
struct transport_keys {
  std::array<std::byte, 32> public_half{};
  std::array<std::byte, 32> secret_half{};
};

/// A partner whose identity key was pinned in a ceremony, with the newest of its key records that
/// we saw.
struct peer {
  signed_::signed_key_record record;

  const std::string& id() const noexcept { return record.record.owner; }
  const std::string& name() const noexcept { return record.record.name; }
};

/// Which of two servers dials: the one with the lower identity id when both have endpoints, else
/// the one that has none. Nothing when neither has: the two cannot meet.
std::optional<bool> dials(const signed_::key_record& own, const signed_::key_record& partner);

/// The partners we know. Nobody enters but by a pin. Any thread.
class peer_directory {
public:
  static constexpr std::size_t peer_limit = 256;

  /// Adds a pinned partner; false when its id, name or transport key belongs to another one, or the
  /// directory is full.
  bool add(peer pinned);
  /// Puts a newer record of a known partner in place; the reason when it may not.
  expected<void, signed_::key_record_errc> renew(const signed_::signed_key_record& newer);

  std::optional<peer> by_id(std::string_view id) const;
  std::optional<peer> by_name(std::string_view name) const;
  std::optional<peer> by_transport_key(std::span<const std::byte, 32> key) const;
  /// In the order of their names.
  std::vector<peer> all() const;

private:
  mutable std::mutex mutex_;
  std::vector<peer> peers_;
};

} // namespace cresset::coord::federation
