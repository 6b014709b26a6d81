#pragma once

#include "detect/pattern/database.hpp"

#include <filesystem>
#include <span>

namespace cresset::detect::pattern {

/// Compiled databases on disk, named by a hash of what they were compiled from (patterns, options,
/// library, processor). A file is verified before it is used and written so that a crash leaves the
/// old one or the new one.
class database_cache {
public:
  /// The folder is made if it is not there. An empty path is no cache: everything is compiled.
  explicit database_cache(std::filesystem::path folder);

  /// From the folder, or compiled and then written there. What cannot be read or written costs
  /// time, never the answer.
  expected<database, database_error> load_or_compile(std::span<const pattern> patterns,
                                                     database_options options = {});

  std::uint64_t hits() const noexcept { return hits_; }
  std::uint64_t misses() const noexcept { return misses_; }
  /// Files that were there but damaged or foreign; they are written anew.
  std::uint64_t damaged() const noexcept { return damaged_; }
  std::uint64_t write_failures() const noexcept { return write_failures_; }

private:
  static bool store(const database& made, const std::filesystem::path& path, std::uint64_t key_low,
                    std::uint64_t key_high);

  std::filesystem::path folder_;
  std::uint64_t hits_ = 0;
  std::uint64_t misses_ = 0;
  std::uint64_t damaged_ = 0;
  std::uint64_t write_failures_ = 0;
};

} // namespace cresset::detect::pattern
