#pragma once

#include "detect/proto/file_meter.hpp"
#include "detect/proto/transaction.hpp"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <vector>

namespace cresset::detect::proto {

/// A body as far as it has come: its first `limit` bytes are kept, the rest is counted. What stands
/// before a gap is kept until bytes come again: then the kept run begins anew behind the gap.
class gathered_body {
public:
  explicit gathered_body(std::uint64_t limit_bytes = 0) noexcept : limit_{limit_bytes} {}
  /// One that is a file: what the settings ask for is computed of all its bytes, kept or not. They
  /// must outlive it.
  gathered_body(std::uint64_t limit_bytes, const file_settings& as_file) : limit_{limit_bytes} {
    follow(as_file);
  }
  /// Makes it a file before its first byte.
  void follow(const file_settings& as_file) {
    if (as_file.wants_any() && !meter_)
      meter_ = std::make_unique<file_meter>(as_file);
  }

  void append(byte_view bytes) {
    if (is_at_gap_) {
      is_at_gap_ = false;
      offset_ = total_;
      kept_.clear();
    }
    const bool fits = total_ + bytes.size() <= limit_;
    if (meter_)
      meter_->append(bytes, kept_, fits);
    if (total_ < limit_) {
      const auto room =
          static_cast<std::size_t>(std::min<std::uint64_t>(limit_ - total_, bytes.size()));
      kept_.insert(kept_.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(room));
    }
    total_ += bytes.size();
  }
  void lose(std::uint64_t size) {
    if (meter_)
      meter_->lose(kept_);
    has_gap_ = is_at_gap_ = true;
    total_ += size;
  }
  void complete() {
    is_complete_ = true;
    if (meter_)
      meter_->finish();
  }

  bool is_empty() const noexcept { return total_ == 0; }
  bool has_gap() const noexcept { return has_gap_; }
  bool is_complete() const noexcept { return is_complete_; }
  std::uint64_t total() const noexcept { return total_; }
  body_view view() const noexcept {
    return {kept_, offset_, total_, is_complete_, has_gap_, meter_.get()};
  }

private:
  std::uint64_t limit_;
  std::vector<std::byte> kept_;
  std::uint64_t offset_ = 0;
  std::uint64_t total_ = 0;
  bool is_complete_ = false;
  bool has_gap_ = false;
  bool is_at_gap_ = false; ///< it ends in one
  std::unique_ptr<file_meter> meter_;
};

} // namespace cresset::detect::proto
