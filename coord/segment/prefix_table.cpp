// Nested prefixes are flattened by the registry into steps: from this address on, this value. A
// look-up is then a search for the last step at or before the address. An index over the first 16
// bits leaves a handful of steps to search, so that a look-up costs one or two cache lines in the
// index and one in the steps, and the whole table of a country and the world's delegations is a
// megabyte (a DIR-24-8 table would take 64 of them and be made anew with every import).
//
//   index[0xc000]     ->  first step of 192.0.0.0/16 … index[0xc001]
//   steps   … | 192.0.2.0: 7 | 192.0.3.0: 0 | …
#include "coord/segment/prefix_table.hpp"

#include <algorithm>
#include <cassert>

namespace cresset::coord::segment {
namespace {

constexpr std::size_t index_size = 65536;

/// For each value of the first 16 bits, how many steps begin before it; one more at the end.
template <typename From, typename Top>
std::vector<std::uint32_t> index_of(const std::vector<From>& from, Top top) {
  std::vector<std::uint32_t> index(index_size + 1);
  std::size_t at = 0;
  for (std::size_t bits = 0; bits < index_size; ++bits) {
    while (at < from.size() && top(from[at]) < bits)
      ++at;
    index[bits] = static_cast<std::uint32_t>(at);
  }
  index[index_size] = static_cast<std::uint32_t>(from.size());
  return index;
}

template <typename From>
std::uint32_t value_at(const std::vector<std::uint32_t>& index, std::size_t top,
                       const std::vector<From>& from, const std::vector<std::uint32_t>& value,
                       const From& wanted) noexcept {
  const auto begin = from.begin() + index[top];
  const auto end = from.begin() + index[top + 1];
  const auto behind = std::upper_bound(begin, end, wanted);
  // Without a step in the slice before the address, the last one of an earlier slice still holds.
  return behind == from.begin() ? 0 : value[static_cast<std::size_t>(behind - from.begin()) - 1];
}

} // namespace

prefix_table::wide prefix_table::wide_of(const ip_address& address) noexcept {
  const auto bytes = address.storage();
  wide whole;
  for (std::size_t i = 0; i < 8; ++i) {
    whole.high = whole.high << 8 | std::to_integer<std::uint64_t>(bytes[i]);
    whole.low = whole.low << 8 | std::to_integer<std::uint64_t>(bytes[i + 8]);
  }
  return whole;
}

prefix_table::prefix_table(const std::vector<step>& steps) {
  assert(std::ranges::is_sorted(steps, {}, &step::from));
  for (const auto& one : steps) {
    if (one.from.is_v4()) {
      v4_from_.push_back(one.from.v4_value());
      v4_value_.push_back(one.value);
    } else {
      v6_from_.push_back(wide_of(one.from));
      v6_value_.push_back(one.value);
    }
  }
  v4_index_ = index_of(v4_from_, [](std::uint32_t from) { return from >> 16; });
  v6_index_ = index_of(v6_from_, [](const wide& from) { return from.high >> 48; });
}

std::uint32_t prefix_table::find(const ip_address& address) const noexcept {
  if (address.is_v4()) {
    const auto wanted = address.v4_value();
    return value_at(v4_index_, wanted >> 16, v4_from_, v4_value_, wanted);
  }
  const auto wanted = wide_of(address);
  return value_at(v6_index_, static_cast<std::size_t>(wanted.high >> 48), v6_from_, v6_value_,
                  wanted);
}

std::size_t prefix_table::memory_bytes() const noexcept {
  return (v4_index_.size() + v6_index_.size() + v4_from_.size() + v4_value_.size() +
          v6_value_.size()) *
             sizeof(std::uint32_t) +
         v6_from_.size() * sizeof(wide);
}

} // namespace cresset::coord::segment
