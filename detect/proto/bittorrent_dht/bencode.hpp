#pragma once

#include "capture/base/byte_order.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace cresset::detect::proto::bittorrent_dht {

/// Reads the notation of BEP 3, "bencoding", from front to back:
///
///   3:abc        text            li1ei2ee        list
///   i-7e         number          d1:ai1ee        dictionary, keys are texts
///
/// It owns nothing; the bytes must outlive it and what it gives out. A read that does not fit
/// answers nothing and leaves the place where it was.
class bencode_reader {
public:
  /// Lists and dictionaries inside each other; deeper ones cannot be skipped.
  static constexpr unsigned depth_limit = 16;

  explicit bencode_reader(std::string_view text) noexcept : rest_{text} {}

  bool empty() const noexcept { return rest_.empty(); }
  std::string_view rest() const noexcept { return rest_; }

  std::optional<std::string_view> text() noexcept;
  std::optional<std::int64_t> number() noexcept;
  /// Enters a list ('l') or dictionary ('d').
  bool enter(char kind) noexcept;
  /// Leaves it, when its end is next.
  bool leave() noexcept;
  /// Takes one value of any kind: its bytes.
  std::optional<std::string_view> value() noexcept;

private:
  std::string_view rest_;
};

} // namespace cresset::detect::proto::bittorrent_dht
