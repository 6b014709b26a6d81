#pragma once

#include "capture/base/expected.hpp"
#include "coord/federation/stream_entry.hpp"

#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace cresset::coord::federation {

inline constexpr std::uint64_t wire_version = 1;
inline constexpr std::size_t header_limit_bytes = 64 * 1024;
inline constexpr std::size_t message_limit_frames = 4;
/// Entries a recipient may have in flight at most.
inline constexpr std::uint64_t credit_limit = 64;

/// The messages of a link (docs/federation.md section 6).
struct open_message {
  std::uint64_t lowest = wire_version;
  std::uint64_t highest = wire_version;
  std::vector<std::string> features;
  std::string from;
  std::string to;
  std::string session; ///< 32 hex digits
  std::string answers; ///< the session it answers; empty when it asks
  stream_position has; ///< of the other's stream; epoch empty when nothing
  std::uint64_t credit = 0;
  std::string head;         ///< signed head of the own stream
  std::string has_envelope; ///< the entry at `has`; empty at sequence 0
};
struct epoch_message {
  std::string opening;
};
struct push_message {
  stream_entry entry;
  epoch_id epoch;
};
struct acknowledge_message {
  stream_position at;
  std::uint64_t credit = 0;
  bool resend = false;
};
struct head_message {
  std::string head;
};
enum class refusal {
  malformed,
  wrong_stream,
  out_of_order,
  equivocation,
  chain_broken,
  unknown_key,
  bad_signature,
  hash_mismatch,
  seal_mismatch,
  bad_key_record,
  busy,
};
std::string_view to_string(refusal reason) noexcept;

struct refuse_message {
  epoch_id epoch;
  std::uint64_t sequence = 0;
  std::string reason; ///< a word of `refusal`, or of a later version
  std::string text;
};
struct close_message {
  std::string reason; ///< "version", "open-first", "not-you", "false-claim", "diverged", "leaving"
  std::string text;
};
/// Of a type this version does not know: ignored and counted.
struct unknown_message {
  std::string type;
};

using message = std::variant<open_message, epoch_message, push_message, acknowledge_message,
                             head_message, refuse_message, close_message, unknown_message>;

/// The frames of a message: header, then as many as its type has.
std::vector<std::string> encode(const message& told);
/// Nothing for frames that are no message; limits are those of the parts. Signatures inside are not
/// looked at.
std::optional<message> decode(std::span<const std::string_view> frames);

} // namespace cresset::coord::federation
