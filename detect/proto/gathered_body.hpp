#pragma once

#include "detect/proto/transaction.hpp"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace cresset::detect::proto {

/// A body as far as it has come: its first `limit` bytes are kept, the rest is counted. Behind a
/// gap the kept run begins anew at the place where bytes come again.
class gathered_body {
public:
  explicit gathered_body(std::uint64_t limit_bytes = 0) noexcept : limit_{limit_bytes} {}

  void append(byte_view bytes) {
    if (total_ < limit_) {
      const auto room =
          static_cast<std::size_t>(std::min<std::uint64_t>(limit_ - total_, bytes.size()));
      kept_.insert(kept_.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(room));
    }
    total_ += bytes.size();
  }
  void lose(std::uint64_t size) noexcept {
    has_gap_ = true;
    total_ += size;
    offset_ = total_;
    kept_.clear();
  }
  void complete() noexcept { is_complete_ = true; }

  bool is_empty() const noexcept { return total_ == 0; }
  bool has_gap() const noexcept { return has_gap_; }
  bool is_complete() const noexcept { return is_complete_; }
  std::uint64_t total() const noexcept { return total_; }
  body_view view() const noexcept { return {kept_, offset_, total_, is_complete_}; }

private:
  std::uint64_t limit_;
  std::vector<std::byte> kept_;
  std::uint64_t offset_ = 0;
  std::uint64_t total_ = 0;
  bool is_complete_ = false;
  bool has_gap_ = false;
};

} // namespace cresset::detect::proto
