#pragma once

#include "detect/inspect/probe.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace cresset::detect::inspect {

/// Rules whose bytes stand in one place of a payload ("SMB" at 5): a few look-ups find them, no
/// scan. Filled, then built once; immutable afterwards, shared by all workers.
class place_index {
public:
  static constexpr std::size_t shortest_bytes = 2;

  /// Whether a rule of this probe can stand here.
  static bool takes(const probe& p) noexcept {
    return p.head_mask != 0 && p.head_behind - p.head_at >= static_cast<int>(shortest_bytes);
  }
  /// Precondition: not built yet, takes(p).
  void add(const probe& p, std::uint32_t rule);
  void build();

  /// Calls `on_rule(rule)` for each rule whose first bytes stand in their place; more of its probe
  /// may fail. `bytes` are those of a payload or stream from its begin.
  template <typename F>
  void find(byte_view bytes, F&& on_rule) const {
    for (const auto& s : slots_) {
      if (s.behind > bytes.size())
        return; // slots behind this one end later
      std::uint32_t here = 0;
      std::memcpy(&here, bytes.data() + s.at, sizeof(std::uint16_t));
      if (s.size == 4)
        std::memcpy(&here, bytes.data() + s.at, sizeof here);
      const auto key = std::uint64_t{s.number} << 32 | here;
      for (auto i = place_of(key); table_[i].count != 0; i = (i + 1) & mask_)
        if (table_[i].key == key) {
          for (const auto rule : std::span{rules_}.subspan(table_[i].first, table_[i].count))
            on_rule(rule);
          break;
        }
    }
  }
  std::size_t slots() const noexcept { return slots_.size(); }

private:
  struct slot {
    std::uint16_t at = 0;
    std::uint16_t behind = 0;
    std::uint16_t size = 0; ///< 2 or 4
    std::uint16_t number = 0;
  };
  struct entry {
    std::uint64_t key = 0;
    std::uint32_t first = 0; ///< of its rules
    std::uint32_t count = 0; ///< 0: a free place of the table
  };
  struct added {
    std::uint16_t at;
    std::uint16_t size;
    std::uint32_t bytes;
    std::uint32_t rule;
  };
  std::size_t place_of(std::uint64_t key) const noexcept {
    return static_cast<std::size_t>(key * 0x9e3779b97f4a7c15 >> 40) & mask_;
  }

  std::vector<added> added_;
  std::vector<slot> slots_; ///< by the place they end at
  std::vector<entry> table_;
  std::size_t mask_ = 0;
  std::vector<std::uint32_t> rules_;
};

} // namespace cresset::detect::inspect
