#include "coord/incident/rsit_map.hpp"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <cstdlib>

namespace cresset::coord::incident {

/// The text of appliance/config/rsit-map.yaml; made by CMake.
std::string_view embedded_rsit_map() noexcept;

namespace {

const rsit unknown{"other", "undetermined"};

struct wrong {
  YAML::Mark at;
  std::string text;
};

struct map_entry {
  std::string classtype;
  std::string category;
  rsit code;
};

map_entry entry_of(const YAML::Node& node) {
  if (!node.IsMap())
    throw wrong{node.Mark(), "an entry is a map of keys"};
  map_entry entry;
  for (const auto& member : node) {
    const auto key = member.first.as<std::string>();
    auto value = member.second.as<std::string>();
    if (key == "classtype")
      entry.classtype = std::move(value);
    else if (key == "category")
      entry.category = std::move(value);
    else if (key == "class")
      entry.code.classification = std::move(value);
    else if (key == "type")
      entry.code.type = std::move(value);
    else
      throw wrong{member.second.Mark(), fmt::format("unknown key '{}'", key)};
  }
  if (entry.classtype.empty())
    throw wrong{node.Mark(), "an entry needs a classtype"};
  if (!is_known(entry.code))
    throw wrong{node.Mark(), fmt::format("{}/{} is not in RSIT 1003", entry.code.classification,
                                         entry.code.type)};
  return entry;
}

} // namespace

expected<rsit_map, std::string> rsit_map::parse(std::string_view yaml, std::string_view origin) {
  const auto fail = [&](const YAML::Mark& at, std::string_view text) {
    return unexpected{fmt::format("{}:{}: {}", origin, at.line + 1, text)};
  };
  try {
    const auto root = YAML::Load(std::string{yaml});
    const auto list = root.IsMap() ? root["map"] : YAML::Node{};
    if (!list || !list.IsSequence() || list.size() > entries_limit)
      return fail(root.Mark(), "needs a list 'map' of at most 1000 entries");
    rsit_map made;
    for (const auto& node : list) {
      auto entry = entry_of(node);
      if (!made.by_classtype_.emplace(entry.classtype, entry.code).second)
        return fail(node.Mark(), "classtype " + entry.classtype + " stands twice");
      if (!entry.category.empty())
        made.by_category_.emplace(std::move(entry.category), std::move(entry.code));
    }
    return made;
  } catch (const wrong& e) {
    return fail(e.at, e.text);
  } catch (const YAML::Exception& e) {
    return fail(e.mark, e.msg);
  }
}

const rsit_map& rsit_map::built_in() {
  static const rsit_map map = [] {
    auto read = parse(embedded_rsit_map(), "the built-in map of classes");
    // A test reads the same file.
    if (!read)
      std::abort();
    return *std::move(read);
  }();
  return map;
}

rsit rsit_map::of_category(std::string_view category) const {
  const auto found = by_category_.find(category);
  return found == by_category_.end() ? unknown : found->second;
}

rsit rsit_map::of_classtype(std::string_view classtype) const {
  const auto found = by_classtype_.find(classtype);
  return found == by_classtype_.end() ? unknown : found->second;
}

} // namespace cresset::coord::incident
