#pragma once

#include "capture/base/byte_order.hpp"
#include "detect/proto/direction.hpp"

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <string_view>
#include <vector>

namespace cresset::detect::proto {

/// A stretch of one direction's bytes that a parser has named, so that rules can look at it as it
/// was sent (`frame:smtp.command_line`, manual: Application Layer Frames).
struct frame {
  std::string_view type; ///< "pdu"; lives as long as the program
  direction way{};
  std::uint64_t id = 0;     ///< from 1, within the flow
  std::uint64_t offset = 0; ///< in the direction's bytes; of a datagram protocol in the datagram
  std::optional<std::uint64_t> length; ///< nothing while its end is not known
  std::optional<std::uint64_t> transaction;
  std::vector<std::byte> bytes; ///< its beginning, at most frame_list::limit_bytes
  bool is_complete = false;     ///< all of its bytes have come
  bool is_over = false;         ///< nothing more comes: complete, lost in a gap, or the flow ended
  bool is_inspected = false;    ///< rules were tried; kept by those who inspect
  bool is_logged = false;
};

/// The frames of one flow. A parser owns one, tells it of every byte it is given (`take`, `skip`)
/// and names frames by places counted from the first byte of the call at hand. Asleep, which is its
/// beginning, it does nothing: bytes are kept only where a rule or the event log asks for frames.
class frame_list {
public:
  static constexpr std::size_t limit_bytes = 128 * 1024; ///< retained of one frame
  static constexpr std::size_t limit_frames = 256;       ///< alive at once
  /// How far before the bytes of a call a frame may be said to begin.
  static constexpr std::size_t look_back_bytes = 4096;

  explicit frame_list(bool of_datagrams = false) noexcept : of_datagrams_{of_datagrams} {}

  void wake() noexcept { awake_ = true; }
  bool is_awake() const noexcept { return awake_; }

  /// The next bytes of a direction; frames that are open grow.
  void take(direction way, byte_view bytes);
  /// Bytes of a direction were lost: open frames end there.
  void skip(direction way, std::uint64_t size);
  /// The direction is over.
  void end(direction way);

  /// A frame begins `at` bytes behind the begin of the last taken bytes (before it when negative).
  /// Answers its id; 0 when it is not kept.
  std::uint64_t open(direction way, std::string_view type, std::int64_t at,
                     std::optional<std::uint64_t> length = std::nullopt,
                     std::optional<std::uint64_t> transaction = std::nullopt);
  /// The open frame ends before the byte `at`. Ids of no open frame are ignored.
  void close(std::uint64_t id, std::int64_t at);
  /// The transaction it belongs to is known now.
  void assign(std::uint64_t id, std::uint64_t transaction);

  /// How many bytes the last take() of this direction brought.
  std::int64_t taken(direction way) const noexcept {
    return static_cast<std::int64_t>(halves_[index(way)].now.size());
  }
  std::deque<frame>& frames() noexcept { return frames_; }
  /// Whether a frame of this transaction waits for rules to look at it.
  bool awaits(std::uint64_t transaction) const noexcept;
  /// Frees those that are over and inspected.
  void sweep();
  std::uint64_t refused() const noexcept { return refused_; }

private:
  struct half {
    std::uint64_t begin = 0; ///< place of `now` in the direction's bytes
    std::vector<std::byte> now;
    std::vector<std::byte> before; ///< what came last before `now`
  };
  void grow(frame& one, byte_view bytes);
  frame* find_open(std::uint64_t id) noexcept;

  std::array<half, 2> halves_;
  std::deque<frame> frames_;
  std::uint64_t next_id_ = 1;
  std::uint64_t refused_ = 0;
  bool awake_ = false;
  bool of_datagrams_;
};

} // namespace cresset::detect::proto
