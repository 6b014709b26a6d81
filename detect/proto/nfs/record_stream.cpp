#include "detect/proto/nfs/record_stream.hpp"

#include "detect/proto/nfs/rpc.hpp"

#include <algorithm>

namespace cresset::detect::proto::nfs {
namespace {

constexpr std::size_t head_size = 4;
/// Of a call up to its program, of a reply up to what tells it from other bytes.
constexpr std::size_t mark_size = 16;
constexpr std::uint32_t last_fragment = 0x80000000U;

/// Whether a record with an NFS call or an accepted reply may begin here: one that is its message's
/// first and last fragment, as all but the oldest hosts send it.
bool is_record_begin(byte_view bytes) noexcept {
  const auto word = [&](std::size_t i) { return load_be32(bytes.subspan(4 * i).first<4>()); };
  const auto length = word(0) & ~last_fragment;
  if ((word(0) & last_fragment) == 0 || length < 24 || length > record_stream::limit_fragment_bytes)
    return false;
  const bool is_call = word(2) == 0 && word(3) == 2 && word(4) == nfs_program;
  const bool is_reply = word(2) == 1 && word(3) == 0 && (word(4) == 0 || word(4) == 6);
  return is_call || is_reply;
}

} // namespace

void record_stream::begin() noexcept {
  message_ = {};
  is_cut_ = is_whole_ = is_passed_over_ = false;
}

/// The last fragment is over.
void record_stream::finish() noexcept {
  is_whole_ = !message_.empty() && !is_passed_over_;
  if (!is_whole_)
    begin();
}

byte_view record_stream::step(byte_view bytes) {
  if (is_lost_)
    return find_record(bytes);
  if (left_ == 0) {
    const auto taken = std::min(bytes.size(), head_size - head_.size());
    head_.insert(head_.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(taken));
    if (head_.size() < head_size)
      return {};
    const auto word = load_be32(byte_view{head_}.first<4>());
    is_last_ = (word & last_fragment) != 0;
    left_ = word & ~last_fragment;
    if (left_ > limit_fragment_bytes) {
      is_lost_ = true; // no record begins so
      left_ = 0;
      begin();
      return bytes.subspan(taken);
    }
    head_.clear();
    bytes = bytes.subspan(taken);
    if (left_ == 0 && is_last_)
      finish();
    return bytes;
  }
  const auto taken = static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size()));
  if (!is_passed_over_) {
    const auto kept = std::min(taken, limit_bytes - message_.size());
    message_.insert(message_.end(), bytes.begin(),
                    bytes.begin() + static_cast<std::ptrdiff_t>(kept));
    is_cut_ = is_cut_ || kept < taken;
  }
  left_ -= taken;
  if (left_ == 0 && is_last_)
    finish();
  return bytes.subspan(taken);
}

byte_view record_stream::find_record(byte_view bytes) {
  constexpr std::size_t wanted = head_size + mark_size;
  head_.insert(head_.end(), bytes.begin(), bytes.end());
  for (std::size_t at = 0; at + wanted <= head_.size(); ++at) {
    if (!is_record_begin(byte_view{head_}.subspan(at)))
      continue;
    const auto behind = head_.size() - at;
    if (behind <= bytes.size()) { // it begins in the bytes at hand: go on there
      head_.clear();
      is_lost_ = false;
      return bytes.last(behind);
    }
    const auto before = behind - bytes.size(); // fewer than `wanted`, so they do not end a message
    const std::vector<std::byte> begun(head_.begin() + static_cast<std::ptrdiff_t>(at),
                                       head_.begin() + static_cast<std::ptrdiff_t>(at + before));
    head_.clear();
    is_lost_ = false;
    for (byte_view left = begun; !left.empty();)
      left = step(left);
    return bytes;
  }
  if (head_.size() >= wanted)
    head_.erase(head_.begin(), head_.end() - static_cast<std::ptrdiff_t>(wanted - 1));
  return {};
}

void record_stream::pass_over(std::uint64_t size) noexcept {
  if (is_lost_ || !head_.empty() || size > left_ || left_ == 0) {
    is_lost_ = true;
    left_ = 0;
    head_.clear();
    begin();
    return;
  }
  left_ -= size;
  if (left_ == 0 && is_last_)
    begin();
}

} // namespace cresset::detect::proto::nfs
