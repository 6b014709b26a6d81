#pragma once

#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <string>

namespace cresset::coord::api::segment {

/// Files that come in parts, because one request holds 1 MiB at most. They live in memory, few, for
/// a while, and are gone with the server: whoever uploads begins again. Any thread.
class upload_shelf {
public:
  using time_point = std::chrono::steady_clock::time_point;
  static constexpr std::size_t files_limit = 4;
  static constexpr std::size_t file_limit_bytes = std::size_t{32} << 20;
  static constexpr std::chrono::minutes idle_limit{10};

  /// The name of a new, empty upload of that account; nothing when there are too many.
  std::optional<std::string> begin(std::int64_t account, time_point at);

  enum class added { ok, unknown, out_of_order, too_large };
  /// Part `number` (from 1). The last one may be sent again: a client that heard no answer does.
  added add(const std::string& name, std::int64_t account, std::int64_t number, std::string text,
            time_point at);
  /// The whole text, which stays (a dry run and the import read it both); nothing when it is
  /// unknown.
  std::optional<std::string> text(const std::string& name, std::int64_t account, time_point at);
  void forget(const std::string& name);

private:
  struct file {
    std::int64_t account = 0;
    std::int64_t parts = 0;
    std::size_t last_part_at = 0;
    std::string text;
    time_point used;
  };
  file* find(const std::string& name, std::int64_t account, time_point at);
  void sweep(time_point at);

  std::mutex mutex_;
  std::map<std::string, file> files_;
};

} // namespace cresset::coord::api::segment
