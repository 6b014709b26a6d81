#pragma once

#include "detect/rule/payload/operand.hpp"
#include "detect/rule/text/text_cursor.hpp"

#include <string>
#include <vector>

namespace cresset::detect::rule::payload {

/// The byte variables of one rule, in the order they are first defined; a name's index is its slot.
class variable_names {
public:
  /// Most variables of one rule.
  static constexpr std::size_t limit = 64;

  /// The slot of `name`, made if it is new; refused over the limit or when it is no name.
  text::parsed<std::int16_t> define(text::text_cursor name);
  /// Reads all of `in` as a number between `least` and `most` or as the name of a variable that is
  /// already defined.
  text::parsed<operand> read(text::text_cursor in, std::int64_t least, std::int64_t most) const;

  /// The same for a number of all 64 bits, which the operand then holds bit for bit.
  text::parsed<operand> read_unsigned(text::text_cursor in) const;

  const std::vector<std::string>& names() const noexcept { return names_; }

private:
  text::parsed<operand> find(text::text_cursor name) const;

  std::vector<std::string> names_;
};

} // namespace cresset::detect::rule::payload
