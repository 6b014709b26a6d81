#pragma once

#include "capture/base/byte_order.hpp"

#include <cstdint>
#include <vector>

namespace cresset::detect::proto::nfs {

/// Puts the messages of one direction of RPC over TCP together (RFC 5531 11): a message is one or
/// more fragments, each behind four bytes that say its length and, in the highest bit, whether it
/// is the last. Of a message over the limit its begin is given, and of one that a gap cuts what
/// came before. Behind a gap that ends elsewhere than in a fragment the next record is looked for.
class record_stream {
public:
  /// The largest READ and WRITE of the common servers, 1 MiB, with their heads.
  static constexpr std::size_t limit_bytes = (std::size_t{1} << 20) + 4096;
  static constexpr std::uint32_t limit_fragment_bytes = 1U << 26; ///< over it there is no record

  /// `take(message, is_cut)` gets each message as it is complete.
  template <typename Take>
  void feed(byte_view bytes, const Take& take) {
    while (!bytes.empty()) {
      bytes = step(bytes);
      if (is_whole_) {
        const auto message = std::move(message_);
        const bool cut = is_cut_;
        begin();
        take(byte_view{message}, cut);
      }
    }
  }
  /// `size` bytes are missing: what was open is given, cut.
  template <typename Take>
  void lose(std::uint64_t size, const Take& take) {
    flush(take);
    pass_over(size);
  }
  /// Nothing more comes.
  template <typename Take>
  void end(const Take& take) {
    flush(take);
    begin();
  }
  bool is_open() const noexcept { return !head_.empty() || left_ > 0 || !message_.empty(); }

private:
  template <typename Take>
  void flush(const Take& take) {
    const auto message = std::move(message_);
    message_ = {};
    if (!message.empty() && !is_passed_over_)
      take(byte_view{message}, true);
    is_passed_over_ = true;
  }
  /// Takes some bytes; the rest is given back.
  byte_view step(byte_view bytes);
  byte_view find_record(byte_view bytes);
  void pass_over(std::uint64_t size) noexcept;
  void begin() noexcept;
  void finish() noexcept;

  std::vector<std::byte> head_;    ///< of a fragment, not whole; while lost, what is searched
  std::vector<std::byte> message_; ///< at most limit_bytes
  std::uint64_t left_ = 0;         ///< of the fragment
  bool is_last_ = false;           ///< the fragment is the message's last
  bool is_cut_ = false;
  bool is_whole_ = false;
  bool is_passed_over_ = false; ///< the rest of the message is of no use
  bool is_lost_ = false;
};

} // namespace cresset::detect::proto::nfs
