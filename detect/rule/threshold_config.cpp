#include "detect/rule/threshold_config.hpp"

#include "detect/rule/text/text_cursor.hpp"

#include <algorithm>

namespace cresset::detect::rule {

using text::errc;
using text::parsed;
using text::refusal;
using text::text_cursor;

namespace {

constexpr std::size_t line_limit = 65'536;

/// The words of one line, `name value` between commas that stand outside brackets.
struct named_values {
  std::vector<std::pair<std::string, text_cursor>> words;

  std::optional<text_cursor> find(std::string_view name) const {
    for (const auto& [word, value] : words)
      if (word == name)
        return value;
    return std::nullopt;
  }
};

parsed<named_values> cut_words(text_cursor in) {
  named_values made;
  const auto text = in.rest();
  int depth = 0;
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    if (i < text.size() && text[i] == '[')
      ++depth;
    if (i < text.size() && text[i] == ']')
      --depth;
    if (i < text.size() && (text[i] != ',' || depth > 0))
      continue;
    auto piece = text_cursor{text.substr(begin, i - begin), in.position() + begin}.trimmed();
    const auto name = piece.word();
    if (name.empty())
      return piece.fail(errc::syntax, "a word and its value are expected");
    made.words.emplace_back(text::lower(name), piece.trimmed());
    begin = i + 1;
  }
  return made;
}

parsed<std::uint32_t> number_of(const named_values& words, std::string_view name,
                                const text_cursor& line) {
  const auto value = words.find(name);
  if (!value)
    return line.fail(errc::missing, std::string{name} + " is missing");
  auto rest = *value;
  const auto number = rest.number();
  if (!number || !rest.empty() || *number > UINT32_MAX)
    return value->fail(errc::number_expected, "a number of 32 bits is expected");
  return static_cast<std::uint32_t>(*number);
}

parsed<rule_selector> read_selector(const named_values& words, const text_cursor& line) {
  const auto gid = number_of(words, "gen_id", line);
  if (!gid)
    return unexpected{gid.error()};
  const auto sid = number_of(words, "sig_id", line);
  if (!sid)
    return unexpected{sid.error()};
  if (*gid == 0 && *sid != 0)
    return line.fail(errc::contradiction, "gen_id 0 goes with sig_id 0 only");
  return rule_selector{*gid, *sid};
}

parsed<suppression> read_suppression(const named_values& words, const text_cursor& line,
                                     variables& names) {
  const auto rules = read_selector(words, line);
  if (!rules)
    return unexpected{rules.error()};
  suppression made;
  made.rules = *rules;
  const auto track = words.find("track");
  const auto addresses = words.find("ip");
  if (track.has_value() != addresses.has_value())
    return line.fail(errc::missing, "track and ip belong together");
  if (!track)
    return made;
  if (track->rest() == "by_src")
    made.track = suppression::side::source;
  else if (track->rest() == "by_dst")
    made.track = suppression::side::destination;
  else if (track->rest() == "by_either")
    made.track = suppression::side::either;
  else
    return track->fail(errc::unknown_value, "by_src, by_dst or by_either is expected");
  auto set = names.addresses(addresses->rest(), addresses->position());
  if (!set)
    return unexpected{set.error()};
  made.addresses = *std::move(set);
  return made;
}

/// The words that options::parse_threshold knows, as one text again.
std::string joined(const named_values& words, std::initializer_list<std::string_view> wanted) {
  std::string text;
  for (const auto& [word, value] : words.words)
    if (std::find(wanted.begin(), wanted.end(), word) != wanted.end())
      text += (text.empty() ? "" : ",") + word + " " + std::string{value.rest()};
  return text;
}

parsed<threshold_override> read_threshold(const named_values& words, const text_cursor& line) {
  const auto rules = read_selector(words, line);
  if (!rules)
    return unexpected{rules.error()};
  const auto text = joined(words, {"type", "track", "count", "seconds", "multiplier"});
  const auto read = options::parse_threshold(text_cursor{text});
  if (!read)
    return line.fail(read.error().why, read.error().reason);
  return threshold_override{*rules, *read};
}

parsed<rate_filter> read_rate_filter(const named_values& words, const text_cursor& line) {
  const auto rules = read_selector(words, line);
  if (!rules)
    return unexpected{rules.error()};
  const auto text = joined(words, {"track", "count", "seconds"});
  const auto read = options::parse_detection_filter(text_cursor{text});
  if (!read)
    return line.fail(read.error().why, read.error().reason);
  const auto timeout = number_of(words, "timeout", line);
  if (!timeout)
    return unexpected{timeout.error()};
  const auto action_word = words.find("new_action");
  constexpr std::pair<std::string_view, action> actions[] = {{"alert", action::alert},
                                                             {"drop", action::drop},
                                                             {"pass", action::pass},
                                                             {"reject", action::reject}};
  for (const auto& [word, meant] : actions)
    if (action_word && action_word->rest() == word)
      return rate_filter{*rules, read->track, read->count, read->seconds, meant, *timeout};
  return line.fail(errc::unknown_value, "new_action alert, drop, pass or reject is expected");
}

parsed<void> read_line(text_cursor line, variables& names, threshold_config& into) {
  const auto whole = line;
  const auto kind = text::lower(line.word());
  if (line.peek() == ':')
    line.skip(":");
  const auto words = cut_words(line.trimmed());
  if (!words)
    return unexpected{words.error()};
  const auto keep = [](auto read, auto& list) -> parsed<void> {
    if (!read)
      return unexpected{read.error()};
    list.push_back(*std::move(read));
    return {};
  };
  if (kind == "suppress")
    return keep(read_suppression(*words, whole, names), into.suppressions);
  if (kind == "threshold" || kind == "event_filter")
    return keep(read_threshold(*words, whole), into.thresholds);
  if (kind == "rate_filter")
    return keep(read_rate_filter(*words, whole), into.rate_filters);
  return whole.fail(errc::unknown_keyword,
                    "suppress, threshold, event_filter or rate_filter is expected");
}

} // namespace

threshold_config parse_threshold_config(std::string_view text, variables& names) {
  threshold_config made;
  for (std::size_t at = 0; at < text.size();) {
    const auto begin = at;
    std::string joined;
    for (bool more = true; more && at < text.size();) {
      const auto end = std::min(text.find('\n', at), text.size());
      auto part = text.substr(at, end - at);
      at = end + 1;
      if (part.ends_with('\r'))
        part.remove_suffix(1);
      more = part.ends_with('\\');
      // A blank for the backslash and one for the line's end keep positions right for all but the
      // rest of the file.
      joined += more ? std::string{part.substr(0, part.size() - 1)} + "  " : std::string{part};
    }
    const auto line = text_cursor{joined, begin}.trimmed();
    if (line.empty() || line.peek() == '#')
      continue;
    if (joined.size() > line_limit)
      made.refusals.push_back({errc::limit, "a line longer than 65536 bytes", begin});
    else if (auto read = read_line(line, names, made); !read)
      made.refusals.push_back(read.error());
  }
  return made;
}

} // namespace cresset::detect::rule
