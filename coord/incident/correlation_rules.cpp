#include "coord/incident/correlation_rules.hpp"

#include "coord/incident/words.hpp"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <charconv>
#include <set>

namespace cresset::coord::incident {
namespace {

constexpr words<correlation_subject, 3> subjects{{"group", "victim", "attacker"}};

/// What is wrong and where; ends in the catch of `parse_correlation_rules`.
struct wrong {
  YAML::Mark at;
  std::string text;
};

std::chrono::seconds duration_of(const YAML::Node& node) {
  const auto text = node.as<std::string>();
  std::int64_t number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  const std::string_view unit{read.ptr, text.data() + text.size()};
  const int seconds = unit == "s" ? 1 : unit == "m" ? 60 : unit == "h" ? 3600 : 0;
  if (read.ec != std::errc{} || number < 1 || seconds == 0 ||
      number > correlation_window_limit.count() / seconds)
    throw wrong{node.Mark(),
                fmt::format("'{}' is no window: write 30s, 10m or 24h, at most 48h", text)};
  return std::chrono::seconds{number * seconds};
}

std::int64_t number_of(const YAML::Node& node, std::string_view key, std::int64_t least,
                       std::int64_t most) {
  std::int64_t number = 0;
  const auto text = node.IsScalar() ? node.Scalar() : std::string{};
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  if (read.ec != std::errc{} || read.ptr != text.data() + text.size() || number < least ||
      number > most)
    throw wrong{node.Mark(),
                fmt::format("{}: '{}' is no number from {} to {}", key, text, least, most)};
  return number;
}

/// One text, or one for each language: {en: …, ru: …}.
void set_because(correlation_rule& rule, const YAML::Node& value) {
  if (value.IsScalar()) {
    rule.because = rule.because_ru = value.as<std::string>();
    return;
  }
  if (!value.IsMap())
    throw wrong{value.Mark(), "because: write a text, or one for each of en and ru"};
  for (const auto& member : value) {
    const auto language = member.first.as<std::string>();
    if (language != "en" && language != "ru")
      throw wrong{member.second.Mark(), "because: write a text, or one for each of en and ru"};
    (language == "en" ? rule.because : rule.because_ru) = member.second.as<std::string>();
  }
  if (rule.because_ru.empty())
    rule.because_ru = rule.because;
}

void set(correlation_rule& rule, const std::string& key, const YAML::Node& value) {
  if (key == "id")
    rule.id = value.as<std::string>();
  else if (key == "by") {
    const auto subject = subjects.value(value.as<std::string>());
    if (!subject)
      throw wrong{value.Mark(), "by: write group, victim or attacker"};
    rule.subject = *subject;
  } else if (key == "severity")
    rule.severity = static_cast<int>(number_of(value, key, 1, 255));
  else if (key == "risk")
    rule.risk = static_cast<int>(number_of(value, key, 1, 100));
  else if (key == "indicator")
    rule.indicator = static_cast<int>(number_of(value, key, 0, 100));
  else if (key == "alerts")
    rule.alerts = number_of(value, key, 1, 1'000'000'000);
  else if (key == "victims")
    rule.victims = static_cast<int>(number_of(value, key, 1, 1000));
  else if (key == "stages")
    rule.stages = static_cast<int>(number_of(value, key, 1, 5));
  else if (key == "window")
    rule.window = duration_of(value);
  else if (key == "incident_severity")
    rule.incident_severity = static_cast<int>(number_of(value, key, 0, 100));
  else if (key == "title")
    rule.title = value.as<std::string>();
  else if (key == "because")
    set_because(rule, value);
  else
    throw wrong{value.Mark(), fmt::format("unknown key '{}'", key)};
}

correlation_rule rule_of(const YAML::Node& node) {
  correlation_rule rule;
  if (!node.IsMap())
    throw wrong{node.Mark(), "a rule is a map of keys"};
  for (const auto& member : node)
    set(rule, member.first.as<std::string>(), member.second);
  const bool is_id =
      !rule.id.empty() && rule.id.size() <= 64 && std::ranges::all_of(rule.id, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
      });
  if (!is_id)
    throw wrong{node.Mark(), "a rule needs an id of lower-case letters, digits and '-'"};
  if (rule.title.empty() || rule.because.empty())
    throw wrong{node.Mark(), fmt::format("rule {} needs a title and a because", rule.id)};
  return rule;
}

} // namespace

std::string_view to_string(correlation_subject subject) noexcept {
  return subjects.word(subject);
}

int urgency_of(int severity) noexcept {
  switch (severity) {
  case 1: return 100;
  case 2: return 70;
  case 3: return 40;
  default: return 20;
  }
}

int risk_of(int severity, int criticality) noexcept {
  return urgency_of(severity) * criticality / 100;
}

expected<std::vector<correlation_rule>, std::string>
parse_correlation_rules(std::string_view yaml, std::string_view origin) {
  const auto fail = [&](const YAML::Mark& at, std::string_view text) {
    return unexpected{fmt::format("{}:{}: {}", origin, at.line + 1, text)};
  };
  try {
    const auto root = YAML::Load(std::string{yaml});
    const auto list = root.IsMap() ? root["rules"] : YAML::Node{};
    if (!list || !list.IsSequence() || list.size() > correlation_rules_limit)
      return fail(root.Mark(), "needs a list 'rules' of at most 100 rules");
    std::vector<correlation_rule> rules;
    std::set<std::string> ids;
    for (const auto& node : list) {
      rules.push_back(rule_of(node));
      if (!ids.insert(rules.back().id).second)
        return fail(node.Mark(), "id " + rules.back().id + " stands twice");
    }
    return rules;
  } catch (const wrong& e) {
    return fail(e.at, e.text);
  } catch (const YAML::Exception& e) {
    return fail(e.mark, e.msg);
  }
}

} // namespace cresset::coord::incident
