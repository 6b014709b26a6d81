#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace cresset::detect::flow {

/// Whose bytes count when two segments, or two fragments, cover the same place: each family of
/// systems decides in its own way, and a sensor that decides differently from the target can be
/// shown another text. The names are those of `host-os-policy` in the field's configuration;
/// `first` and `last` are the two extremes.
enum class overlap_policy : std::uint8_t {
  bsd,
  bsd_right,
  old_linux,
  linux_now, ///< "linux"; the bare word is a macro of gcc
  old_solaris,
  solaris,
  hpux10,
  hpux11,
  irix,
  windows,
  vista,
  windows2k3,
  macos,
  first,
  last,
};

/// "bsd-right", as the configuration spells it.
std::string_view to_string(overlap_policy policy) noexcept;
/// The policy a configuration names; nothing when there is none of that name.
std::optional<overlap_policy> find_overlap_policy(std::string_view name) noexcept;

/// A run of stream or datagram offsets; `end` is the first one behind it.
struct byte_range {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;

  constexpr std::uint64_t size() const noexcept { return end - begin; }
  constexpr bool empty() const noexcept { return begin >= end; }
  friend constexpr bool operator==(const byte_range&, const byte_range&) noexcept = default;
};

/// True when the bytes both cover are taken from the piece that came later. `older` is what is left
/// of the piece that came first, `newer` the later one as it arrived.
bool newer_segment_wins(overlap_policy policy, byte_range older, byte_range newer) noexcept;
/// The same for IP fragments, where some systems decide otherwise than in TCP.
bool newer_fragment_wins(overlap_policy policy, byte_range older, byte_range newer) noexcept;

} // namespace cresset::detect::flow
