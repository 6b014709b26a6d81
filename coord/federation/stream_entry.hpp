#pragma once

#include "coord/signed/chain.hpp"
#include "coord/signed/object.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cresset::coord::federation {

inline constexpr std::size_t envelope_limit_bytes = 4 * 1024;
inline constexpr std::size_t head_limit_bytes = 4 * 1024;
inline constexpr std::size_t opening_limit_bytes = 32 * 1024;

/// Names one run of a stream: 32 lower-case hex digits, random. Empty: none yet.
using epoch_id = std::string;

/// A place in a stream. Sequence 0 is the opening itself, and `hash` then its digest.
struct stream_position {
  epoch_id epoch;
  std::uint64_t sequence = 0;
  signed_::digest hash;

  signed_::chain_position in_chain() const noexcept { return {sequence, hash}; }
  friend bool operator==(const stream_position&, const stream_position&) = default;
};

/// One entry as its three byte strings, on either side. They are never written anew.
struct stream_entry {
  std::uint64_t sequence = 0;
  std::string envelope;
  signed_::object content;
};

/// What the ingress gate said about a received entry.
enum class disposition : std::uint8_t {
  take = 0, ///< known and harmless: acts at once
  hold = 1, ///< known; waits for an analyst, `note` says why
  keep = 2, ///< of a kind this server does not know: stored and shown, nothing else
};

/// A verified entry on its way into the store, with what was read of it for lists.
struct received_entry {
  stream_entry entry;
  signed_::seal seal;
  disposition what = disposition::keep;
  std::string note;
  std::string released; ///< the envelope's time, for people
};

/// A run of a stream and where the one before it ended.
struct stream_epoch {
  epoch_id epoch;
  std::string opening; ///< the bytes of the signed opening
  std::optional<stream_position> after;
};

} // namespace cresset::coord::federation
