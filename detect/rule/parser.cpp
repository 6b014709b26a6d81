#include "detect/rule/parser.hpp"

#include "detect/rule/keywords.hpp"
#include "detect/rule/options/requires.hpp"
#include "detect/rule/text/lexer.hpp"

namespace cresset::detect::rule {

using text::errc;
using text::parsed;
using text::refusal;
using text::text_cursor;

namespace {

text_cursor value_of(const text::raw_option& option) {
  return text_cursor{option.value, option.value_at};
}

/// Weighed before all else, since the rest may be of a language we do not read.
parsed<void> check_requirements(const text::raw_rule& cut) {
  for (const auto& option : cut.options) {
    if (!text::equals_caseless(option.name, "requires"))
      continue;
    const auto met = options::is_met(value_of(option), knows_keyword);
    if (!met)
      return unexpected{met.error()};
    if (!*met)
      return value_of(option).fail(errc::unmet_requirement,
                                   "the rule is for another engine or version");
  }
  return {};
}

} // namespace

parsed<rule> parser::parse(std::string_view text) {
  const auto cut = text::cut(text);
  if (!cut)
    return unexpected{cut.error()};
  if (auto fine = check_requirements(*cut); !fine)
    return unexpected{fine.error()};
  auto head = parse_header(*cut, names_);
  if (!head)
    return unexpected{head.error()};
  rule made;
  made.header = *std::move(head);
  made.noalert = made.header.action == action::config;
  rule_builder building{made};
  for (const auto& option : cut->options) {
    auto read = read_option(building, text::lower(option.name), value_of(option));
    if (!read && read.error().why == errc::unknown_keyword)
      read.error().offset = option.name_at;
    if (!read)
      return unexpected{read.error()};
  }
  if (auto fine = building.finish(); !fine)
    return unexpected{fine.error()};
  made.text = text;
  return made;
}

std::uint32_t parser::find_sid(std::string_view text) noexcept {
  for (auto at = text.find("sid"); at != std::string_view::npos; at = text.find("sid", at + 1)) {
    const bool begins =
        at == 0 || std::string_view{" \t;("}.find(text[at - 1]) != std::string_view::npos;
    text_cursor in{text.substr(at + 3)};
    in.skip_blanks();
    if (!begins || !in.skip(":"))
      continue;
    in.skip_blanks();
    const auto number = in.number();
    if (number && *number <= UINT32_MAX)
      return static_cast<std::uint32_t>(*number);
  }
  return 0;
}

} // namespace cresset::detect::rule
