#include "detect/inspect/address_state.hpp"

#include "detect/inspect/flow_record.hpp"
#include "detect/inspect/shared_state.hpp"

#include <algorithm>

namespace cresset::detect::inspect {
namespace {

using rule::options::bit_action;
using rule::options::xbits;

/// The one bit, or the two of `hostbits:…,both`.
struct bits_meant {
  std::array<address_bits::key, 2> keys;
  std::size_t count = 1;
  auto begin() const { return keys.begin(); }
  auto end() const { return keys.begin() + static_cast<std::ptrdiff_t>(count); }
};

bits_meant keys_of(const xbits& bit, const five_tuple& tuple) {
  bits_meant meant;
  for (auto& key : meant.keys)
    key.name = bit.name;
  auto& first = meant.keys[0];
  switch (bit.track) {
  case xbits::key::source: first.one = tuple.source; break;
  case xbits::key::destination: first.one = tuple.destination; break;
  case xbits::key::pair: // whichever way the packet goes
    first.one = std::min(tuple.source, tuple.destination);
    first.other = std::max(tuple.source, tuple.destination);
    first.of_pair = true;
    break;
  case xbits::key::both:
    first.one = tuple.source;
    meant.keys[1].one = tuple.destination;
    meant.count = 2;
    break;
  case xbits::key::transaction: meant.count = 0; break;
  }
  return meant;
}

} // namespace

bool is_set(const xbits& bit, const subject& on,
            std::optional<std::uint64_t> transaction) noexcept {
  if (bit.track == xbits::key::transaction)
    return transaction && on.record != nullptr &&
           on.record->transaction_bits.contains({*transaction, bit.name});
  if (on.state == nullptr)
    return false;
  on.wait_for_turn();
  const auto keys = keys_of(bit, on.tuple);
  return std::any_of(keys.begin(), keys.end(),
                     [&](const auto& key) { return on.state->bits.has(key, on.at); });
}

void apply(const xbits& bit, subject& on, std::optional<std::uint64_t> transaction) {
  if (bit.track == xbits::key::transaction) {
    if (!transaction || on.record == nullptr)
      return;
    auto& bits = on.record->transaction_bits;
    const std::pair key{*transaction, bit.name};
    const bool has = bits.contains(key);
    const bool sets = bit.what == bit_action::set || (bit.what == bit_action::toggle && !has);
    if (!sets)
      bits.erase(key);
    else if (bits.size() < flow_record::limit_names)
      bits.insert(key);
    return;
  }
  if (on.state == nullptr)
    return;
  on.wait_for_turn();
  const std::chrono::seconds lives{bit.expire_s};
  for (const auto& key : keys_of(bit, on.tuple))
    switch (bit.what) {
    case bit_action::set: on.state->bits.set(key, on.at, lives); break;
    case bit_action::unset: on.state->bits.unset(key); break;
    case bit_action::toggle: on.state->bits.toggle(key, on.at, lives); break;
    default: break; // the others are conditions
    }
}

} // namespace cresset::detect::inspect
