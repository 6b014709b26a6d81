#pragma once

#include "detect/inspect/pair_set.hpp"
#include "detect/inspect/signature.hpp"
#include "detect/inspect/subject.hpp"

#include <cstring>
#include <vector>

namespace cresset::detect::inspect {

/// The cheapest tests of one rule, read out of its options: its payload's size, the bytes the
/// payload begins with, how much the server has said. Who fails here fails the whole rule.
struct probe {
  static constexpr std::uint32_t any_bytes = UINT32_MAX;

  std::uint64_t head = 0;      ///< bytes that must stand `head_at` bytes into the payload …
  std::uint64_t head_mask = 0; ///< … where these bits are set; none: anything
  std::uint32_t server_most = any_bytes; ///< `stream_size:server,<N`
  std::uint16_t size_least = 0;          ///< `dsize`
  std::uint16_t size_most = UINT16_MAX;
  std::uint16_t head_behind = 0; ///< the payload must reach so far
  std::uint8_t head_at = 0;
  bool wants_damage = false; ///< a checksum of the packet must be wrong
  bool has_pair = false;     ///< two bytes must stand somewhere, and no scan looks for them
  std::uint16_t pair = 0;    ///< these
};
static_assert(sizeof(probe) <= 32);

/// What probes are held against: one unit of a run.
struct probe_facts {
  byte_view bytes{};               ///< the packet's payload, or the raw window
  bool from_start = true;          ///< `bytes` begin where the payload or stream does
  bool sizes_count = false;        ///< `bytes` are a packet's, so that dsize can be judged
  std::uint32_t server_bytes = 0;  ///< of the stream to the client; probe::any_bytes without one
  const pair_set* pairs = nullptr; ///< of `bytes`; null while nobody needed it
};

probe make_probe(const signature& s);
std::uint32_t server_bytes_of(const subject& on) noexcept;

inline bool passes(const probe& p, const probe_facts& on) noexcept {
  if (p.server_most != probe::any_bytes && on.server_bytes > p.server_most)
    return false;
  if (on.sizes_count && (on.bytes.size() < p.size_least || on.bytes.size() > p.size_most))
    return false;
  if (p.has_pair &&
      !(on.pairs != nullptr ? on.pairs->has(p.pair) : pair_set::stands_in(on.bytes, p.pair)))
    return false;
  if (p.head_mask == 0)
    return true;
  if (!on.from_start || on.bytes.size() < p.head_behind)
    return false;
  std::uint64_t here = 0;
  const auto there = on.bytes.size() - p.head_at;
  if (there >= sizeof here)
    std::memcpy(&here, on.bytes.data() + p.head_at, sizeof here);
  else
    std::memcpy(&here, on.bytes.data() + p.head_at, there);
  return ((here ^ p.head) & p.head_mask) == 0;
}

} // namespace cresset::detect::inspect
