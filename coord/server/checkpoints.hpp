#pragma once

#include "coord/journal/checkpoint.hpp"

#include <filesystem>

namespace cresset::coord::server {

/// STATE/published/checkpoints: one line "TIME SEQUENCE HASH" for each checkpoint of the journal
/// that was published, oldest first. The server adds one an hour when the journal has grown.
/// Whoever copies the file elsewhere (another machine, a partner, paper) can prove what the journal
/// held then; `cresset audit verify --checkpoints COPY` does it.
inline constexpr const char* published_folder = "published";
inline constexpr const char* checkpoints_file = "published/checkpoints";

/// Appends a line and makes it durable; nothing when the newest line is this checkpoint. False when
/// the file cannot be written.
bool publish_checkpoint(const std::filesystem::path& state, const journal::checkpoint& end,
                        timestamp at);

} // namespace cresset::coord::server
