#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace cresset::detect::sensor {

/// The file `eve.json` in the log folder: one JSON event a line, appended, written in blocks. When
/// the disk refuses (full, gone), one line says so, events are counted as lost, and each later
/// block tries again: capture never stops for its log.
class event_log {
public:
  /// Makes the folder if needed. Throws configuration_error naming the file and the reason.
  explicit event_log(const std::filesystem::path& folder);
  ~event_log();
  event_log(const event_log&) = delete;
  event_log& operator=(const event_log&) = delete;

  /// Adds one event, without its line break.
  void write(std::string_view json);
  void flush();

  std::uint64_t written_events() const noexcept { return written_; }
  std::uint64_t lost_events() const noexcept { return lost_; }

private:
  static constexpr std::size_t block_bytes = std::size_t{256} << 10;

  std::filesystem::path path_;
  int file_ = -1;
  std::string block_;
  std::uint64_t in_block_ = 0;
  std::uint64_t written_ = 0;
  std::uint64_t lost_ = 0;
  bool complained_ = false;
};

} // namespace cresset::detect::sensor
