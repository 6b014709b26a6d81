// A slot is one place and one length, two bytes or four, so that rules with longer heads share it.
// One table for all slots, open addressing, at most a quarter full: most look-ups end at a free
// place.
#include "detect/inspect/place_index.hpp"

#include <algorithm>
#include <bit>
#include <map>
#include <tuple>

namespace cresset::detect::inspect {

void place_index::add(const probe& p, std::uint32_t rule) {
  const std::uint16_t size = p.head_behind - p.head_at >= 4 ? 4 : 2;
  std::uint32_t bytes = 0;
  std::memcpy(&bytes, &p.head, size);
  added_.push_back({p.head_at, size, bytes, rule});
}

void place_index::build() {
  std::map<std::tuple<std::uint16_t, std::uint16_t>,
           std::map<std::uint32_t, std::vector<std::uint32_t>>>
      by_slot; // slots by the place they end at
  for (const auto& a : added_)
    by_slot[{static_cast<std::uint16_t>(a.at + a.size), a.size}][a.bytes].push_back(a.rule);
  std::size_t keys = 0;
  for (const auto& [place, by_bytes] : by_slot)
    keys += by_bytes.size();
  table_.assign(std::bit_ceil(keys * 4 + 1), {});
  mask_ = table_.size() - 1;
  for (const auto& [place, by_bytes] : by_slot) {
    const auto [behind, size] = place;
    const auto number = static_cast<std::uint16_t>(slots_.size());
    slots_.push_back({static_cast<std::uint16_t>(behind - size), behind, size, number});
    for (const auto& [bytes, rules] : by_bytes) {
      const auto key = std::uint64_t{number} << 32 | bytes;
      auto i = place_of(key);
      while (table_[i].count != 0)
        i = (i + 1) & mask_;
      table_[i] = {key, static_cast<std::uint32_t>(rules_.size()),
                   static_cast<std::uint32_t>(rules.size())};
      rules_.insert(rules_.end(), rules.begin(), rules.end());
    }
  }
  added_ = {};
}

} // namespace cresset::detect::inspect
