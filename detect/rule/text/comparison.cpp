#include "detect/rule/text/comparison.hpp"

#include <algorithm>

namespace cresset::detect::rule::text {

namespace {

constexpr bool continues_name(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/// The longest of the names that stands at the front of `text` as a word of its own; null when none
/// does.
const named_number* find_name(std::string_view text, std::span<const named_number> names) noexcept {
  const named_number* best = nullptr;
  for (const auto& name : names) {
    const auto size = name.name.size();
    if (text.size() < size || !equals_caseless(text.substr(0, size), name.name))
      continue;
    if (text.size() > size && continues_name(text[size]))
      continue;
    if (best == nullptr || size > best->name.size())
      best = &name;
  }
  return best;
}

unsigned read_unit(text_cursor& in) {
  if (in.skip_caseless("kib") || in.skip_caseless("kb"))
    return 10;
  if (in.skip_caseless("mib") || in.skip_caseless("mb"))
    return 20;
  if (in.skip_caseless("gib") || in.skip_caseless("gb"))
    return 30;
  return 0;
}

/// A number with a unit behind it, or one of the names. Names first: "1.2" is one of tls.version's.
parsed<std::uint64_t> read_value(text_cursor& in, const number_form& form) {
  in.skip_blanks();
  if (const auto* name = find_name(in.rest(), form.names)) {
    in.skip(in.rest().substr(0, name->name.size()));
    in.skip_blanks();
    return name->number;
  }
  const auto number = in.number();
  if (!number && form.names.empty())
    return in.fail(errc::number_expected, "a number is expected");
  if (!number)
    return in.fail(errc::unknown_value, "neither a number nor a known name");
  const auto shift = read_unit(in);
  if (*number > (form.most >> shift))
    return in.fail(errc::out_of_range, "the number is larger than the field can hold");
  in.skip_blanks();
  return *number << shift;
}

parsed<comparison> finish(comparison made, const text_cursor& in, bool possible) {
  if (!in.empty())
    return in.fail(errc::syntax, "there is text behind the number");
  if (!possible)
    return in.fail(errc::empty_range, "no value can satisfy this");
  return made;
}

/// `&mask=value`, `&mask!=value`; behind the '&'.
parsed<comparison> read_masked(text_cursor in, const number_form& form) {
  const number_form mask_form{form.most};
  comparison made;
  const auto mask = read_value(in, mask_form);
  if (!mask)
    return unexpected{mask.error()};
  made.mask = *mask;
  made.negated = in.skip("!");
  if (!in.skip("="))
    return in.fail(errc::syntax, "= or != is expected behind the mask");
  const auto value = read_value(in, mask_form);
  if (!value)
    return unexpected{value.error()};
  made.least = made.most = *value;
  return finish(made, in, made.negated || (*value & ~*mask) == 0);
}

/// `N`, `N-M`, `N<>M`.
parsed<comparison> read_range(text_cursor in, const number_form& form, bool negated,
                              bool exact_only) {
  comparison made;
  made.negated = negated;
  const auto first = read_value(in, form);
  if (!first)
    return unexpected{first.error()};
  made.least = made.most = *first;
  if (exact_only || !(in.skip("<>") || in.skip("-")))
    return finish(made, in, true);
  const auto last = read_value(in, form);
  if (!last)
    return unexpected{last.error()};
  if (form.inclusive_ranges) {
    made.most = *last;
    return finish(made, in, *first <= *last);
  }
  const bool possible = *first < *last && *last - *first >= 2;
  made.least = *first + (possible ? 1 : 0);
  made.most = *last - (possible ? 1 : 0);
  return finish(made, in, possible);
}

} // namespace

parsed<comparison> parse_comparison(text_cursor in, const number_form& form) {
  in = in.trimmed();
  comparison made;
  made.most = UINT64_MAX;
  if (in.skip("&"))
    return read_masked(in, form);
  const bool below = in.skip("<");
  const bool above = !below && in.skip(">");
  if (below || above) {
    const bool closed = in.skip("=");
    const auto value = read_value(in, form);
    if (!value)
      return unexpected{value.error()};
    if (below) {
      made.most = closed ? *value : *value - 1;
      return finish(made, in, closed || *value > 0);
    }
    made.least = closed ? *value : *value + 1;
    return finish(made, in, closed || *value < form.most);
  }
  const bool negated = in.skip("!");
  const bool equals = in.skip("=");
  return read_range(in, form, negated, equals);
}

} // namespace cresset::detect::rule::text
