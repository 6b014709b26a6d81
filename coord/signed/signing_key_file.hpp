#pragma once

#include "capture/base/key_file.hpp"
#include "coord/signed/signer.hpp"

#include <filesystem>
#include <string>

namespace cresset::coord::signed_ {

/// Loads the secret of a signing or identity key from a key file of kind `sign` (`cresset keys new
/// --kind sign`). A file that others may read is refused; so is one whose two halves do not belong
/// together.
expected<signing_key, key_file_error> load_signing_key(const std::filesystem::path& path,
                                                       key_kind kind);

/// Writes a new key file, readable by its owner alone; never over an existing one.
expected<void, key_file_error> save_signing_key(const std::filesystem::path& path, key_kind kind,
                                                const signing_key& key);

} // namespace cresset::coord::signed_
