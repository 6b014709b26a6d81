#include "detect/sensor/settings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <fstream>
#include <sstream>

namespace cresset::detect::sensor {
namespace {

constexpr std::uintmax_t file_limit_bytes = 1 << 20;

std::vector<std::string> split(std::string_view key) {
  std::vector<std::string> parts;
  while (!key.empty()) {
    const auto dot = key.find('.');
    parts.emplace_back(key.substr(0, dot));
    key = dot == std::string_view::npos ? std::string_view{} : key.substr(dot + 1);
  }
  return parts;
}

[[noreturn]] void refuse(std::string_view key, std::string_view value, std::string_view wanted) {
  throw configuration_error{fmt::format("setting {}: '{}' is not {}", key, value, wanted)};
}

std::string lower(std::string_view text) {
  std::string out{text};
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return std::tolower(c); });
  return out;
}

/// A list or map as one line of YAML flow text, the form rule variables are written in.
std::string as_line(const YAML::Node& node) {
  if (node.IsScalar())
    return node.Scalar();
  if (!node.IsSequence())
    return {};
  std::string out = "[";
  for (const auto& element : node)
    out += (out.size() > 1 ? "," : "") + as_line(element);
  return out + "]";
}

void collect(const YAML::Node& node, const std::string& prefix, std::vector<std::string>& keys) {
  if (!node.IsMap()) {
    keys.push_back(prefix);
    return;
  }
  for (const auto& member : node)
    collect(member.second,
            prefix.empty() ? member.first.Scalar() : prefix + "." + member.first.Scalar(), keys);
}

} // namespace

settings settings::from_file(const std::filesystem::path& file) {
  std::error_code error;
  const auto size = std::filesystem::file_size(file, error);
  if (error)
    throw configuration_error{fmt::format("configuration {}: {}", file.string(), error.message())};
  if (size > file_limit_bytes)
    throw configuration_error{
        fmt::format("configuration {}: larger than {} bytes", file.string(), file_limit_bytes)};
  settings result;
  try {
    std::ifstream in{file};
    std::stringstream text;
    text << in.rdbuf();
    const YAML::Node root = YAML::Load(text.str());
    if (root.IsMap())
      result.root_ = root;
    else if (!root.IsNull())
      throw configuration_error{
          fmt::format("configuration {}: not a map of settings", file.string())};
  } catch (const YAML::Exception& wrong) {
    throw configuration_error{fmt::format("configuration {}:{}:{}: {}", file.string(),
                                          wrong.mark.line + 1, wrong.mark.column + 1, wrong.msg)};
  }
  return result;
}

void settings::set(std::string_view assignment) {
  const auto equals = assignment.find('=');
  if (equals == std::string_view::npos || equals == 0)
    throw configuration_error{fmt::format("--set {}: write it as key=value", assignment)};
  const auto parts = split(assignment.substr(0, equals));
  YAML::Node value;
  try {
    const std::string text{assignment.substr(equals + 1)};
    // "!80" and "![…]" are values of rule variables; YAML would take the mark for a tag
    value = text.find('!') != std::string::npos ? YAML::Node{text} : YAML::Load(text);
  } catch (const YAML::Exception& wrong) {
    throw configuration_error{fmt::format("--set {}: {}", assignment, wrong.msg)};
  }
  YAML::Node at = root_;
  for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
    YAML::Node next = at[parts[i]];
    if (!next.IsMap()) {
      at[parts[i]] = YAML::Node{YAML::NodeType::Map};
      next.reset(at[parts[i]]);
    }
    at.reset(next);
  }
  at[parts.back()] = value;
}

YAML::Node settings::find(std::string_view key) const {
  asked_.emplace(key);
  YAML::Node at = root_;
  for (const auto& part : split(key)) {
    if (!at.IsMap())
      return YAML::Node{};
    const YAML::Node& here = at;
    YAML::Node next = here[part];
    if (!next)
      return YAML::Node{};
    at.reset(next);
  }
  return at;
}

std::string settings::text(std::string_view key, std::string_view otherwise) const {
  const auto node = find(key);
  if (node.IsNull())
    return std::string{otherwise};
  if (!node.IsScalar())
    refuse(key, "a list or map", "one value");
  return node.Scalar();
}

bool settings::flag(std::string_view key, bool otherwise) const {
  const auto written = text(key, otherwise ? "yes" : "no");
  const auto value = lower(written);
  if (value == "yes" || value == "true" || value == "on" || value == "1" || value == "enabled")
    return true;
  if (value == "no" || value == "false" || value == "off" || value == "0" || value == "disabled")
    return false;
  refuse(key, written, "yes or no");
}

std::uint64_t settings::number(std::string_view key, std::uint64_t otherwise, std::uint64_t least,
                               std::uint64_t most) const {
  const auto written = text(key, std::to_string(otherwise));
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(written.data(), written.data() + written.size(), value);
  if (error != std::errc{} || end != written.data() + written.size())
    refuse(key, written, "a whole number");
  if (value < least || value > most)
    refuse(key, written, fmt::format("between {} and {}", least, most));
  return value;
}

std::uint64_t settings::size_bytes(std::string_view key, std::uint64_t otherwise) const {
  const auto written = text(key, std::to_string(otherwise));
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(written.data(), written.data() + written.size(), value);
  if (error != std::errc{})
    refuse(key, written, "a size such as 512, 40kb or 1mb");
  auto unit = lower({end, static_cast<std::size_t>(written.data() + written.size() - end)});
  unit.erase(std::remove(unit.begin(), unit.end(), ' '), unit.end());
  static const std::map<std::string, unsigned, std::less<>> shifts{
      {"", 0}, {"b", 0}, {"kb", 10}, {"kib", 10}, {"mb", 20}, {"mib", 20}, {"gb", 30}, {"gib", 30}};
  const auto shift = shifts.find(unit);
  if (shift == shifts.end() || value > std::numeric_limits<std::uint64_t>::max() >> shift->second)
    refuse(key, written, "a size such as 512, 40kb or 1mb");
  return value << shift->second;
}

std::string settings::one_of(std::string_view key, std::string_view otherwise,
                             const std::vector<std::string_view>& allowed) const {
  const auto written = text(key, otherwise);
  if (std::find(allowed.begin(), allowed.end(), written) == allowed.end())
    refuse(key, written, fmt::format("one of {}", fmt::join(allowed, ", ")));
  return written;
}

std::vector<std::string> settings::list(std::string_view key) const {
  const auto node = find(key);
  std::vector<std::string> values;
  if (node.IsScalar())
    values.push_back(node.Scalar());
  else if (node.IsSequence())
    for (const auto& element : node)
      values.push_back(as_line(element));
  else if (!node.IsNull())
    refuse(key, "a map", "a list");
  return values;
}

std::map<std::string, std::string> settings::members(std::string_view key) const {
  const auto node = find(key);
  std::map<std::string, std::string> values;
  if (node.IsNull())
    return values;
  if (!node.IsMap())
    refuse(key, as_line(node), "a map");
  for (const auto& member : node) {
    asked_.insert(fmt::format("{}.{}", key, member.first.Scalar()));
    values.emplace(member.first.Scalar(), as_line(member.second));
  }
  return values;
}

std::optional<std::set<std::string>> settings::event_types() const {
  const auto outputs = find("outputs");
  if (!outputs.IsSequence())
    return std::nullopt;
  for (const auto& output : outputs) {
    const YAML::Node log = output.IsMap() ? output["eve-log"] : YAML::Node{};
    if (!log || !log.IsMap() || !log["types"] || !log["types"].IsSequence())
      continue;
    std::set<std::string> types;
    for (const auto& type : log["types"]) // "- alert" or "- alert: {…}"
      types.insert(type.IsMap() && type.size() > 0 ? type.begin()->first.Scalar() : as_line(type));
    return types;
  }
  return std::nullopt;
}

settings settings::output(std::string_view name) const {
  settings one;
  if (const auto own = find(name); own.IsMap()) {
    one.root_ = own;
    std::vector<std::string> keys;
    collect(own, std::string{name}, keys);
    asked_.insert(keys.begin(), keys.end());
    return one;
  }
  const auto outputs = find("outputs");
  if (outputs.IsSequence())
    for (const auto& output : outputs)
      if (output.IsMap() && output[std::string{name}] && output[std::string{name}].IsMap())
        one.root_ = output[std::string{name}];
  return one;
}

settings settings::log_type(std::string_view name) const {
  settings one;
  const auto log = output("eve-log");
  const auto types = log.find("types");
  if (types.IsSequence())
    for (const auto& type : types)
      if (type.IsMap() && type[std::string{name}] && type[std::string{name}].IsMap())
        one.root_ = type[std::string{name}];
  return one;
}

std::vector<std::string> settings::unused() const {
  std::vector<std::string> keys, result;
  collect(root_, "", keys);
  for (const auto& key : keys)
    if (!key.empty() && !asked_.contains(key) && !key.starts_with("outputs"))
      result.push_back(key);
  return result;
}

} // namespace cresset::detect::sensor
