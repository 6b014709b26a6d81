// A recogniser, not a parser: one pass by recursive descent, no allocation, depth bounded by a
// counter.
#include "detect/alert/json_members.hpp"

#include "detect/alert/utf8.hpp"

#include <cstddef>
#include <cstdint>

namespace cresset::detect::alert {
namespace {

constexpr int depth_limit = 32;

class recogniser {
public:
  explicit recogniser(std::string_view text) noexcept : text_{text} {}

  bool members_to_the_end() noexcept { return members(0) && (skip_space(), at_end()); }
  bool is_blank() noexcept { return skip_space(), at_end(); }

private:
  bool at_end() const noexcept { return position_ == text_.size(); }
  char peek() const noexcept { return at_end() ? '\0' : text_[position_]; }
  bool skip(char c) noexcept {
    if (at_end() || text_[position_] != c)
      return false;
    ++position_;
    return true;
  }
  bool skip(std::string_view word) noexcept {
    if (!text_.substr(position_).starts_with(word))
      return false;
    position_ += word.size();
    return true;
  }
  void skip_space() noexcept {
    while (!at_end() &&
           std::string_view{" \t\r\n"}.find(text_[position_]) != std::string_view::npos)
      ++position_;
  }

  bool members(int depth) noexcept {
    do {
      skip_space();
      if (!string())
        return false;
      skip_space();
      if (!skip(':') || !value(depth))
        return false;
      skip_space();
    } while (skip(','));
    return true;
  }

  bool elements(int depth) noexcept {
    do {
      if (!value(depth))
        return false;
      skip_space();
    } while (skip(','));
    return true;
  }

  bool value(int depth) noexcept {
    if (depth > depth_limit)
      return false;
    skip_space();
    switch (peek()) {
    case '{':
      ++position_;
      skip_space();
      return skip('}') || (members(depth + 1) && skip('}'));
    case '[':
      ++position_;
      skip_space();
      return skip(']') || (elements(depth + 1) && skip(']'));
    case '"': return string();
    case 't': return skip("true");
    case 'f': return skip("false");
    case 'n': return skip("null");
    default: return number();
    }
  }

  bool digits() noexcept {
    const auto begin = position_;
    while (peek() >= '0' && peek() <= '9')
      ++position_;
    return position_ > begin;
  }

  bool number() noexcept {
    skip('-');
    if (!skip('0') && !digits())
      return false;
    if (skip('.') && !digits())
      return false;
    if (skip('e') || skip('E')) {
      if (!skip('+'))
        skip('-');
      return digits();
    }
    return true;
  }

  bool string() noexcept {
    if (!skip('"'))
      return false;
    while (!at_end()) {
      const auto byte = static_cast<unsigned char>(text_[position_]);
      if (byte == '"') {
        ++position_;
        return true;
      }
      if (byte < 0x20 || !(byte == '\\' ? escape() : character()))
        return false;
    }
    return false;
  }

  /// The unit behind "\u", four digits; 0, which is refused anyway, if they are not there.
  std::uint32_t unit() noexcept {
    std::uint32_t value = 0;
    for (int i = 0; i < 4; ++i) {
      const auto digit =
          std::string_view{"0123456789abcdef"}.find(static_cast<char>(peek() | 0x20));
      if (digit == std::string_view::npos || peek() < '0')
        return 0;
      value = value << 4 | static_cast<std::uint32_t>(digit);
      ++position_;
    }
    return value;
  }

  bool escape() noexcept {
    ++position_;
    if (!skip('u')) {
      if (at_end() ||
          std::string_view{"\"\\/bfnrt"}.find(text_[position_]) == std::string_view::npos)
        return false;
      ++position_;
      return true;
    }
    const auto first = unit();
    if (first == 0 || (first >= 0xdc00 && first <= 0xdfff))
      return false;
    if (first < 0xd800 || first > 0xdbff)
      return true;
    const auto second = skip("\\u") ? unit() : 0;
    return second >= 0xdc00 && second <= 0xdfff;
  }

  bool character() noexcept {
    const auto length = utf8_length(text_.substr(position_));
    position_ += length;
    return length > 0;
  }

  std::string_view text_;
  std::size_t position_ = 0;
};

} // namespace

bool is_json_members(std::string_view text) noexcept {
  return recogniser{text}.is_blank() || recogniser{text}.members_to_the_end();
}

} // namespace cresset::detect::alert
