#pragma once

#include "capture/source/packet_source.hpp"
#include "capture/source/pcapng_format.hpp"

#include <filesystem>
#include <variant>
#include <vector>

namespace cresset::capture::source {

/// A capture file, pcap or pcapng, as a source: a regular file or a pipe, read once from front to
/// end in its order. A batch points into the reader's own buffer. A file cut off in the middle of a
/// packet gives every whole packet before; after that `read` answers `end` and `failure` names the
/// place.
class pcap_file : public packet_source {
public:
  /// Opens the file and reads its header. Throws std::runtime_error with one line when it cannot be
  /// read, is no capture file, or is a pcap file of a link type that is not known here. `-` is
  /// standard input.
  explicit pcap_file(const std::filesystem::path& path);
  ~pcap_file() override;

  read_status read(packet_batch& batch) noexcept override;
  source_counters counters() const noexcept override;
  const std::string& name() const noexcept override { return name_; }
  const std::string& interface_name() const noexcept override { return interface_name_; }
  const std::string& failure() const noexcept override { return failure_; }

private:
  static constexpr std::size_t buffer_bytes = 2 * 1024 * 1024;
  static_assert(buffer_bytes > pcapng_format::limit_block_bytes);

  byte_view unread() const noexcept { return byte_view{buffer_}.subspan(start_, stop_ - start_); }
  record_result next_record() noexcept;
  bool refill() noexcept;
  void step_over(std::size_t bytes) noexcept;
  void fill(packet_batch& batch) noexcept;
  void finish(std::string why) noexcept;

  std::string name_;
  std::string interface_name_;
  std::string failure_;
  std::string path_;
  int file_ = -1;
  bool owns_file_ = true;
  bool at_end_ = false;
  bool finished_ = false;
  bool is_broken_ = false;
  std::variant<pcap_format, pcapng_format> format_;
  std::vector<std::byte> buffer_;
  std::size_t start_ = 0;
  std::size_t stop_ = 0;
  std::uint64_t to_step_over_ = 0;
  std::uint64_t packets_ = 0;
  std::uint64_t bytes_ = 0;
  std::uint64_t refused_packets_ = 0;
};

} // namespace cresset::capture::source
