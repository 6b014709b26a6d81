#include "coord/incident/explanation.hpp"

#include "capture/base/json_writer.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>

namespace cresset::coord::incident {
namespace {

struct phrase {
  std::string_view code;
  std::array<std::string_view, 2> words; // en, ru; "{name}" stands for the value of that name
};

constexpr std::array phrases{
    phrase{"rule", {"{because_en} ({rule})", "{because_ru} ({rule})"}},
    phrase{"seen",
           {"rule {gid}:{sid} \"{message}\" (severity {severity}) on {victim} from {attacker}",
            "правило {gid}:{sid} «{message}» (серьёзность {severity}), цель {victim}, источник "
            "{attacker}"}},
    phrase{"alerts_reached",
           {"{count} alerts, of {needed} that are enough",
            "срабатываний: {count}, достаточно {needed}"}},
    phrase{"victims_reached",
           {"{count} victims, of {needed} that are enough",
            "пострадавших адресов: {count}, достаточно {needed}"}},
    phrase{"stages_reached",
           {"{count} stages of an attack ({stages}), of {needed} that are enough",
            "стадий атаки: {count} ({stages}), достаточно {needed}"}},
    phrase{"risk_reached",
           {"risk {risk} of {needed} that is enough: severity {severity} on an address of "
            "criticality {criticality} ({owner})",
            "риск {risk} при пороге {needed}: серьёзность {severity}, критичность объекта "
            "{criticality} ({owner})"}},
    phrase{"indicator_matched",
           {"{kind} {value} is an indicator of {source} (number {indicator}, confidence "
            "{confidence})",
            "{kind} {value} — индикатор источника {source} (номер {indicator}, достоверность "
            "{confidence})"}},
    phrase{"since", {"since {since}, {groups} groups", "с {since}, групп: {groups}"}},
    phrase{"joined", {"joined to the incident by rule {rule}", "присоединено правилом {rule}"}},
    phrase{"raised_by", {"raised by {by} from group {group}", "поднято {by} из группы {group}"}},
    phrase{"reason_given", {"{text}", "{text}"}},
    phrase{"reported",
           {"reported from outside by {channel}, report {report}, taken up by {by}",
            "сообщение извне ({channel}), номер {report}, принято {by}"}},
    phrase{"merged_from", {"merged with {incident} by {by}", "объединено с {incident}: {by}"}},
    phrase{"split_from", {"split from {incident} by {by}", "выделено из {incident}: {by}"}},
};

const boost::json::value* member(const boost::json::value& of, std::string_view name) {
  const auto* object = of.if_object();
  return object == nullptr ? nullptr : object->if_contains({name.data(), name.size()});
}

std::optional<std::string> bounded_text(const boost::json::value* value) {
  const auto* text = value == nullptr ? nullptr : value->if_string();
  if (text == nullptr || text->size() > reason_value_limit_bytes)
    return std::nullopt;
  return std::string{std::string_view{text->data(), text->size()}};
}

std::optional<reason> reason_from(const boost::json::value& value) {
  reason one;
  auto code = bounded_text(member(value, "code"));
  const auto* values = member(value, "values");
  if (!code || values == nullptr || !values->is_object() ||
      values->get_object().size() > reason_values_limit)
    return std::nullopt;
  one.code = *std::move(code);
  for (const auto& entry : values->get_object()) {
    auto text = bounded_text(&entry.value());
    if (!text)
      return std::nullopt;
    one.values.emplace_back(std::string_view{entry.key().data(), entry.key().size()},
                            *std::move(text));
  }
  return one;
}

} // namespace

std::optional<language> language_from(std::string_view tag) noexcept {
  const auto head = tag.substr(0, 2);
  if (tag.size() > 2 && tag[2] != '-')
    return std::nullopt;
  if (head == "en")
    return language::en;
  if (head == "ru")
    return language::ru;
  return std::nullopt;
}

std::string_view reason::value(std::string_view name) const noexcept {
  const auto found = std::ranges::find(values, name, &std::pair<std::string, std::string>::first);
  return found == values.end() ? std::string_view{} : std::string_view{found->second};
}

std::string render(const reason& one, language in) {
  const auto known = std::ranges::find(phrases, std::string_view{one.code}, &phrase::code);
  if (known == phrases.end()) {
    std::string text = one.code;
    for (const auto& [name, value] : one.values)
      text += ' ' + name + '=' + value;
    return text;
  }
  const auto words = known->words[static_cast<std::size_t>(in)];
  std::string text;
  for (std::size_t at = 0; at < words.size();) {
    const auto open = words.find('{', at);
    text += words.substr(at, open - at);
    if (open == std::string_view::npos)
      break;
    const auto close = words.find('}', open);
    text += one.value(words.substr(open + 1, close - open - 1));
    at = close + 1;
  }
  return text;
}

std::string render(const explanation& all, language in) {
  std::string text;
  for (const auto& one : all) {
    if (!text.empty())
      text += "; ";
    text += render(one, in);
  }
  return text;
}

std::string to_json(const explanation& all) {
  std::string text;
  json_writer json{text};
  json.begin_array();
  for (const auto& one : all) {
    json.begin_object().member("code", one.code).key("values").begin_object();
    for (const auto& [name, value] : one.values)
      json.member(name, value);
    json.end_object().end_object();
  }
  json.end_array();
  return text;
}

std::optional<explanation> explanation_from(std::string_view json) {
  boost::json::error_code wrong;
  const auto read = boost::json::parse({json.data(), json.size()}, wrong);
  if (wrong || !read.is_array() || read.get_array().size() > reasons_limit)
    return std::nullopt;
  explanation all;
  for (const auto& element : read.get_array()) {
    auto one = reason_from(element);
    if (!one)
      return std::nullopt;
    all.push_back(*std::move(one));
  }
  return all;
}

} // namespace cresset::coord::incident
