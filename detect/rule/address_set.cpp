// Runs of addresses under union and difference. Both lists are sorted and merged first, then one
// walk over both cuts the excluded runs out of the included ones: O(n log n) for n elements, and
// lookups are a binary search.

#include "detect/rule/address_set.hpp"

#include <algorithm>
#include <array>

namespace cresset::detect::rule {

namespace {

using range = address_set::range;

ip_address from_bytes(const std::array<std::byte, 16>& bytes, bool v6) {
  const std::span<const std::byte, 16> all{bytes};
  return v6 ? ip_address::v6(all) : ip_address::v4(all.first<4>());
}

/// The next address up (`step` 1) or down (-1); the caller knows that it exists.
ip_address neighbour(const ip_address& address, int step) {
  std::array<std::byte, 16> bytes{};
  const auto from = address.storage();
  std::copy(from.begin(), from.end(), bytes.begin());
  const std::byte roll = step > 0 ? std::byte{0xff} : std::byte{0};
  for (std::size_t i = address.width_bits() / 8; i-- > 0;) {
    const bool carries = bytes[i] == roll;
    bytes[i] = static_cast<std::byte>(std::to_integer<int>(bytes[i]) + step);
    if (!carries)
      break;
  }
  return from_bytes(bytes, address.is_v6());
}

bool is_last(const ip_address& address) {
  const auto bytes = address.bytes();
  return std::all_of(bytes.begin(), bytes.end(), [](std::byte b) { return b == std::byte{0xff}; });
}

range whole(bool v6) {
  std::array<std::byte, 16> ones{};
  ones.fill(std::byte{0xff});
  return {from_bytes({}, v6), from_bytes(ones, v6)};
}

void sort_and_merge(std::vector<range>& runs) {
  std::sort(runs.begin(), runs.end(),
            [](const range& a, const range& b) { return a.first < b.first; });
  std::size_t kept = 0;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    if (kept > 0) {
      range& before = runs[kept - 1];
      const bool one_family = before.first.is_v6() == runs[i].first.is_v6();
      const bool touches =
          one_family && (is_last(before.last) || runs[i].first <= neighbour(before.last, 1));
      if (touches) {
        before.last = std::max(before.last, runs[i].last);
        continue;
      }
    }
    runs[kept++] = runs[i];
  }
  runs.resize(kept);
}

std::vector<range> difference(const std::vector<range>& included,
                              const std::vector<range>& excluded) {
  std::vector<range> left;
  auto cut = excluded.begin();
  for (range run : included) {
    while (cut != excluded.end() && cut->last < run.first)
      ++cut;
    bool gone = false;
    for (auto at = cut; at != excluded.end() && at->first <= run.last && !gone; ++at) {
      if (at->first.is_v6() != run.first.is_v6())
        continue;
      if (run.first < at->first)
        left.push_back({run.first, neighbour(at->first, -1)});
      gone = run.last <= at->last;
      if (!gone)
        run.first = neighbour(at->last, 1);
    }
    if (!gone)
      left.push_back(run);
  }
  return left;
}

} // namespace

address_set::address_set(std::vector<range> included, std::vector<range> excluded) {
  if (included.empty())
    included = {whole(false), whole(true)};
  sort_and_merge(included);
  sort_and_merge(excluded);
  const auto left = difference(included, excluded);
  any_ = left == std::vector<range>{whole(false), whole(true)};
  if (any_)
    return;
  for (const auto& run : left) {
    if (run.first.is_v6())
      v6_.push_back(run);
    else
      v4_.emplace_back(run.first.v4_value(), run.last.v4_value());
  }
}

bool address_set::contains(const ip_address& address) const noexcept {
  if (any_)
    return true;
  if (address.is_v4()) {
    const auto value = address.v4_value();
    const auto behind =
        std::upper_bound(v4_.begin(), v4_.end(), value,
                         [](std::uint32_t v, const v4_run& run) { return v < run.first; });
    return behind != v4_.begin() && value <= std::prev(behind)->second;
  }
  const auto behind =
      std::upper_bound(v6_.begin(), v6_.end(), address,
                       [](const ip_address& a, const range& run) { return a < run.first; });
  return behind != v6_.begin() && address <= std::prev(behind)->last;
}

std::vector<range> address_set::ranges() const {
  if (any_)
    return {whole(false), whole(true)};
  std::vector<range> all;
  all.reserve(v4_.size() + v6_.size());
  for (const auto& [first, last] : v4_)
    all.push_back({ip_address::v4(first), ip_address::v4(last)});
  all.insert(all.end(), v6_.begin(), v6_.end());
  return all;
}

} // namespace cresset::detect::rule
