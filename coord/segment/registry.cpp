// One sweep over the addresses flattens the nested prefixes. Within one layer prefixes nest and
// never cross, so at any address the ones around it form a chain; the sweep keeps that chain over
// all layers in the order in which they count, enters a prefix at its first address, leaves it
// behind its last one, and writes a step whenever the chain's answer has changed.
#include "coord/segment/registry.hpp"

#include <algorithm>
#include <tuple>

namespace cresset::coord::segment {
namespace {

/// The address behind the last one of the prefix; nothing when there is none.
std::optional<ip_address> behind(const network& where) {
  std::array<std::byte, 16> bytes{};
  std::ranges::copy(where.first.storage(), bytes.begin());
  // Add one at bit `bits` - 1, carrying towards the front.
  for (unsigned bit = where.bits; bit > 0;) {
    const unsigned in_byte = (bit - 1) % 8;
    const auto at = static_cast<std::size_t>((bit - 1) / 8);
    const unsigned sum = std::to_integer<unsigned>(bytes[at]) + (0x80U >> in_byte);
    bytes[at] = static_cast<std::byte>(sum & 0xffU);
    if (sum < 0x100)
      return where.first.is_v4() ? ip_address::v4(std::span<const std::byte>{bytes}.first<4>())
                                 : ip_address::v6(std::span<const std::byte, 16>{bytes});
    bit = bit - 1 - in_byte; // the last bit of the byte before
  }
  return std::nullopt;
}

} // namespace

registry::registry(std::span<const record> records, day today) {
  places_.emplace_back();
  numbers_[places_.front()] = 0;
  for (const auto& r : records)
    if (r.kind == record_kind::owner && r.valid.covers(today)) {
      auto& known = owners_[r.key];
      if (known == nullptr || known->weight < r.weight)
        known = &r;
    }
  const auto pieces = pieces_of(records, today);
  std::vector<prefix_table::step> steps;
  paint(pieces, steps);
  table_ = prefix_table{steps};
  owners_.clear();
  numbers_.clear();
}

std::vector<registry::piece> registry::pieces_of(std::span<const record> records, day today) const {
  std::vector<piece> pieces;
  for (const auto& r : records)
    if (r.kind == record_kind::prefix && r.valid.covers(today))
      if (const auto where = network::parse(r.key))
        pieces.push_back({*where, &r});
  std::ranges::sort(pieces, [](const piece& a, const piece& b) {
    return std::tie(a.where.first, a.where.bits, a.what->weight) <
           std::tie(b.where.first, b.where.bits, b.what->weight);
  });
  return pieces;
}

void registry::paint(const std::vector<piece>& pieces, std::vector<prefix_table::step>& steps) {
  struct open_piece {
    const piece* what = nullptr;
    std::optional<ip_address> end;
  };
  std::vector<open_piece> open;
  std::vector<const piece*> around;
  std::uint32_t written = 0;
  const auto write = [&](const ip_address& from) {
    around.clear();
    for (const auto& one : open)
      around.push_back(one.what);
    const auto value = number_of(around);
    if (!steps.empty() && steps.back().from == from)
      steps.back().value = value;
    else if (value != written)
      steps.push_back({from, value});
    written = value;
  };
  /// Leaves, one after another, the prefixes that end at or before `next` (all without one).
  const auto leave = [&](const ip_address* next) {
    for (;;) {
      std::optional<ip_address> first_end;
      for (const auto& one : open)
        if (one.end && (!first_end || *one.end < *first_end))
          first_end = one.end;
      if (!first_end || (next != nullptr && *next < *first_end))
        break;
      std::erase_if(open, [&](const open_piece& one) { return one.end == first_end; });
      write(*first_end);
    }
    // A prefix at the end of its family's addresses has no end that could be written.
    std::erase_if(open, [&](const open_piece& one) {
      return next == nullptr || one.what->where.first.is_v4() != next->is_v4();
    });
  };
  for (const auto& one : pieces) {
    leave(&one.where.first);
    if (!steps.empty() && steps.back().from.is_v4() != one.where.first.is_v4())
      written = 0;
    open.push_back({&one, behind(one.where)});
    write(one.where.first);
  }
  leave(nullptr);
}

std::uint32_t registry::number_of(const std::vector<const piece*>& around) {
  auto chain = around;
  std::ranges::sort(chain, [](const piece* a, const piece* b) {
    return std::tie(b->what->weight, b->where.bits, b->what->owner) <
           std::tie(a->what->weight, a->where.bits, a->what->owner);
  });
  place found;
  const auto fill = [](auto& member, const auto& value) {
    if (member == std::decay_t<decltype(member)>{})
      member = value;
  };
  for (const auto* one : chain) {
    const auto& said = *one->what;
    if (one == chain.front())
      found.is_ours = said.ours;
    fill(found.country, said.country);
    // Past the prefix that names the owner others are spoken of: its provider, its country.
    if (!found.owner.empty())
      continue;
    fill(found.sector, said.sector);
    fill(found.criticality, said.criticality);
    found.owner = said.owner;
    const auto owner = owners_.find(said.owner);
    if (said.owner.empty() || owner == owners_.end())
      continue;
    fill(found.sector, owner->second->sector);
    fill(found.criticality, owner->second->criticality);
  }
  has_segment_ = has_segment_ || found.is_ours;
  const auto [at, is_new] = numbers_.try_emplace(found, static_cast<std::uint32_t>(places_.size()));
  if (is_new)
    places_.push_back(found);
  return at->second;
}

incident::address_place registry::find(const ip_address& address) const noexcept {
  const auto& found = places_[table_.find(address)];
  return {found.is_ours, found.owner, found.sector, found.country, found.criticality};
}

} // namespace cresset::coord::segment
