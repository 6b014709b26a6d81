// Cuts a rule:
//
//   alert tcp $HOME_NET any -> [1.2.3.4, !1.2.3.5] 80 ( msg:"a; b"; content:!"x\"y"; sid:1; )
//   ───── ─── ───────── ─── ── ──────────────────── ──   ──────────  ───────────────  ─────
//   header words: blanks part them outside brackets       options: ';' ends one outside quotes
//
// Quotes matter only for finding the ';'. A backslash takes the next character along, in quotes and
// outside.

#include "detect/rule/text/lexer.hpp"

#include "detect/rule/text/text_cursor.hpp"

namespace cresset::detect::rule::text {

namespace {

constexpr bool is_blank(char c) noexcept {
  return c == ' ' || c == '\t' || c == '\r';
}
constexpr std::size_t header_words = 7;

unexpected<refusal> refuse(errc why, std::string reason, std::size_t at) {
  return unexpected{refusal{why, std::move(reason), at}};
}

parsed<std::size_t> cut_header(std::string_view rule, std::vector<raw_rule::header_word>& words) {
  words.reserve(header_words);
  std::size_t at = 0;
  while (at < rule.size() && rule[at] != '(') {
    if (is_blank(rule[at])) {
      ++at;
      continue;
    }
    const auto begin = at;
    int depth = 0;
    for (; at < rule.size(); ++at) {
      if (rule[at] == '[')
        ++depth;
      else if (rule[at] == ']')
        --depth;
      else if (depth <= 0 && (is_blank(rule[at]) || rule[at] == '('))
        break;
    }
    if (depth != 0)
      return refuse(errc::syntax, "brackets do not match", begin);
    if (words.size() == header_words)
      return refuse(errc::syntax, "too many words before the parenthesis", begin);
    words.push_back({rule.substr(begin, at - begin), begin});
  }
  if (at == rule.size())
    return refuse(errc::syntax, "no '(' opens the options", at);
  if (words.size() != header_words)
    return refuse(errc::syntax,
                  "a rule begins with action, protocol, source, port, direction, destination, port",
                  at);
  return at;
}

/// Where the option that begins at `at` ends: at its ';', or at the end of `rule`.
std::size_t option_end(std::string_view rule, std::size_t at) {
  for (; at < rule.size(); ++at) {
    if (rule[at] == ';')
      return at;
    if (rule[at] == '\\')
      ++at;
  }
  return rule.size();
}

raw_option cut_option(std::string_view rule, std::size_t begin, std::size_t end) {
  const auto body = text_cursor{rule.substr(begin, end - begin), begin}.trimmed();
  const auto text = body.rest();
  const auto colon = text.find(':');
  raw_option made;
  made.has_value = colon != std::string_view::npos;
  const auto name = text_cursor{text.substr(0, colon), body.position()}.trimmed();
  made.name = name.rest();
  made.name_at = name.position();
  made.value_at = body.position() + text.size();
  if (made.has_value) {
    const auto value = text_cursor{text.substr(colon + 1), body.position() + colon + 1}.trimmed();
    made.value = value.rest();
    made.value_at = value.position();
  }
  return made;
}

} // namespace

parsed<raw_rule> cut(std::string_view rule) {
  if (rule.size() > rule_limit_bytes)
    return refuse(errc::limit, "the rule is longer than 65536 bytes", rule_limit_bytes);
  if (const auto nul = rule.find('\0'); nul != std::string_view::npos)
    return refuse(errc::syntax, "the rule holds a NUL", nul);
  while (!rule.empty() && is_blank(rule.back()))
    rule.remove_suffix(1);
  raw_rule made;
  const auto opened = cut_header(rule, made.header);
  if (!opened)
    return unexpected{opened.error()};
  if (!rule.ends_with(')') || rule.size() == *opened + 1)
    return refuse(errc::syntax, "no ')' closes the options", rule.size());
  rule.remove_suffix(1);
  made.options.reserve(16);
  std::size_t at = *opened + 1;
  while (at < rule.size()) {
    if (is_blank(rule[at])) {
      ++at;
      continue;
    }
    const auto end = option_end(rule, at);
    if (end == rule.size())
      return refuse(errc::syntax, "no ';' ends the option", at);
    if (made.options.size() == option_limit)
      return refuse(errc::limit, "more than 512 options", at);
    made.options.push_back(cut_option(rule, at, end));
    if (made.options.back().name.empty())
      return refuse(errc::syntax, "an option without name", at);
    at = end + 1;
  }
  if (made.options.empty())
    return refuse(errc::missing, "a rule without options", *opened);
  return made;
}

parsed<quoted_value> unquote(std::string_view value, std::size_t at) {
  text_cursor in{value, at};
  quoted_value made;
  made.negated = in.skip("!");
  in.skip_blanks();
  const auto text = in.rest();
  if (text.size() < 2 || text.front() != '"' || text.back() != '"')
    return in.fail(errc::syntax, "the value must stand in double quotes");
  made.text = text.substr(1, text.size() - 2);
  made.at = in.position() + 1;
  return made;
}

} // namespace cresset::detect::rule::text
