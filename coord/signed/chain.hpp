#pragma once

#include "coord/signed/digest.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cresset::coord::signed_ {

/// A place in a chain: how many entries, and the hash of the last one (of the opening when there is
/// none).
struct chain_position {
  std::uint64_t length = 0;
  digest hash;
  friend bool operator==(const chain_position&, const chain_position&) noexcept = default;
};

enum class chain_verdict { next, gap, behind, broken };

/// Where an entry that claims (`sequence`, `previous`) stands to a chain that ends at `head`:
/// `next` continues it; `gap` leaves entries out; `behind` is at or before the end; `broken` has
/// the right number on another past.
chain_verdict judge(const chain_position& head, std::uint64_t sequence,
                    const digest& previous) noexcept;

/// The position behind `head` once the entry with these bytes is appended.
chain_position advance(const chain_position& head, std::string_view entry_bytes);

} // namespace cresset::coord::signed_
