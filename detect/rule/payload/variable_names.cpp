#include "detect/rule/payload/variable_names.hpp"

#include <algorithm>

namespace cresset::detect::rule::payload {

using text::errc;
using text::parsed;
using text::text_cursor;

parsed<std::int16_t> variable_names::define(text_cursor name) {
  auto rest = name.trimmed();
  const auto begin = rest;
  const auto word = rest.word();
  const char first = word.empty() ? '0' : word.front();
  if (!rest.empty() || (first >= '0' && first <= '9') || first == '-')
    return begin.fail(errc::syntax, "the name of a byte variable is expected");
  const auto found = std::find(names_.begin(), names_.end(), word);
  if (found != names_.end())
    return static_cast<std::int16_t>(found - names_.begin());
  if (names_.size() == limit)
    return begin.fail(errc::limit, "more than 64 byte variables");
  names_.emplace_back(word);
  return static_cast<std::int16_t>(names_.size() - 1);
}

parsed<operand> variable_names::find(text_cursor name) const {
  const auto found = std::find(names_.begin(), names_.end(), name.rest());
  if (found == names_.end())
    return name.fail(errc::undefined_variable,
                     "no byte_extract or byte_math before this defines '" +
                         std::string{name.rest()} + "'");
  return operand{0, static_cast<std::int16_t>(found - names_.begin())};
}

parsed<operand> variable_names::read(text_cursor in, std::int64_t least, std::int64_t most) const {
  in = in.trimmed();
  if (in.empty())
    return in.fail(errc::number_expected, "a number or a byte variable is expected");
  auto rest = in;
  const auto number = rest.signed_number();
  if (!number || !rest.empty())
    return find(in);
  if (*number < least || *number > most)
    return in.fail(errc::out_of_range, "the number must lie between " + std::to_string(least) +
                                           " and " + std::to_string(most));
  return operand{*number, operand::no_slot};
}

parsed<operand> variable_names::read_unsigned(text_cursor in) const {
  in = in.trimmed();
  auto rest = in;
  if (const auto number = rest.number(); number && rest.empty())
    return operand{static_cast<std::int64_t>(*number), operand::no_slot};
  return read(in, INT32_MIN, INT64_MAX);
}

} // namespace cresset::detect::rule::payload
