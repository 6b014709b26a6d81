// content:"GET |2f|index"; nocase; offset:3;
//
// The value becomes bytes: text as it stands, pairs of hexadecimal digits between bars, and a
// backslash before one of ; : " \ for that character. Modifiers come behind in any order, so what
// excludes what is checked once the next option begins.

#include "detect/rule/payload/content.hpp"

#include "detect/rule/payload/variable_names.hpp"
#include "detect/rule/text/lexer.hpp"

#include <array>

namespace cresset::detect::rule::payload {

using text::errc;
using text::parsed;
using text::refusal;
using text::text_cursor;

namespace {

constexpr std::int64_t distance_limit = 1'048'576;
constexpr std::int64_t offset_limit = 65'535;

constexpr int hex_digit(char c) noexcept {
  if (c >= '0' && c <= '9')
    return c - '0';
  if (c >= 'a' && c <= 'f')
    return c - 'a' + 10;
  if (c >= 'A' && c <= 'F')
    return c - 'A' + 10;
  return -1;
}

/// Reads the hexadecimal run behind a bar up to the bar that ends it; `at` moves behind that one.
bool read_hexadecimal(std::string_view text, std::size_t& at, std::string& out) {
  int high = -1;
  for (; at < text.size() && text[at] != '|'; ++at) {
    if (text[at] == ' ')
      continue;
    const int digit = hex_digit(text[at]);
    if (digit < 0)
      return false;
    if (high < 0) {
      high = digit;
    } else {
      out.push_back(static_cast<char>(high << 4 | digit));
      high = -1;
    }
  }
  if (at == text.size() || high >= 0)
    return false;
  ++at;
  return true;
}

parsed<std::string> read_pattern(std::string_view text, std::size_t begins_at) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    const auto here = begins_at + at;
    ++at;
    if (c == '|') {
      if (!read_hexadecimal(text, at, out))
        return unexpected{refusal{
            errc::syntax, "pairs of hexadecimal digits and a closing | are expected", here}};
    } else if (c == '\\') {
      if (at == text.size() || std::string_view{";:\"\\"}.find(text[at]) == std::string_view::npos)
        return unexpected{refusal{errc::syntax, "only ; : \" and \\ can follow a backslash", here}};
      out.push_back(text[at++]);
    } else {
      out.push_back(c);
    }
  }
  if (out.empty())
    return unexpected{refusal{errc::syntax, "an empty content", begins_at}};
  if (out.size() > content::pattern_limit)
    return unexpected{refusal{errc::limit, "a content longer than 8192 bytes", begins_at}};
  return out;
}

parsed<void> read_fast_pattern(content& target, text_cursor value) {
  if (target.fast_pattern != content::prefilter::automatic)
    return value.fail(errc::contradiction, "fast_pattern twice on one content");
  if (value.empty()) {
    target.fast_pattern = content::prefilter::whole;
    return {};
  }
  if (text::equals_caseless(value.rest(), "only")) {
    target.fast_pattern = content::prefilter::only;
    return {};
  }
  const auto offset = value.until(',').number();
  const auto length = value.trimmed().number();
  if (!offset || !length)
    return value.fail(errc::number_expected,
                      "fast_pattern takes nothing, `only`, or offset,length");
  if (*length == 0 || *offset > target.pattern.size() || *length > target.pattern.size() - *offset)
    return value.fail(errc::out_of_range, "the part of fast_pattern lies outside the content");
  target.fast_pattern = content::prefilter::part;
  target.part_offset = static_cast<std::uint16_t>(*offset);
  target.part_length = static_cast<std::uint16_t>(*length);
  return {};
}

parsed<void> read_place(std::optional<operand>& place, text_cursor value,
                        const variable_names& variables, std::int64_t least, std::int64_t most) {
  if (place)
    return value.fail(errc::contradiction, "the modifier stands twice on one content");
  const auto read = variables.read(value, least, most);
  if (!read)
    return unexpected{read.error()};
  place = *read;
  return {};
}

parsed<void> set_flag(bool& flag, text_cursor value) {
  if (!value.empty())
    return value.fail(errc::syntax, "the modifier takes no value");
  flag = true;
  return {};
}

bool is_smaller(const std::optional<operand>& place, std::size_t size) noexcept {
  return place && !place->is_variable() && place->number < static_cast<std::int64_t>(size);
}

unexpected<refusal> contradiction(std::string reason, std::size_t at) {
  return unexpected{refusal{errc::contradiction, std::move(reason), at}};
}

parsed<void> check_fast_pattern(const content& made, std::size_t at) {
  const bool placed = made.offset || made.depth || made.distance || made.within;
  if (made.fast_pattern == content::prefilter::automatic)
    return {};
  if (made.negated && (placed || made.fast_pattern != content::prefilter::whole))
    return contradiction(
        "a negated content with a place, or with only or part, cannot be the fast_pattern", at);
  if (made.fast_pattern == content::prefilter::only && placed)
    return contradiction("fast_pattern:only excludes offset, depth, distance and within", at);
  return {};
}

} // namespace

parsed<content> parse_content(text_cursor in) {
  const auto value = text::unquote(in.rest(), in.position());
  if (!value)
    return unexpected{value.error()};
  auto pattern = read_pattern(value->text, value->at);
  if (!pattern)
    return unexpected{pattern.error()};
  content made;
  made.pattern = *std::move(pattern);
  made.negated = value->negated;
  return made;
}

parsed<void> modify(content& target, std::string_view modifier, text_cursor value,
                    const variable_names& variables) {
  if (modifier == "nocase")
    return set_flag(target.nocase, value);
  if (modifier == "rawbytes")
    return set_flag(target.rawbytes, value);
  if (modifier == "startswith")
    return set_flag(target.starts_with, value);
  if (modifier == "endswith")
    return set_flag(target.ends_with, value);
  if (modifier == "fast_pattern")
    return read_fast_pattern(target, value);
  if (modifier == "offset")
    return read_place(target.offset, value, variables, 0, offset_limit);
  if (modifier == "depth")
    return read_place(target.depth, value, variables, 0, offset_limit);
  if (modifier == "distance")
    return read_place(target.distance, value, variables, -distance_limit, distance_limit);
  if (modifier == "within")
    return read_place(target.within, value, variables, -distance_limit, distance_limit);
  return value.fail(errc::unknown_keyword, "no such modifier of a content");
}

parsed<void> check(content& made, std::size_t at) {
  const bool absolute = made.offset || made.depth;
  const auto size = made.pattern.size();
  if (made.starts_with && (absolute || made.is_relative()))
    return contradiction("startswith excludes offset, depth, distance and within", at);
  if (absolute && made.is_relative())
    return contradiction("offset and depth cannot stand with distance or within on one content",
                         at);
  if (is_smaller(made.depth, size))
    return contradiction("depth is smaller than the content", at);
  if (is_smaller(made.within, size))
    return contradiction("within is smaller than the content", at);
  if (const auto fine = check_fast_pattern(made, at); !fine)
    return fine;
  if (made.starts_with) {
    made.offset = operand{};
    made.depth = operand{static_cast<std::int64_t>(size), operand::no_slot};
  }
  return {};
}

} // namespace cresset::detect::rule::payload
