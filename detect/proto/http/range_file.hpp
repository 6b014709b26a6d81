#pragma once

#include "detect/proto/gathered_body.hpp"
#include "detect/proto/http/header_value.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace cresset::detect::proto::http {

/// One file that a connection fetches in parts (RFC 9110 14): the parts are put together as long as
/// each begins where the one before ended. One at a time; another file, or a part out of order,
/// begins anew.
class range_file {
public:
  explicit range_file(std::uint64_t limit_bytes) noexcept : limit_{limit_bytes} {}

  /// A part of `name` begins. False when it is the whole file, or none that fits.
  bool begin(const content_range& part, std::string_view name);
  void bytes(byte_view bytes);
  /// The part has lost bytes, or ended early.
  void lose() noexcept { name_.clear(); }
  /// All bytes of the file are there.
  bool is_whole() const noexcept { return !name_.empty() && next_ == size_; }
  const std::string& name() const noexcept { return name_; }
  /// Gives the file away.
  gathered_body take();

private:
  std::uint64_t limit_;
  std::string name_; ///< empty: no file is open
  std::uint64_t size_ = 0;
  std::uint64_t next_ = 0; ///< where the next byte belongs
  gathered_body content_;
};

} // namespace cresset::detect::proto::http
