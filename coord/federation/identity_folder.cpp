#include "coord/federation/identity_folder.hpp"

#include "capture/base/key_file.hpp"
#include "capture/base/timestamp.hpp"
#include "coord/signed/signing_key_file.hpp"

#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>

namespace cresset::coord::federation {
namespace {

namespace fs = std::filesystem;

constexpr const char* identity_file = "identity.key";
constexpr const char* sign_file = "signing.key";
constexpr const char* curve_file = "transport.key";
constexpr const char* record_file = "record";

unexpected<ceremony_error> wrong(std::string sentence) {
  return unexpected{ceremony_error{std::move(sentence)}};
}

ceremony_result<void> save_public(const fs::path& secret_path, const key_file& key) {
  auto path = secret_path;
  const auto saved = save_key_file(path.replace_extension(".pub"), key, false);
  return saved ? ceremony_result<void>{} : wrong(saved.error().text);
}

ceremony_result<void> make_signing_key(const fs::path& path, key_kind kind) {
  const auto key = signed_::signing_key::generate();
  if (const auto saved = save_signing_key(path, kind, key); !saved)
    return wrong(saved.error().text);
  const auto& shown = key.public_half().bytes;
  return save_public(path, {kind, path.stem().string(), {shown.begin(), shown.end()}, {}});
}

ceremony_result<void> make_curve_key(const fs::path& path) {
  key_file key{key_kind::curve, path.stem().string(), std::vector<std::byte>(32),
               std::vector<std::byte>(32)};
  crypto_box_keypair(reinterpret_cast<unsigned char*>(key.public_key.data()),
                     reinterpret_cast<unsigned char*>(key.secret_key.data()));
  const auto saved = save_key_file(path, key, true);
  sodium_memzero(key.secret_key.data(), key.secret_key.size());
  return saved ? save_public(path, key) : wrong(saved.error().text);
}

ceremony_result<transport_keys> load_curve_key(const fs::path& path) {
  auto file = load_key_file(path);
  if (!file)
    return wrong(file.error().text);
  if (file->kind != key_kind::curve || !file->has_secret())
    return wrong(fmt::format("{}: holds no secret curve key", path.string()));
  transport_keys keys;
  std::copy_n(file->public_key.begin(), keys.public_half.size(), keys.public_half.begin());
  std::copy_n(file->secret_key.begin(), keys.secret_half.size(), keys.secret_half.begin());
  sodium_memzero(file->secret_key.data(), file->secret_key.size());
  return keys;
}

/// The next record of the keys in the folder, written into it.
ceremony_result<signed_::signed_key_record> record_keys(const fs::path& folder,
                                                        record_request wanted,
                                                        const signed_::signed_key_record* before) {
  const auto identity = signed_::load_signing_key(folder / identity_file, key_kind::identity);
  const auto signing = signed_::load_signing_key(folder / sign_file, key_kind::sign);
  if (!identity || !signing)
    return wrong(!identity ? identity.error().text : signing.error().text);
  const auto transport = load_curve_key(folder / curve_file);
  if (!transport)
    return unexpected{transport.error()};
  wanted.transport = transport->public_half;
  wanted.signing = {signing->public_half()};
  wanted.issued = to_rfc3339_ms(now());
  auto made = make_record(wanted, *identity, before);
  if (!made)
    return made;
  if (const auto written = write_introduction(folder / record_file, *made); !written)
    return unexpected{written.error()};
  return made;
}

} // namespace

ceremony_result<signed_::signed_key_record>
make_identity(const fs::path& folder, const std::string& name, std::vector<std::string> endpoints) {
  if (!signed_::is_short_name(name))
    return wrong(fmt::format("\"{}\" is no name for a CIRT: a-z, 0-9 and -, at most 32", name));
  for (const auto& endpoint : endpoints)
    if (!endpoint.starts_with("tcp://"))
      return wrong(fmt::format("\"{}\" is no endpoint: tcp://host:port", endpoint));
  std::error_code failure;
  fs::create_directories(folder, failure);
  if (failure)
    return wrong(fmt::format("{}: {}", folder.string(), failure.message()));
  for (const auto* file : {identity_file, sign_file, curve_file, record_file})
    if (fs::exists(folder / file))
      return wrong(
          fmt::format("{} is there already: an identity is made once", (folder / file).string()));
  for (const auto& made :
       {make_signing_key(folder / identity_file, key_kind::identity),
        make_signing_key(folder / sign_file, key_kind::sign), make_curve_key(folder / curve_file)})
    if (!made)
      return unexpected{made.error()};
  record_request wanted;
  wanted.name = name;
  wanted.endpoints = std::move(endpoints);
  return record_keys(folder, std::move(wanted), nullptr);
}

ceremony_result<signed_::signed_key_record> renew_identity(const fs::path& folder,
                                                           std::vector<std::string> endpoints) {
  const auto before = load_own_record(folder);
  if (!before)
    return before;
  record_request wanted;
  wanted.name = before->record.name;
  wanted.endpoints = std::move(endpoints);
  return record_keys(folder, std::move(wanted), &*before);
}

ceremony_result<signed_::signed_key_record> load_own_record(const fs::path& folder) {
  return read_introduction(folder / record_file);
}

ceremony_result<loaded_identity> load_identity(const fs::path& folder) {
  auto record = load_own_record(folder);
  if (!record)
    return unexpected{record.error()};
  auto signing = signed_::load_signing_key(folder / sign_file, key_kind::sign);
  if (!signing)
    return wrong(signing.error().text);
  const auto transport = load_curve_key(folder / curve_file);
  if (!transport)
    return unexpected{transport.error()};
  const auto& stated = record->record;
  if (stated.signing_key_of(signing->public_half().id()) == nullptr ||
      stated.transport != transport->public_half)
    return wrong(fmt::format("{}: the record is of other keys than signing.key and transport.key; "
                             "`cresset partner renew` makes the next one",
                             (folder / record_file).string()));
  return loaded_identity{{*std::move(record), *std::move(signing)}, *transport};
}

} // namespace cresset::coord::federation
