#include "detect/flow/overlap_policy.hpp"

#include <array>

// Which systems keep which bytes was measured from outside and published: Shankar and Paxson,
// "Active Mapping" (2003); Novak, "Target-Based Fragmentation Reassembly" (2005); Novak and
// Sturges, "Target-Based TCP Stream Reassembly" (2007). Five rules cover them, each a question
// about where the two pieces begin and end. Each system has one rule for TCP and one for fragments:
//
//   keep_older    never the newer                                   first, hpux11, old-solaris,
//   Vista's TCP take_newer    always the newer                                  last starts_before
//   the newer, if it begins before the older          bsd, irix, hpux10, macos; TCP of Windows
//   starts_right  the newer, unless it begins before the older      bsd-right
//   starts_level  the newer, if it begins before or with the older  linux and old-linux fragments,
//   old-linux TCP longer_level  as starts_before, or both begin together and the newer is longer
//   linux TCP covers        the newer, if it begins before and ends behind (Solaris: with or
//   behind)     windows, solaris
//
// The old versions (old-linux, old-solaris, hpux) are the least certain: systems to measure them on
// are gone.
namespace cresset::detect::flow {
namespace {

constexpr std::array<std::string_view, 15> names{
    "bsd",  "bsd-right", "old-linux", "linux",      "old-solaris", "solaris", "hpux10", "hpux11",
    "irix", "windows",   "vista",     "windows2k3", "macos",       "first",   "last"};

constexpr bool starts_before(byte_range older, byte_range newer) noexcept {
  return newer.begin < older.begin;
}

/// What TCP and fragments have in common.
constexpr bool common_rule(overlap_policy policy, byte_range older, byte_range newer) noexcept {
  switch (policy) {
  case overlap_policy::last: return true;
  case overlap_policy::bsd_right: return newer.begin >= older.begin;
  case overlap_policy::old_linux: return newer.begin <= older.begin;
  case overlap_policy::solaris: return newer.begin < older.begin && newer.end >= older.end;
  case overlap_policy::bsd:
  case overlap_policy::irix:
  case overlap_policy::hpux10:
  case overlap_policy::macos: return starts_before(older, newer);
  default: return false; // first, hpux11, old-solaris
  }
}

} // namespace

std::string_view to_string(overlap_policy policy) noexcept {
  return names[static_cast<std::size_t>(policy)];
}

std::optional<overlap_policy> find_overlap_policy(std::string_view name) noexcept {
  for (std::size_t i = 0; i < names.size(); ++i)
    if (names[i] == name)
      return static_cast<overlap_policy>(i);
  return std::nullopt;
}

bool newer_segment_wins(overlap_policy policy, byte_range older, byte_range newer) noexcept {
  switch (policy) {
  case overlap_policy::linux_now:
    return starts_before(older, newer) || (newer.begin == older.begin && newer.end > older.end);
  case overlap_policy::windows:
  case overlap_policy::windows2k3: return starts_before(older, newer);
  default: return common_rule(policy, older, newer);
  }
}

bool newer_fragment_wins(overlap_policy policy, byte_range older, byte_range newer) noexcept {
  switch (policy) {
  case overlap_policy::linux_now: return newer.begin <= older.begin;
  case overlap_policy::windows:
  case overlap_policy::windows2k3:
  case overlap_policy::vista: return newer.begin < older.begin && newer.end > older.end;
  default: return common_rule(policy, older, newer);
  }
}

} // namespace cresset::detect::flow
