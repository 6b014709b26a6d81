#pragma once

#include "capture/base/counter.hpp"
#include "detect/proto/file_meter.hpp"

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <string>

namespace cresset::detect::sensor {

/// Whether and where files of the traffic are stored (`file-store`).
struct file_store_settings {
  bool is_enabled = false;
  bool stores_all = false; ///< `force-filestore`: every file, whatever the rules say
  std::filesystem::path folder;
  std::uint64_t limit_file_bytes = 64U << 20;   ///< more of one file is cut off
  std::uint64_t limit_total_bytes = 4ULL << 30; ///< written in one run; then nothing more is stored
  std::size_t limit_open_files = 1000;
};

/// What was stored and refused. Any thread raises and reads.
struct file_store_counters {
  std::atomic<std::uint64_t> stored{0};
  std::atomic<std::uint64_t> refused{0}; ///< over a limit, or the disk would not
  std::atomic<std::uint64_t> cut{0};     ///< longer than the limit of one file
};

/// The folder of stored files: `ab/abcdef…` by the SHA-256 of their bytes, as the field lays it
/// out, and `tmp/` for those still coming. No name from the traffic ever becomes a path. Shared by
/// all workers.
class file_store final : public proto::file_keeper {
public:
  /// Makes the folders. Throws configuration_error naming the folder and the reason.
  explicit file_store(const file_store_settings& wanted);

  std::unique_ptr<proto::file_spool> open() noexcept override;
  /// Stores a file that is at hand whole. False when it could not be.
  bool store(byte_view bytes, const std::string& sha256) noexcept;

  bool stores_all() const noexcept { return wanted_.stores_all; }
  const file_store_counters& counters() const noexcept { return counters_; }

private:
  class spool;
  std::filesystem::path place_of(const std::string& sha256) const;
  bool may_write(std::uint64_t bytes) noexcept;

  file_store_settings wanted_;
  file_store_counters counters_;
  std::atomic<std::uint64_t> next_{0};
  std::atomic<std::uint64_t> written_bytes_{0};
  std::atomic<std::size_t> open_{0};
};

} // namespace cresset::detect::sensor
