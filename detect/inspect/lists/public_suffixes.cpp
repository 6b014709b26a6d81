// The list's own algorithm: of all rules whose labels end the name, an exception wins, else the
// longest; the suffix of an exception is the rule without its first label. With no rule the last
// label is the suffix.
#include "detect/inspect/lists/public_suffixes.hpp"

namespace cresset::detect::inspect::lists {

void public_suffixes::load(std::string_view text) {
  while (!text.empty()) {
    const auto end = text.find('\n');
    auto line = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
    line = line.substr(0, line.find_first_of(" \t\r"));
    if (line.empty() || line.starts_with("//"))
      continue;
    if (line.front() == '!')
      exceptions_.emplace(line.substr(1));
    else
      rules_.emplace(line);
  }
}

std::string_view public_suffixes::suffix(std::string_view name) const {
  const auto behind_dot = [](std::string_view n) {
    const auto dot = n.find('.');
    return dot == std::string_view::npos ? std::string_view{} : n.substr(dot + 1);
  };
  // from the longest tail of the name to its last label: the first rule that fits is the longest
  for (auto tail = name; !tail.empty(); tail = behind_dot(tail)) {
    if (exceptions_.contains(std::string{tail}))
      return behind_dot(tail);
    const auto parent = behind_dot(tail);
    if (rules_.contains(std::string{tail}) ||
        (!parent.empty() && rules_.contains("*." + std::string{parent})))
      return tail;
  }
  const auto dot = name.rfind('.');
  return dot == std::string_view::npos ? name : name.substr(dot + 1);
}

std::string_view public_suffixes::registered(std::string_view name) const {
  const auto ending = suffix(name);
  if (ending.empty() || ending.size() + 2 > name.size())
    return {};
  const auto before = name.substr(0, name.size() - ending.size() - 1);
  const auto dot = before.rfind('.');
  return name.substr(dot == std::string_view::npos ? 0 : dot + 1);
}

} // namespace cresset::detect::inspect::lists
