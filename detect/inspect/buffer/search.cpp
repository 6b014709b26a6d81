// Searching for one literal in one buffer, after a scan has found that the rule may match.
// Case-sensitive: memmem, which is two-way search with vector instructions in glibc; memchr for a
// rare byte of needles of up to three bytes, which memmem looks for byte by byte. Folded: memchr
// for both cases of one byte of the needle, chosen to be rare, then a comparison.
#include "detect/inspect/buffer/search.hpp"

#include <algorithm>
#include <array>
#include <cstring>

namespace cresset::detect::inspect::buffer {
namespace {

constexpr char fold(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

/// How common a byte is in traffic, roughly: letters and blanks are, most others are not.
constexpr int commonness(char c) noexcept {
  constexpr std::string_view frequent = " etaonisrhldcumfpgwybvkxjqz0123456789/.-=&\r\n";
  const auto place = frequent.find(fold(c));
  if (c == '\0')
    return 100;
  return place == std::string_view::npos ? 0 : static_cast<int>(frequent.size() - place);
}

bool equal_folded(const char* text, std::string_view folded) noexcept {
  for (std::size_t i = 0; i < folded.size(); ++i)
    if (fold(text[i]) != folded[i])
      return false;
  return true;
}

} // namespace

needle::needle(std::string_view bytes, bool nocase) : bytes_{bytes}, nocase_{nocase} {
  if (!nocase)
    return;
  std::transform(bytes_.begin(), bytes_.end(), bytes_.begin(), fold);
  const auto rarest = std::min_element(
      bytes_.begin(), bytes_.end(), [](char a, char b) { return commonness(a) < commonness(b); });
  anchor_ = static_cast<std::size_t>(rarest - bytes_.begin());
}

bool needle::stands_at(byte_view text, std::size_t at) const noexcept {
  if (at > text.size() || text.size() - at < bytes_.size())
    return false;
  const auto* here = as_text(text).data() + at;
  return nocase_ ? equal_folded(here, bytes_)
                 : std::memcmp(here, bytes_.data(), bytes_.size()) == 0;
}

std::optional<std::size_t> needle::find(byte_view text, std::size_t from,
                                        std::size_t end) const noexcept {
  end = std::min(end, text.size());
  if (bytes_.empty() || from > end || end - from < bytes_.size())
    return std::nullopt;
  const auto range = as_text(text.first(end));
  if (nocase_)
    return find_folded(range, from);
  if (bytes_.size() <= 3)
    return find_short(range, from);
  const void* found =
      memmem(range.data() + from, range.size() - from, bytes_.data(), bytes_.size());
  if (found == nullptr)
    return std::nullopt;
  return static_cast<std::size_t>(static_cast<const char*>(found) - range.data());
}

std::optional<std::size_t> needle::find_short(std::string_view text,
                                              std::size_t from) const noexcept {
  const char* const last = text.data() + text.size() - bytes_.size() + anchor_;
  for (const char* at = text.data() + from + anchor_; at <= last; ++at) {
    at = static_cast<const char*>(
        std::memchr(at, bytes_[anchor_], static_cast<std::size_t>(last - at) + 1));
    if (at == nullptr)
      return std::nullopt;
    if (std::memcmp(at - anchor_, bytes_.data(), bytes_.size()) == 0)
      return static_cast<std::size_t>(at - anchor_ - text.data());
  }
  return std::nullopt;
}

std::optional<std::size_t> needle::find_folded(std::string_view text,
                                               std::size_t from) const noexcept {
  const char low = bytes_[anchor_];
  const char high = low >= 'a' && low <= 'z' ? static_cast<char>(low - 32) : low;
  const char* const last =
      text.data() + text.size() - bytes_.size() + anchor_; // last place of the anchor
  const char* at = text.data() + from + anchor_;
  // The next place of either case; remembered, so that a case that does not occur is looked for
  // once.
  const auto next = [last](const char* begin, char byte) {
    const void* found = begin > last
                            ? nullptr
                            : std::memchr(begin, byte, static_cast<std::size_t>(last - begin) + 1);
    return found == nullptr ? last + 1 : static_cast<const char*>(found);
  };
  const char* next_low = next(at, low);
  const char* next_high = high == low ? last + 1 : next(at, high);
  while ((at = std::min(next_low, next_high)) <= last) {
    if (equal_folded(at - anchor_, bytes_))
      return static_cast<std::size_t>(at - anchor_ - text.data());
    if (at == next_low)
      next_low = next(at + 1, low);
    else
      next_high = next(at + 1, high);
  }
  return std::nullopt;
}

} // namespace cresset::detect::inspect::buffer
