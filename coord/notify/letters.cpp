#include "coord/notify/letters.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

namespace cresset::coord::notify {
namespace {

constexpr std::string_view known_names[] = {
    "incident",    "class",         "severity",    "tlp",       "tlp_meaning",  "exercise",
    "owner",       "greeting_name", "first_seen",  "last_seen", "observations", "victim",
    "attacker",    "traffic",       "message",     "alerts",    "more",         "note",
    "answer_link", "answer_until",  "answer_path", "count",     "matters",      "told",
    "thanks",      "answers",       "answer",      "at"};
constexpr std::string_view subject_start = "Subject: ";
constexpr std::size_t words_limit = 1000;

/// "Subject: …" as the first line, and what follows.
std::optional<std::pair<std::string, std::string>> split_subject(const std::string& file) {
  const auto end = file.find('\n');
  if (!file.starts_with(subject_start) || end == std::string::npos)
    return std::nullopt;
  return std::pair{file.substr(subject_start.size(), end - subject_start.size()),
                   file.substr(end + 1)};
}

std::string trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos)
    return {};
  return std::string{text.substr(first, text.find_last_not_of(" \t\r") - first + 1)};
}

expected<std::map<std::string, std::string, std::less<>>, std::string>
read_words(std::string_view text) {
  std::map<std::string, std::string, std::less<>> words;
  for (std::size_t line = 1; !text.empty(); ++line) {
    const auto end = std::min(text.find('\n'), text.size());
    const auto one = trimmed(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (one.empty() || one.front() == '#')
      continue;
    const auto equals = one.find('=');
    if (equals == std::string::npos || words.size() == words_limit)
      return unexpected{fmt::format("line {}: has to be 'code = words'", line)};
    words[trimmed(std::string_view{one}.substr(0, equals))] =
        trimmed(std::string_view{one}.substr(equals + 1));
  }
  return words;
}

} // namespace

std::string attacker_text(const incident::group_key& key, std::string_view many) {
  switch (key.level) {
  case incident::attacker_level::address: return key.attacker.to_string();
  case incident::attacker_level::prefix:
    return fmt::format("{}/{}", key.attacker.to_string(),
                       key.attacker.is_v4() ? incident::attacker_prefix_v4_bits
                                            : incident::attacker_prefix_v6_bits);
  case incident::attacker_level::many: break;
  }
  return std::string{many};
}

std::string tlp_label(incident::tlp label) {
  std::string text = "TLP:";
  for (const char c : incident::to_string(label))
    text += c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  return text;
}

std::string minute_text(timestamp at) {
  auto text = to_rfc3339_ms(at).substr(0, 16);
  text[10] = ' ';
  return text + " UTC";
}

std::string block_of(std::string_view text) {
  std::string block;
  for (bool is_first = true; is_first || !text.empty(); is_first = false) {
    const auto end = std::min(text.find('\n'), text.size());
    block += (is_first ? "" : "\n") + escaped(text.substr(0, end), escaping::plain);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return block;
}

std::string letters::wording::word(std::string_view group, std::string_view code) const {
  const auto found =
      words.find(group.empty() ? std::string{code} : fmt::format("{}.{}", group, code));
  return found == words.end() ? std::string{code} : found->second;
}

expected<letters::wording, std::string> letters::read(const language_files& files) {
  wording made;
  const auto instant = split_subject(files.instant);
  const auto digest = split_subject(files.digest);
  if (!instant || !digest)
    return unexpected{
        fmt::format("{}: line 1: has to be 'Subject: …'", instant ? "digest.txt" : "instant.txt")};
  const std::tuple<const char*, const std::string*, template_text*> all[] = {
      {"instant.txt (subject)", &instant->first, &made.instant_subject},
      {"instant.txt (text)", &instant->second, &made.instant},
      {"digest.txt (subject)", &digest->first, &made.digest_subject},
      {"digest.txt (text)", &digest->second, &made.digest},
      {"digest_item.txt", &files.digest_item, &made.digest_item},
      {"page.html", &files.page, &made.page}};
  for (const auto& [name, text, to] : all) {
    auto parsed = template_text::parse(*text, known_names);
    if (!parsed)
      return unexpected{fmt::format("{}: {}", name, parsed.error())};
    *to = *std::move(parsed);
  }
  auto words = read_words(files.words);
  if (!words)
    return unexpected{"words.txt: " + words.error()};
  made.words = *std::move(words);
  return made;
}

expected<letters, std::string> letters::from(const std::map<std::string, language_files>& files,
                                             const std::string& default_language) {
  letters made;
  made.default_ = default_language;
  for (const auto& [name, own] : files) {
    auto read_in = read(own);
    if (!read_in)
      return unexpected{fmt::format("{}/{}", name, read_in.error())};
    made.languages_.emplace(name, *std::move(read_in));
  }
  if (!made.languages_.contains(default_language))
    return unexpected{fmt::format("there are no files for the language '{}'", default_language)};
  return made;
}

const std::string& letters::language_for(const std::string& language) const noexcept {
  const auto found = languages_.find(language);
  return found == languages_.end() ? default_ : found->first;
}

values letters::values_of(const wording& in, const matter& what, const letter_context& with) {
  values v;
  v.texts["incident"] = what.name;
  v.texts["class"] = in.words.contains("type." + what.classified.type)
                         ? in.word("type", what.classified.type)
                         : in.word("class", what.classified.classification);
  v.texts["severity"] = std::to_string(what.severity);
  v.texts["tlp"] = tlp_label(what.label);
  v.texts["tlp_meaning"] = in.word("tlp", incident::to_string(what.label));
  v.texts["exercise"] = what.exercise ? "yes" : "";
  v.texts["owner"] = what.owner.name.empty() ? what.owner.key : what.owner.name;
  v.texts["greeting_name"] =
      with.greeting_name.empty() ? in.word("", "nobody") : with.greeting_name;
  v.texts["answer_link"] = with.answer_link;
  v.texts["answer_until"] = minute_text(with.answer_until);
  v.blocks["note"] = with.note.empty() ? std::string{} : block_of(with.note);
  const auto shown = std::min(what.observations.size(), letter_observations);
  v.texts["more"] =
      what.observations.size() > shown ? std::to_string(what.observations.size() - shown) : "";
  auto& list = v.lists["observations"];
  timestamp first = what.observations.empty() ? timestamp{} : what.observations.front().first_seen;
  timestamp last{};
  for (const auto& o : what.observations) {
    first = std::min(first, o.first_seen);
    last = std::max(last, o.last_seen);
    if (list.size() == shown)
      continue;
    values one;
    one.texts["victim"] = o.key.victim.to_string();
    one.texts["attacker"] = attacker_text(o.key, in.word("", "many"));
    one.texts["traffic"] = in.word("traffic", incident::to_string(o.key.way));
    one.texts["message"] = o.message;
    one.texts["alerts"] = std::to_string(o.alerts);
    one.texts["first_seen"] = minute_text(o.first_seen);
    one.texts["last_seen"] = minute_text(o.last_seen);
    list.push_back(std::move(one));
  }
  v.texts["first_seen"] = minute_text(first);
  v.texts["last_seen"] = minute_text(last);
  return v;
}

letter letters::instant(const std::string& language, const matter& what,
                        const letter_context& with) const {
  const auto& in = languages_.at(language_for(language));
  const auto v = values_of(in, what, with);
  return {escaped(in.instant_subject.render(v, escaping::plain), escaping::plain),
          in.instant.render(v, escaping::plain)};
}

std::string letters::digest_item(const std::string& language, const matter& what,
                                 const letter_context& with) const {
  const auto& in = languages_.at(language_for(language));
  return in.digest_item.render(values_of(in, what, with), escaping::plain);
}

letter letters::digest(const std::string& language, const digest_context& with) const {
  const auto& in = languages_.at(language_for(language));
  values v;
  v.texts["greeting_name"] =
      with.greeting_name.empty() ? in.word("", "nobody") : with.greeting_name;
  v.texts["owner"] = with.owner;
  v.texts["tlp"] = tlp_label(with.label);
  v.texts["tlp_meaning"] = in.word("tlp", incident::to_string(with.label));
  v.texts["answer_until"] = minute_text(with.answer_until);
  v.texts["count"] = std::to_string(with.count);
  v.blocks["matters"] = with.items;
  return {escaped(in.digest_subject.render(v, escaping::plain), escaping::plain),
          in.digest.render(v, escaping::plain)};
}

std::string letters::page(const std::string& language, const notification& what,
                          const matter& about, const std::string& path,
                          std::optional<answer_kind> thanks) const {
  const auto& in = languages_.at(language_for(language));
  auto v = values_of(in, about, {});
  v.texts["answer_path"] = path;
  v.texts["told"] = minute_text(what.told.value_or(what.created));
  v.texts["thanks"] = thanks ? in.word("answer", to_string(*thanks)) : "";
  auto& list = v.lists["answers"];
  for (const auto& given : what.answers) {
    values one;
    one.texts["at"] = minute_text(given.at);
    one.texts["answer"] = in.word("answer", to_string(given.kind));
    list.push_back(std::move(one));
  }
  return in.page.render(v, escaping::html);
}

} // namespace cresset::coord::notify
