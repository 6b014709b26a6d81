#include "detect/rule/app_protocols.hpp"

#include "detect/rule/text/text_cursor.hpp"

#include <algorithm>
#include <iterator>

namespace cresset::detect::rule {

namespace {

/// What a word of the language stands for, in names of event logs; a word not listed stands for
/// itself.
struct meaning {
  std::string_view word;
  std::string_view names;
};
constexpr meaning meanings[] = {
    {"dcerpc", "dcerpc smb"},
    {"dns", "dns doh2"},
    {"http", "http http2"},
    {"http1", "http"},
};

void append(std::vector<std::string>& to, std::string_view words) {
  text::text_cursor in{words};
  while (!in.empty())
    if (const auto word = in.until(' '); !word.empty())
      to.emplace_back(word.rest());
}

std::vector<std::string> names_of(std::string_view words) {
  std::vector<std::string> names;
  text::text_cursor in{words};
  while (!in.empty()) {
    const auto word = in.until(' ').rest();
    const auto* found = std::find_if(std::begin(meanings), std::end(meanings),
                                     [&](const auto& entry) { return entry.word == word; });
    append(names, found == std::end(meanings) ? word : found->names);
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

} // namespace

bool app_protocols::narrow(std::string_view words) {
  if (words.empty())
    return true;
  auto wanted = names_of(words);
  if (!asked_) {
    asked_ = true;
    names_ = std::move(wanted);
    return !names_.empty();
  }
  std::vector<std::string> both;
  std::set_intersection(names_.begin(), names_.end(), wanted.begin(), wanted.end(),
                        std::back_inserter(both));
  names_ = std::move(both);
  return !names_.empty();
}

} // namespace cresset::detect::rule
