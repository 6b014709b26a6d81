#include "coord/server/sharing.hpp"

#include "capture/base/key_file.hpp"
#include "capture/base/log.hpp"
#include "coord/federation/ceremony.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace cresset::coord::server {
namespace {

template <typename Result>
auto value_of(Result&& result) {
  if (!result)
    throw std::runtime_error{"identity: " + result.error().sentence};
  return *std::move(result);
}

key_file secret_of(const std::filesystem::path& file, key_kind kind) {
  auto key = load_key_file(file);
  if (!key)
    throw std::runtime_error{"identity: " + key.error().text};
  if (key->kind != kind || !key->has_secret() || key->secret_key.size() != 32 ||
      key->public_key.size() != 32)
    throw std::runtime_error{
        fmt::format("identity: {} holds no secret key of kind {}", file.string(), to_string(kind))};
  return *std::move(key);
}

federation::own_identity identity_of(const std::filesystem::path& folder) {
  auto record = value_of(federation::read_introduction(folder / record_file));
  const auto key = secret_of(folder / signing_file, key_kind::sign);
  auto signing =
      signed_::signing_key::from_seed(std::span<const std::byte, 32>{key.secret_key.data(), 32});
  if (record.record.signing_key_of(signing.public_half().id()) == nullptr)
    throw std::runtime_error{
        fmt::format("identity: {} does not name the key in {}: make a new record",
                    (folder / record_file).string(), signing_file)};
  return {std::move(record), std::move(signing)};
}

egress::policy policy_of(const config& settings) {
  if (settings.policy.empty())
    throw std::runtime_error{"policy: a server with an identity needs one: give --policy FILE"};
  auto read = egress::load_policy(settings.policy);
  if (!read)
    throw std::runtime_error{"policy: " + read.error().sentence};
  return *std::move(read);
}

federation::exchange::settings exchange_settings(const config& settings,
                                                 federation::peer_directory& peers) {
  for (auto& pinned : value_of(federation::load_pins(settings.partners)))
    if (const auto name = pinned.name(); !peers.add(std::move(pinned)))
      throw std::runtime_error{
          fmt::format("partners: {} shares its name or key with another partner", name)};
  federation::exchange::settings how;
  const auto transport = secret_of(settings.identity / transport_file, key_kind::curve);
  std::ranges::copy(transport.public_key, how.keys.public_half.begin());
  std::ranges::copy(transport.secret_key, how.keys.secret_half.begin());
  how.listen = settings.federation;
  how.arrived = [](const federation::peer& from, const federation::unprocessed_entry& entry) {
    log(log_level::info, "federation", "{} tells of {} {} (entry {})", from.name(),
        entry.received.seal.kind, entry.received.seal.id, entry.at.sequence);
  };
  how.renewed = [folder = settings.partners](const signed_::signed_key_record& newer) {
    if (const auto kept = federation::renew_pin(folder, newer); !kept)
      log(log_level::error, "federation", "cannot keep a partner's new key record: {}",
          kept.error().sentence);
  };
  return how;
}

} // namespace

sharing::sharing(const config& settings, store::connection_pool& pool)
    : self{identity_of(settings.identity)}, gate{policy_of(settings)}, streams{pool},
      desk{self, peers, gate, streams}, links{self, peers, streams,
                                              exchange_settings(settings, peers)} {}

} // namespace cresset::coord::server
