#include "coord/clock/deadline_table.hpp"

#include "coord/incident/rsit.hpp"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <charconv>
#include <functional>
#include <set>

namespace cresset::coord::clock {
namespace {

/// What is wrong and where; ends in the catch of `parse_deadline_table`.
struct wrong {
  YAML::Mark at;
  std::string text;
};

std::string text_of(const YAML::Node& node, std::string_view key, std::size_t most) {
  if (!node.IsScalar() || node.Scalar().empty() || node.Scalar().size() > most)
    throw wrong{node.Mark(), fmt::format("{}: a text of 1 to {} bytes is needed", key, most)};
  return node.Scalar();
}

std::chrono::seconds duration_of(const YAML::Node& node, std::string_view key) {
  const auto text = text_of(node, key, 16);
  std::int64_t number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  const std::string_view unit{read.ptr, text.data() + text.size()};
  const int seconds = unit == "s"   ? 1
                      : unit == "m" ? 60
                      : unit == "h" ? 3600
                      : unit == "d" ? 86'400
                                    : 0;
  if (read.ec != std::errc{} || number < 0 || seconds == 0 ||
      number > within_limit.count() / seconds)
    throw wrong{node.Mark(), fmt::format("{}: '{}' is no time: write 30s, 15m, 24h or 30d, at most "
                                         "366d",
                                         key, text)};
  return std::chrono::seconds{number * seconds};
}

clock_kind clock_of(const YAML::Node& node, std::string_view key) {
  const auto text = text_of(node, key, 64);
  const auto kind = clock_from(text);
  if (!kind)
    throw wrong{node.Mark(),
                fmt::format("{}: '{}' is no clock: write detected, aware, acknowledged, "
                            "owner_notified, partner_notified, contained or closed",
                            key, text)};
  return *kind;
}

/// Calls `take(element)` for each element of a list of at most `most`.
void each(const YAML::Node& list, std::string_view key, std::size_t most,
          const std::function<void(const YAML::Node&)>& take) {
  if (!list.IsSequence() || list.size() > most)
    throw wrong{list.Mark(), fmt::format("{}: a list of at most {} is needed", key, most)};
  for (const auto& element : list)
    take(element);
}

std::vector<std::string> names_of(const YAML::Node& list, std::string_view key) {
  std::vector<std::string> names;
  each(list, key, names_limit,
       [&](const YAML::Node& one) { names.push_back(text_of(one, key, 200)); });
  return names;
}

/// Calls `set(key, value)` for each member of a map.
void members(const YAML::Node& map, std::string_view what,
             const std::function<bool(const std::string&, const YAML::Node&)>& set) {
  if (!map.IsMap())
    throw wrong{map.Mark(), fmt::format("{} is a map of keys", what)};
  std::set<std::string> seen;
  for (const auto& member : map) {
    const auto key = member.first.as<std::string>();
    if (!seen.insert(key).second)
      throw wrong{member.first.Mark(), fmt::format("{}: '{}' stands twice", what, key)};
    if (!set(key, member.second))
      throw wrong{member.first.Mark(), fmt::format("{}: unknown key '{}'", what, key)};
  }
}

deadline_rule rule_of(const YAML::Node& node) {
  deadline_rule rule;
  members(node, "deadline", [&](const std::string& key, const YAML::Node& value) {
    if (key == "clock")
      rule.clock = clock_of(value, key);
    else if (key == "from")
      rule.from = clock_of(value, key);
    else if (key == "within")
      rule.within = duration_of(value, key);
    else if (key == "warn")
      rule.warn = duration_of(value, key);
    else
      return false;
    return true;
  });
  if (rule.within.count() == 0)
    throw wrong{node.Mark(), "a deadline needs within: 30m"};
  if (rule.warn >= rule.within)
    throw wrong{node.Mark(), "warn is not shorter than within"};
  if (rule.clock == rule.from)
    throw wrong{node.Mark(), "a deadline is not counted from the clock it is for"};
  return rule;
}

bool is_id(const std::string& text) {
  return !text.empty() && text.size() <= 64 && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

void set_severity(regime& one, const YAML::Node& value) {
  const auto text = text_of(value, "severity_from", 3);
  const auto read = std::from_chars(text.data(), text.data() + text.size(), one.severity_from);
  if (read.ec != std::errc{} || read.ptr != text.data() + text.size() || one.severity_from < 0 ||
      one.severity_from > 100)
    throw wrong{value.Mark(), "severity_from: a number from 0 to 100 is needed"};
}

void set_classes(regime& one, const YAML::Node& value) {
  one.classes = names_of(value, "classes");
  for (const auto& name : one.classes)
    if (!incident::is_known({name, ""}))
      throw wrong{value.Mark(), fmt::format("classes: '{}' is no class of RSIT", name)};
}

regime regime_of(const YAML::Node& node) {
  regime one;
  members(node, "regime", [&](const std::string& key, const YAML::Node& value) {
    if (key == "id")
      one.id = text_of(value, key, 64);
    else if (key == "title")
      one.title = text_of(value, key, 300);
    else if (key == "severity_from")
      set_severity(one, value);
    else if (key == "sectors")
      one.sectors = names_of(value, key);
    else if (key == "classes")
      set_classes(one, value);
    else if (key == "deadlines")
      each(value, key, rules_limit,
           [&](const YAML::Node& rule) { one.deadlines.push_back(rule_of(rule)); });
    else
      return false;
    return true;
  });
  if (!is_id(one.id))
    throw wrong{node.Mark(), "a regime needs an id of lower-case letters, digits and '-'"};
  if (one.title.empty() || one.deadlines.empty())
    throw wrong{node.Mark(), fmt::format("regime {} needs a title and deadlines", one.id)};
  std::set<clock_kind> clocks;
  for (const auto& rule : one.deadlines)
    if (!clocks.insert(rule.clock).second)
      throw wrong{node.Mark(),
                  fmt::format("regime {} has two deadlines for {}", one.id, to_string(rule.clock))};
  return one;
}

alarm::call_out_step step_of(const YAML::Node& node) {
  alarm::call_out_step step;
  members(node, "call_out", [&](const std::string& key, const YAML::Node& value) {
    if (key == "after")
      step.after = duration_of(value, key);
    else if (key == "mail")
      step.mail = names_of(value, key);
    else if (key == "webhooks")
      step.webhooks = names_of(value, key);
    else
      return false;
    return true;
  });
  for (const auto& address : step.mail)
    if (address.find('@') == std::string::npos ||
        address.find_first_of("\r\n <>\"") != std::string::npos)
      throw wrong{node.Mark(), fmt::format("mail: '{}' is no address", address)};
  for (const auto& url : step.webhooks)
    if (!url.starts_with("https://") && !url.starts_with("http://"))
      throw wrong{node.Mark(), fmt::format("webhooks: '{}' does not begin with https://", url)};
  return step;
}

deadline_table table_of(const YAML::Node& root) {
  deadline_table table;
  std::set<std::string> ids;
  members(root, "the table", [&](const std::string& key, const YAML::Node& value) {
    if (key == "regimes")
      each(value, key, regimes_limit, [&](const YAML::Node& node) {
        table.regimes.push_back(regime_of(node));
        if (!ids.insert(table.regimes.back().id).second)
          throw wrong{node.Mark(), fmt::format("id {} stands twice", table.regimes.back().id)};
      });
    else if (key == "call_out")
      each(value, key, steps_limit,
           [&](const YAML::Node& step) { table.call_out.push_back(step_of(step)); });
    else
      return false;
    return true;
  });
  std::ranges::stable_sort(table.call_out, {}, &alarm::call_out_step::after);
  return table;
}

} // namespace

expected<deadline_table, std::string> parse_deadline_table(std::string_view yaml,
                                                           std::string_view origin) {
  const auto fail = [&](const YAML::Mark& at, std::string_view text) {
    return unexpected{fmt::format("{}:{}: {}", origin, at.line + 1, text)};
  };
  if (yaml.size() > table_bytes_limit)
    return unexpected{fmt::format("{}: longer than {} bytes", origin, table_bytes_limit)};
  try {
    return table_of(YAML::Load(std::string{yaml}));
  } catch (const wrong& e) {
    return fail(e.at, e.text);
  } catch (const YAML::Exception& e) {
    return fail(e.mark, e.msg);
  }
}

} // namespace cresset::coord::clock
