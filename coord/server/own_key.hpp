#pragma once

#include "capture/base/key_file.hpp"

#include <filesystem>

namespace cresset::coord::server {

/// The server's CURVE key for sensors: `ingest.key` in the state folder, with `ingest.pub` beside
/// it for the sensors' configuration. Both are made at the first start. Throws std::runtime_error
/// with one line.
key_file own_ingest_key(const std::filesystem::path& state);

} // namespace cresset::coord::server
