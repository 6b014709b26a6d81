#pragma once

#include "capture/base/byte_order.hpp"
#include "capture/base/expected.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace cresset {

/// What a pair of keys is for.
enum class key_kind : std::uint8_t {
  curve,    ///< X25519 for ZeroMQ CURVE: who a sensor, server or partner is on a connection
  sign,     ///< Ed25519: what signs objects and streams
  identity, ///< Ed25519: a partner's offline identity, which signs key records
};
std::string_view to_string(key_kind kind) noexcept;

/// The content of a key file (docs/wire-format.md section 4): both halves have 32 bytes, the secret
/// one of an Ed25519 pair is its seed. `secret_key` is empty in a public file.
struct key_file {
  key_kind kind = key_kind::curve;
  std::string name; ///< the file's name without its ending; not written into it
  std::vector<std::byte> public_key;
  std::vector<std::byte> secret_key;

  bool has_secret() const noexcept { return !secret_key.empty(); }
};

/// A file that cannot be used: one line naming the file, the fault and the remedy.
struct key_file_error {
  std::string text;
};

/// Whether `name` may name a sensor, and with that a key's file: 1 to 64 letters, digits, `.`, `_`,
/// `-`, beginning with a letter or digit.
bool is_key_name(std::string_view name) noexcept;

/// Reads the text; `origin` names it in the error. At most 4 KiB.
expected<key_file, key_file_error> parse_key_file(std::string_view text, std::string_view origin);
/// The text form, with the secret line only if there is a secret and it is asked for.
std::string print_key_file(const key_file& key, bool with_secret);

/// Reads a file; refuses one that holds a secret and that anyone but its owner may read or write.
expected<key_file, key_file_error> load_key_file(const std::filesystem::path& path);
/// Writes a new file, mode 0600 with the secret and 0644 without. Never writes over a file that
/// exists.
expected<void, key_file_error> save_key_file(const std::filesystem::path& path, const key_file& key,
                                             bool with_secret);

} // namespace cresset
