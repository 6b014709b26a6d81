#include "detect/proto/quic/crypto_stream.hpp"

namespace cresset::detect::proto::quic {

bool crypto_stream::insert(std::uint64_t offset, byte_view bytes) {
  if (offset > limit_bytes || bytes.size() > limit_bytes - offset)
    return false;
  if (offset > in_order_.size()) {
    if (later_.size() >= limit_pieces)
      return false;
    auto& place = later_[offset];
    if (bytes.size() > place.size())
      place.assign(bytes.begin(), bytes.end());
    return true;
  }
  const auto known = in_order_.size() - static_cast<std::size_t>(offset);
  if (bytes.size() > known)
    in_order_.insert(in_order_.end(), bytes.begin() + static_cast<std::ptrdiff_t>(known),
                     bytes.end());
  while (!later_.empty() && later_.begin()->first <= in_order_.size()) {
    const auto next = later_.extract(later_.begin());
    const auto seen = in_order_.size() - static_cast<std::size_t>(next.key());
    if (next.mapped().size() > seen)
      in_order_.insert(in_order_.end(), next.mapped().begin() + static_cast<std::ptrdiff_t>(seen),
                       next.mapped().end());
  }
  return true;
}

std::optional<byte_view> crypto_stream::message() const noexcept {
  constexpr std::size_t head_size = 4;
  if (in_order_.size() < head_size)
    return std::nullopt;
  const auto at = [&](std::size_t i) { return std::to_integer<std::size_t>(in_order_[i]); };
  const auto size = head_size + (at(1) << 16U | at(2) << 8U | at(3));
  if (in_order_.size() < size)
    return std::nullopt;
  return byte_view{in_order_}.first(size);
}

} // namespace cresset::detect::proto::quic
