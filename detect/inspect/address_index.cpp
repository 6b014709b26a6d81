// Every range of every rule begins and ends somewhere; these points cut the address space into runs
// within which the same rules apply. A sweep over the sorted points keeps the set of open ranges
// and writes it down for each run.
#include "detect/inspect/address_index.hpp"

#include <algorithm>
#include <set>

namespace cresset::detect::inspect {
namespace {

/// The address behind `a`; nothing behind the last of its family.
std::optional<ip_address> next(const ip_address& a) {
  std::array<std::byte, 16> bytes{};
  std::copy(a.storage().begin(), a.storage().end(), bytes.begin());
  for (auto i = a.bytes().size(); i-- > 0;) {
    bytes[i] = static_cast<std::byte>(std::to_integer<unsigned>(bytes[i]) + 1U);
    if (bytes[i] != std::byte{0})
      return a.is_v4() ? ip_address::v4(std::span<const std::byte, 4>{bytes.data(), 4})
                       : ip_address::v6(bytes);
  }
  return std::nullopt;
}

} // namespace

void address_index::add(const rule::address_set& addresses, std::uint32_t rule) {
  for (const auto& range : addresses.ranges())
    added_.push_back({range, rule});
}

void address_index::build() {
  struct point {
    ip_address at;
    bool opens;
    std::uint32_t rule;
  };
  std::vector<point> points;
  for (const auto& [range, rule] : added_) {
    points.push_back({range.first, true, rule});
    if (const auto behind = next(range.last))
      points.push_back({*behind, false, rule});
  }
  std::sort(points.begin(), points.end(),
            [](const point& a, const point& b) { return a.at < b.at; });
  std::multiset<std::uint32_t> open;
  for (std::size_t i = 0; i < points.size();) {
    const auto at = points[i].at;
    if (!starts_.empty() && starts_.back().is_v4() != at.is_v4())
      open.clear(); // ranges that run to the end of IPv4 do not go on in IPv6
    for (; i < points.size() && points[i].at == at; ++i) {
      if (points[i].opens)
        open.insert(points[i].rule);
      else if (const auto one = open.find(points[i].rule); one != open.end())
        open.erase(one);
    }
    starts_.push_back(at);
    first_rule_.push_back(static_cast<std::uint32_t>(rules_.size()));
    std::unique_copy(open.begin(), open.end(), std::back_inserter(rules_));
  }
  first_rule_.push_back(static_cast<std::uint32_t>(rules_.size()));
  added_.clear();
}

std::span<const std::uint32_t> address_index::find(const ip_address& address) const noexcept {
  const auto behind = std::upper_bound(starts_.begin(), starts_.end(), address);
  if (behind == starts_.begin())
    return {};
  const auto run = static_cast<std::size_t>(behind - starts_.begin()) - 1;
  if (starts_[run].is_v4() != address.is_v4())
    return {};
  return std::span{rules_}.subspan(first_rule_[run], first_rule_[run + 1] - first_rule_[run]);
}

} // namespace cresset::detect::inspect
