#include "coord/server/sharing_commands.hpp"

#include "capture/base/key_file.hpp"
#include "capture/base/timestamp.hpp"
#include "coord/federation/ceremony.hpp"
#include "coord/server/sharing.hpp"

#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>

namespace cresset::coord::server {
namespace {

template <typename Result>
auto value_of(Result&& result) {
  if (!result)
    throw std::runtime_error{result.error().sentence};
  return *std::move(result);
}

void save(const std::filesystem::path& file, key_kind kind, std::span<const std::byte> shown,
          std::span<const std::byte> secret) {
  key_file key;
  key.kind = kind;
  key.public_key.assign(shown.begin(), shown.end());
  key.secret_key.assign(secret.begin(), secret.end());
  if (const auto saved = save_key_file(file, key, true); !saved)
    throw std::runtime_error{saved.error().text};
}

signed_::signing_key make_signing_key(const std::filesystem::path& file, key_kind kind) {
  auto key = signed_::signing_key::generate();
  auto seed = key.seed();
  save(file, kind, key.public_half().bytes, seed);
  ::sodium_memzero(seed.data(), seed.size());
  return key;
}

std::array<std::byte, 32> make_transport_key(const std::filesystem::path& file) {
  std::array<std::byte, 32> shown{};
  std::array<std::byte, 32> secret{};
  ::crypto_box_keypair(reinterpret_cast<unsigned char*>(shown.data()),
                       reinterpret_cast<unsigned char*>(secret.data()));
  save(file, key_kind::curve, shown, secret);
  ::sodium_memzero(secret.data(), secret.size());
  return shown;
}

signed_::signed_key_record read_file_of(const command_line& line) {
  const auto file = line.option("file");
  if (file.empty())
    throw config_error{fmt::format("{} needs --file", fmt::join(line.command, " "))};
  return value_of(federation::read_introduction(file));
}

} // namespace

int make_identity(const command_line& line) {
  const auto& folder = line.settings.identity;
  const auto name = line.option("name");
  if (folder.empty() || name.empty())
    throw config_error{"identity make needs --identity DIR and --name NAME"};
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error)
    throw std::runtime_error{
        fmt::format("identity: cannot make {}: {}", folder.string(), error.message())};
  std::filesystem::permissions(folder, std::filesystem::perms::owner_all, error);
  federation::record_request wanted;
  wanted.name = name;
  wanted.issued = to_rfc3339_ms(now());
  if (const auto endpoint = line.option("endpoint"); !endpoint.empty())
    wanted.endpoints.push_back(endpoint);
  const auto identity = make_signing_key(folder / identity_file, key_kind::identity);
  wanted.signing.push_back(make_signing_key(folder / signing_file, key_kind::sign).public_half());
  wanted.transport = make_transport_key(folder / transport_file);
  const auto record = value_of(federation::make_record(wanted, identity, nullptr));
  if (const auto written = federation::write_introduction(folder / record_file, record); !written)
    throw std::runtime_error{written.error().sentence};
  fmt::print("{}\nfingerprint {}\nmove {} to a safe place off this machine\n", record.record.owner,
             record.record.identity.fingerprint(), (folder / identity_file).string());
  return 0;
}

int show_partner(const command_line& line) {
  fmt::print("{}\n", federation::comparison_text(read_file_of(line)));
  return 0;
}

int pin_partner(const command_line& line) {
  const auto record = read_file_of(line);
  const auto heard = line.option("fingerprint");
  if (heard.empty())
    throw config_error{"partner pin needs --fingerprint: read it from the partner over another "
                       "channel than the file's"};
  if (const auto pinned = federation::pin(line.settings.partners, record, heard); !pinned)
    throw std::runtime_error{pinned.error().sentence};
  fmt::print("partner {} is pinned\n", record.record.name);
  return 0;
}

} // namespace cresset::coord::server
