// pcre:"/expression/flags, flow:name, pkt:name"
//
// The expression ends at the last unescaped '/' before the flags; names of captures, which may hold
// '/' themselves, are cut off first: they begin at the first ", flow:" (or pkt:, alert:) that
// stands behind a '/' and flags.

#include "detect/rule/payload/pcre.hpp"

#include "detect/rule/text/lexer.hpp"

#include <utility>

namespace cresset::detect::rule::payload {

using text::errc;
using text::parsed;
using text::refusal;
using text::text_cursor;

namespace {

constexpr std::size_t capture_limit = 32;

constexpr std::pair<char, std::string_view> buffer_letters[] = {
    {'U', "http.uri"},      {'I', "http.uri.raw"},    {'P', "http.request_body"},
    {'Q', "file.data"},     {'H', "http.header"},     {'D', "http.header.raw"},
    {'M', "http.method"},   {'C', "http.cookie"},     {'S', "http.stat_code"},
    {'Y', "http.stat_msg"}, {'V', "http.user_agent"}, {'W', "http.host"},
    {'Z', "http.host.raw"},
};

constexpr std::pair<std::string_view, pcre::scope> scopes[] = {
    {"flow:", pcre::scope::flow}, {"pkt:", pcre::scope::packet}, {"alert:", pcre::scope::alert}};

bool is_flag(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// Where the '/' stands that ends the expression of `text` (which holds no captures); npos when
/// there is none.
std::size_t closing_slash(std::string_view text) noexcept {
  auto end = text.size();
  while (end > 0 && (is_flag(text[end - 1]) || text[end - 1] == ' '))
    --end;
  if (end < 2 || text[end - 1] != '/')
    return std::string_view::npos;
  return end - 1;
}

/// Where the comma before the captures stands; the size of the text when there are none.
std::size_t captures_begin(std::string_view text) noexcept {
  for (auto comma = text.find(','); comma != std::string_view::npos;
       comma = text.find(',', comma + 1)) {
    auto behind = text_cursor{text.substr(comma + 1)}.trimmed().rest();
    for (const auto& [word, scope] : scopes)
      if (behind.starts_with(word) &&
          closing_slash(text.substr(0, comma)) != std::string_view::npos)
        return comma;
  }
  return text.size();
}

parsed<void> read_captures(pcre& made, text_cursor in) {
  const auto pieces = text::split(in, ',', capture_limit);
  if (!pieces)
    return unexpected{pieces.error()};
  for (auto piece : *pieces) {
    const auto before = made.captures.size();
    for (const auto& [word, scope] : scopes)
      if (made.captures.size() == before && piece.skip(word))
        made.captures.push_back({scope, std::string{piece.rest()}});
    if (made.captures.size() == before || made.captures.back().name.empty())
      return piece.fail(errc::syntax, "flow:, pkt: or alert: and a name are expected");
  }
  return {};
}

bool set_flag(pcre& made, char flag) noexcept {
  switch (flag) {
  case 'i': made.caseless = true; return true;
  case 'm': made.multiline = true; return true;
  case 's': made.dot_all = true; return true;
  case 'x': made.extended = true; return true;
  case 'A': made.anchored = true; return true;
  case 'E': made.dollar_end_only = true; return true;
  case 'G': made.ungreedy = true; return true;
  case 'R': made.relative = true; return true;
  case 'O': made.own_match_limit = true; return true;
  case 'B': return true; // raw bytes: kept for old rules, means nothing
  default: return false;
  }
}

parsed<void> read_flags(pcre& made, text_cursor in) {
  for (; !in.empty(); in = text_cursor{in.rest().substr(1), in.position() + 1}) {
    const char flag = in.peek();
    if (flag == ' ' || set_flag(made, flag))
      continue;
    std::string_view buffer;
    for (const auto& [letter, name] : buffer_letters)
      if (letter == flag)
        buffer = name;
    if (buffer.empty())
      return in.fail(errc::unknown_value, std::string{"no pcre flag '"} + flag + "'");
    if (!made.buffer.empty() && made.buffer != buffer)
      return in.fail(errc::contradiction, "one pcre can look at one buffer only");
    made.buffer = buffer;
  }
  return {};
}

} // namespace

parsed<pcre> parse_pcre(text_cursor in) {
  const auto value = text::unquote(in.rest(), in.position());
  if (!value)
    return unexpected{value.error()};
  const auto split_at = captures_begin(value->text);
  const auto expression = value->text.substr(0, split_at);
  const auto slash = closing_slash(expression);
  if (!expression.starts_with('/') || slash == std::string_view::npos || slash == 0)
    return unexpected{
        refusal{errc::syntax, "an expression between slashes is expected", value->at}};
  pcre made;
  made.negated = value->negated;
  made.pattern = expression.substr(1, slash - 1);
  if (made.pattern.empty() || made.pattern.size() > pcre::pattern_limit)
    return unexpected{
        refusal{errc::limit, "an expression of 1 to 8192 bytes is expected", value->at}};
  if (auto fine =
          read_flags(made, text_cursor{expression.substr(slash + 1), value->at + slash + 1});
      !fine)
    return unexpected{fine.error()};
  if (split_at < value->text.size()) {
    const text_cursor names{value->text.substr(split_at + 1), value->at + split_at + 1};
    if (auto fine = read_captures(made, names); !fine)
      return unexpected{fine.error()};
  }
  if (made.negated && !made.captures.empty())
    return unexpected{refusal{errc::contradiction, "a negated pcre captures nothing", value->at}};
  return made;
}

} // namespace cresset::detect::rule::payload
