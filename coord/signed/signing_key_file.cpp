#include "coord/signed/signing_key_file.hpp"

#include <sodium.h>

#include <algorithm>

namespace cresset::coord::signed_ {

expected<signing_key, key_file_error> load_signing_key(const std::filesystem::path& path,
                                                       key_kind kind) {
  auto file = load_key_file(path);
  if (!file)
    return unexpected{file.error()};
  const auto wrong = [&](std::string_view what) {
    return unexpected{key_file_error{path.string() + ": " + std::string{what}}};
  };
  if (file->kind != kind || !file->has_secret())
    return wrong("holds no secret key of kind " + std::string{to_string(kind)} +
                 "; `cresset keys new --kind " + std::string{to_string(kind)} + "` makes one");
  auto key = signing_key::from_seed(std::span{file->secret_key}.first<32>());
  sodium_memzero(file->secret_key.data(), file->secret_key.size());
  if (!std::equal(file->public_key.begin(), file->public_key.end(), key.public_half().bytes.begin(),
                  key.public_half().bytes.end()))
    return wrong("public and secret half do not belong together; restore it from its copy");
  return key;
}

expected<void, key_file_error> save_signing_key(const std::filesystem::path& path, key_kind kind,
                                                const signing_key& key) {
  auto seed = key.seed();
  const auto& shown = key.public_half().bytes;
  key_file file{
      kind, path.stem().string(), {shown.begin(), shown.end()}, {seed.begin(), seed.end()}};
  auto saved = save_key_file(path, file, true);
  sodium_memzero(seed.data(), seed.size());
  sodium_memzero(file.secret_key.data(), file.secret_key.size());
  return saved;
}

} // namespace cresset::coord::signed_
