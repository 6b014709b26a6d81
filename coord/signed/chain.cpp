#include "coord/signed/chain.hpp"

namespace cresset::coord::signed_ {

chain_verdict judge(const chain_position& head, std::uint64_t sequence,
                    const digest& previous) noexcept {
  if (sequence <= head.length)
    return chain_verdict::behind;
  if (sequence != head.length + 1)
    return chain_verdict::gap;
  return previous == head.hash ? chain_verdict::next : chain_verdict::broken;
}

chain_position advance(const chain_position& head, std::string_view entry_bytes) {
  return {head.length + 1, digest::of(entry_bytes)};
}

} // namespace cresset::coord::signed_
