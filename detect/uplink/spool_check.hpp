#pragma once

#include <cstdint>
#include <filesystem>

namespace cresset::detect::uplink {

/// What a look at a spool's file before using it found.
enum class spool_soundness : std::uint8_t {
  sound,
  foreign, ///< no LMDB file, or one without our tables
  damaged, ///< its pages do not hold together
};

/// Reads every page of the file once, in a child process: LMDB trusts its file, and a damaged one
/// can kill whoever reads it. Costs one pass over the file; waits at most 120 s, then calls it
/// damaged. The file must exist; nobody may be writing to it.
spool_soundness check_spool(const std::filesystem::path& file);

} // namespace cresset::detect::uplink
