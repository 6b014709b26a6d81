#pragma once

#include "detect/rule/text/refusal.hpp"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace cresset::detect::rule::text {

/// Reads rule text from front to back. It owns nothing: the text must outlive it. A cursor on a
/// part of a longer text knows where that part begins, so that every refusal points into the whole.
class text_cursor {
public:
  explicit constexpr text_cursor(std::string_view text, std::size_t begins_at = 0) noexcept
      : text_{text}, begins_at_{begins_at} {}

  constexpr bool empty() const noexcept { return position_ == text_.size(); }
  /// The next character; 0 at the end.
  constexpr char peek() const noexcept { return empty() ? '\0' : text_[position_]; }
  /// What is left, without moving.
  constexpr std::string_view rest() const noexcept { return text_.substr(position_); }
  /// Bytes from the start of the whole text.
  constexpr std::size_t position() const noexcept { return begins_at_ + position_; }

  /// Moves over `expected` if it is what comes next.
  bool skip(std::string_view expected) noexcept;
  /// The same, not minding upper or lower case.
  bool skip_caseless(std::string_view expected) noexcept;
  /// Moves over blanks and tabs.
  void skip_blanks() noexcept;
  /// Takes the longest run of letters, digits, '_', '-' and '.'; empty when there is none.
  std::string_view word() noexcept;
  /// Takes what comes before `stop` (or the end), without blanks around it, and moves behind
  /// `stop`. The answer is a cursor of its own.
  text_cursor until(char stop) noexcept;
  /// The same text without blanks at its end and start.
  text_cursor trimmed() const noexcept;

  /// An unsigned number, decimal or 0x…; nothing, and no move, when there is none or it does not
  /// fit 64 bits.
  std::optional<std::uint64_t> number() noexcept;
  /// A number that may carry a sign.
  std::optional<std::int64_t> signed_number() noexcept;
  /// A non-negative decimal fraction.
  std::optional<double> fraction() noexcept;

  /// A refusal at the current position.
  unexpected<refusal> fail(errc why, std::string reason) const;

private:
  std::string_view text_;
  std::size_t position_ = 0;
  std::size_t begins_at_ = 0;
};

/// Cuts all of `in` at `separator`; each piece is without blanks around it. At most `limit` pieces,
/// else a refusal.
parsed<std::vector<text_cursor>> split(text_cursor in, char separator, std::size_t limit = 64);

/// Lower-case copy (ASCII only).
std::string lower(std::string_view text);
/// Equality that does not mind the case of ASCII letters.
bool equals_caseless(std::string_view a, std::string_view b) noexcept;

} // namespace cresset::detect::rule::text
