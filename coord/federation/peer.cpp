#include "coord/federation/peer.hpp"

#include <algorithm>

namespace cresset::coord::federation {
namespace {

template <typename Which>
std::optional<peer> found(const std::vector<peer>& peers, Which which) {
  const auto at = std::find_if(peers.begin(), peers.end(), which);
  return at == peers.end() ? std::nullopt : std::optional{*at};
}

} // namespace

std::optional<bool> dials(const signed_::key_record& own, const signed_::key_record& partner) {
  if (own.endpoints.empty() && partner.endpoints.empty())
    return std::nullopt;
  if (own.endpoints.empty() || partner.endpoints.empty())
    return own.endpoints.empty();
  return own.owner < partner.owner;
}

bool peer_directory::add(peer pinned) {
  const std::lock_guard lock{mutex_};
  const auto& record = pinned.record.record;
  const bool taken = std::any_of(peers_.begin(), peers_.end(), [&](const peer& known) {
    const auto& other = known.record.record;
    return other.owner == record.owner || other.name == record.name ||
           other.transport == record.transport;
  });
  if (taken || peers_.size() >= peer_limit)
    return false;
  const auto at =
      std::upper_bound(peers_.begin(), peers_.end(), pinned,
                       [](const peer& a, const peer& b) { return a.name() < b.name(); });
  peers_.insert(at, std::move(pinned));
  return true;
}

expected<void, signed_::key_record_errc>
peer_directory::renew(const signed_::signed_key_record& newer) {
  const std::lock_guard lock{mutex_};
  const auto at = std::find_if(peers_.begin(), peers_.end(),
                               [&](const peer& known) { return known.id() == newer.record.owner; });
  if (at == peers_.end())
    return unexpected{signed_::key_record_errc::other_owner};
  if (const auto allowed = may_replace(at->record.record, newer.record); !allowed)
    return allowed;
  at->record = newer;
  return {};
}

std::optional<peer> peer_directory::by_id(std::string_view id) const {
  const std::lock_guard lock{mutex_};
  return found(peers_, [&](const peer& known) { return known.id() == id; });
}

std::optional<peer> peer_directory::by_name(std::string_view name) const {
  const std::lock_guard lock{mutex_};
  return found(peers_, [&](const peer& known) { return known.name() == name; });
}

std::optional<peer> peer_directory::by_transport_key(std::span<const std::byte, 32> key) const {
  const std::lock_guard lock{mutex_};
  return found(peers_, [&](const peer& known) {
    return std::equal(key.begin(), key.end(), known.record.record.transport.begin());
  });
}

std::vector<peer> peer_directory::all() const {
  const std::lock_guard lock{mutex_};
  return peers_;
}

} // namespace cresset::coord::federation
