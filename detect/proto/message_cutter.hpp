#pragma once

#include "capture/base/byte_order.hpp"
#include "detect/proto/stream_parser.hpp"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace cresset::detect::proto {

/// How long the message is that begins with the bytes shown.
struct measured {
  enum class kind : std::uint8_t { need_more, refused, known };
  kind what = kind::need_more;
  std::size_t size = 0; ///< of the whole message, its head included; known: at least 1
};

/// Cuts the bytes of one direction into messages whose head says how long they are. Of a message
/// over the limit its first `limit_bytes` are given and the rest is passed over.
class message_cutter {
public:
  explicit message_cutter(std::size_t limit_bytes) noexcept : limit_{limit_bytes} {}

  /// `measure(bytes)` says how long the message is that begins there; it is shown one byte more
  /// each time it needs more. `take(message, is_cut)` gets each message and says whether to go on.
  /// Answers malformed when a head was refused, changed when `take` stopped.
  template <typename Measure, typename Take>
  parse_status feed(byte_view bytes, const Measure& measure, const Take& take) {
    while (!bytes.empty()) {
      if (to_skip_ > 0) {
        const auto skipped = std::min(to_skip_, bytes.size());
        to_skip_ -= skipped;
        bytes = bytes.subspan(skipped);
        continue;
      }
      if (size_ == 0) {
        const bool fresh = open_.empty();
        if (!fresh)
          move(bytes, 1);
        const auto m = measure(fresh ? bytes : byte_view{open_});
        if (m.what == measured::kind::refused)
          return parse_status::malformed;
        if (m.what == measured::kind::need_more) {
          if (fresh)
            move(bytes, bytes.size());
          continue;
        }
        size_ = m.size;
        if (fresh && bytes.size() >= size_) {
          const auto whole = bytes.first(size_);
          bytes = bytes.subspan(size_);
          size_ = 0;
          if (!take(whole.first(std::min(whole.size(), limit_)), whole.size() > limit_))
            return stop_before(bytes);
          continue;
        }
      }
      const auto wanted = std::min(size_, limit_);
      move(bytes, wanted - std::min(wanted, open_.size()));
      if (open_.size() < wanted)
        continue;
      to_skip_ = size_ - wanted;
      size_ = 0;
      const auto message = std::move(open_);
      open_ = {};
      if (!take(byte_view{message}, to_skip_ > 0))
        return stop_before(bytes);
    }
    return is_open() ? parse_status::need_more : parse_status::consumed;
  }

  /// Bytes are missing. True when they belong to a message that was passed over anyway; else what
  /// was open is gone and the next byte begins a message.
  bool lose(std::uint64_t size) noexcept {
    if (size <= to_skip_) {
      to_skip_ -= static_cast<std::size_t>(size);
      return true;
    }
    *this = message_cutter{limit_};
    return false;
  }
  bool is_open() const noexcept { return to_skip_ > 0 || !open_.empty(); }
  /// After `changed`: what of the bytes given was not cut; it is the caller's and lives as long.
  byte_view left_over() const noexcept { return left_over_; }

private:
  parse_status stop_before(byte_view rest) noexcept {
    left_over_ = rest;
    return parse_status::changed;
  }
  void move(byte_view& from, std::size_t most) {
    const auto taken = from.first(std::min(most, from.size()));
    open_.insert(open_.end(), taken.begin(), taken.end());
    from = from.subspan(taken.size());
  }

  std::size_t limit_;
  std::vector<std::byte> open_;
  std::size_t size_ = 0; ///< of the open message, once it is known
  std::size_t to_skip_ = 0;
  byte_view left_over_;
};

} // namespace cresset::detect::proto
