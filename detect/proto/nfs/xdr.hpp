#pragma once

#include "capture/base/byte_reader.hpp"

#include <algorithm>
#include <optional>

namespace cresset::detect::proto::nfs {

/// Reads external data representation (RFC 4506). A read that does not fit leaves the reader
/// failed: all later ones fail too, so a row of them is asked once at its end.
class xdr_reader {
public:
  explicit xdr_reader(byte_view bytes) noexcept : in_{bytes} {}

  bool has_failed() const noexcept { return failed_; }
  bool is_over() const noexcept { return failed_ || in_.empty(); }
  byte_view rest() const noexcept { return failed_ ? byte_view{} : in_.rest(); }

  std::uint32_t u32() noexcept { return settle(failed_ ? std::nullopt : in_.be32()); }
  std::uint64_t u64() noexcept { return settle(failed_ ? std::nullopt : in_.be64()); }
  bool boolean() noexcept { return u32() != 0; }
  bool skip(std::size_t size) noexcept {
    if (!failed_ && !in_.skip(size))
      failed_ = true;
    return !failed_;
  }
  /// Bytes of a known number; padding to four behind them is passed over.
  byte_view fixed(std::size_t size) noexcept { return settle(failed_ ? std::nullopt : take(size)); }
  /// Bytes behind their number.
  byte_view opaque() noexcept { return fixed(u32()); }
  /// The same, where the message may end before the bytes do: as many as there are. `size` is how
  /// many there should be.
  byte_view opaque_cut(std::uint64_t& size) noexcept {
    size = u32();
    if (failed_ || in_.remaining() >= size)
      return fixed(static_cast<std::size_t>(size));
    const auto some = in_.rest();
    in_.skip(some.size());
    return some;
  }

private:
  template <typename Value>
  Value settle(const std::optional<Value>& read) noexcept {
    failed_ = failed_ || !read;
    return read.value_or(Value{});
  }
  std::optional<byte_view> take(std::size_t size) noexcept {
    const auto bytes = in_.take(size);
    if (bytes)
      in_.skip(std::min((4 - size % 4) % 4, in_.remaining()));
    return bytes;
  }

  byte_reader in_;
  bool failed_ = false;
};

} // namespace cresset::detect::proto::nfs
