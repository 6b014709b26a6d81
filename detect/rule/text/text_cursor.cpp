#include "detect/rule/text/text_cursor.hpp"

#include <algorithm>
#include <charconv>

namespace cresset::detect::rule::text {

namespace {

// Not <cctype>: rules are ASCII whatever the locale says.
constexpr bool is_blank(char c) noexcept {
  return c == ' ' || c == '\t' || c == '\r';
}
constexpr char lowered(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}
constexpr bool is_word(char c) noexcept {
  const char l = lowered(c);
  return (l >= 'a' && l <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
}

} // namespace

bool text_cursor::skip(std::string_view expected) noexcept {
  if (!rest().starts_with(expected))
    return false;
  position_ += expected.size();
  return true;
}

bool text_cursor::skip_caseless(std::string_view expected) noexcept {
  if (!equals_caseless(rest().substr(0, expected.size()), expected))
    return false;
  position_ += expected.size();
  return true;
}

void text_cursor::skip_blanks() noexcept {
  while (!empty() && is_blank(text_[position_]))
    ++position_;
}

std::string_view text_cursor::word() noexcept {
  const auto begin = position_;
  while (!empty() && is_word(text_[position_]))
    ++position_;
  return text_.substr(begin, position_ - begin);
}

text_cursor text_cursor::until(char stop) noexcept {
  const auto begin = position_;
  const auto found = text_.find(stop, begin);
  const auto end = found == std::string_view::npos ? text_.size() : found;
  position_ = found == std::string_view::npos ? end : end + 1;
  return text_cursor{text_.substr(begin, end - begin), begins_at_ + begin}.trimmed();
}

text_cursor text_cursor::trimmed() const noexcept {
  auto left = rest();
  std::size_t skipped = 0;
  while (!left.empty() && is_blank(left.front())) {
    left.remove_prefix(1);
    ++skipped;
  }
  while (!left.empty() && is_blank(left.back()))
    left.remove_suffix(1);
  return text_cursor{left, position() + skipped};
}

std::optional<std::uint64_t> text_cursor::number() noexcept {
  auto digits = rest();
  int base = 10;
  std::size_t prefix = 0;
  if (digits.starts_with("0x") || digits.starts_with("0X")) {
    base = 16;
    prefix = 2;
  }
  std::uint64_t value = 0;
  const auto* begin = digits.data() + prefix;
  const auto [end, problem] = std::from_chars(begin, digits.data() + digits.size(), value, base);
  if (problem != std::errc{} || end == begin)
    return std::nullopt;
  position_ += static_cast<std::size_t>(end - digits.data());
  return value;
}

std::optional<std::int64_t> text_cursor::signed_number() noexcept {
  const auto before = position_;
  const bool negative = skip("-");
  if (!negative)
    skip("+");
  const auto magnitude = number();
  if (!magnitude || *magnitude > static_cast<std::uint64_t>(INT64_MAX)) {
    position_ = before;
    return std::nullopt;
  }
  const auto value = static_cast<std::int64_t>(*magnitude);
  return negative ? -value : value;
}

std::optional<double> text_cursor::fraction() noexcept {
  const auto left = rest();
  if (left.empty() || !(left.front() >= '0' && left.front() <= '9'))
    return std::nullopt;
  double value = 0;
  const auto [end, problem] =
      std::from_chars(left.data(), left.data() + left.size(), value, std::chars_format::fixed);
  if (problem != std::errc{})
    return std::nullopt;
  position_ += static_cast<std::size_t>(end - left.data());
  return value;
}

unexpected<refusal> text_cursor::fail(errc why, std::string reason) const {
  return unexpected{refusal{why, std::move(reason), position()}};
}

parsed<std::vector<text_cursor>> split(text_cursor in, char separator, std::size_t limit) {
  std::vector<text_cursor> pieces;
  for (bool more = true; more;) {
    if (pieces.size() == limit)
      return in.fail(errc::limit, "the list is longer than this option allows");
    more = in.rest().find(separator) != std::string_view::npos;
    pieces.push_back(in.until(separator));
  }
  return pieces;
}

std::string lower(std::string_view text) {
  std::string copy{text};
  std::transform(copy.begin(), copy.end(), copy.begin(), lowered);
  return copy;
}

bool equals_caseless(std::string_view a, std::string_view b) noexcept {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lowered(x) == lowered(y); });
}

} // namespace cresset::detect::rule::text
