#include "detect/proto/bittorrent_dht/bencode.hpp"

#include <charconv>

namespace cresset::detect::proto::bittorrent_dht {

std::optional<std::string_view> bencode_reader::text() noexcept {
  std::uint32_t size = 0;
  const auto* const end = rest_.data() + rest_.size();
  const auto [behind, error] = std::from_chars(rest_.data(), end, size);
  if (error != std::errc{} || behind == end || *behind != ':')
    return std::nullopt;
  const auto head = static_cast<std::size_t>(behind - rest_.data()) + 1;
  if (rest_.size() - head < size)
    return std::nullopt;
  const auto found = rest_.substr(head, size);
  rest_.remove_prefix(head + size);
  return found;
}

std::optional<std::int64_t> bencode_reader::number() noexcept {
  if (rest_.empty() || rest_.front() != 'i')
    return std::nullopt;
  std::int64_t value = 0;
  const auto* const end = rest_.data() + rest_.size();
  const auto [behind, error] = std::from_chars(rest_.data() + 1, end, value);
  if (error != std::errc{} || behind == end || *behind != 'e')
    return std::nullopt;
  rest_.remove_prefix(static_cast<std::size_t>(behind - rest_.data()) + 1);
  return value;
}

bool bencode_reader::enter(char kind) noexcept {
  if (!rest_.starts_with(kind))
    return false;
  rest_.remove_prefix(1);
  return true;
}

bool bencode_reader::leave() noexcept {
  return enter('e');
}

std::optional<std::string_view> bencode_reader::value() noexcept {
  const auto begin = rest_;
  unsigned depth = 0;
  do {
    if (rest_.starts_with('l') || rest_.starts_with('d')) {
      rest_.remove_prefix(1);
      ++depth;
    } else if (depth > 0 && rest_.starts_with('e')) {
      rest_.remove_prefix(1);
      --depth;
    } else if (!text() && !number()) {
      depth = depth_limit + 1;
    }
    if (depth > depth_limit) {
      rest_ = begin;
      return std::nullopt;
    }
  } while (depth > 0);
  return begin.substr(0, begin.size() - rest_.size());
}

} // namespace cresset::detect::proto::bittorrent_dht
