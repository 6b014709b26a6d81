#include "detect/rule/classification.hpp"

#include "detect/rule/text/text_cursor.hpp"

#include <functional>
#include <optional>

namespace cresset::detect::rule {

using text::errc;
using text::refusal;
using text::text_cursor;

namespace {

constexpr std::size_t line_limit = 4'096;
constexpr std::size_t entry_limit = 10'000;
constexpr std::uint64_t priority_limit = 255;

/// Calls `read` for what stands behind `opening` ("config classification:") on each line of `text`
/// that is neither empty nor a comment; other lines are refusals.
std::vector<refusal> each_line(std::string_view text, std::string_view opening,
                               const std::function<std::optional<refusal>(text_cursor)>& read) {
  std::vector<refusal> refusals;
  text_cursor all{text};
  while (!all.empty()) {
    auto line = all.until('\n');
    if (line.empty() || line.peek() == '#')
      continue;
    const auto at = line.position();
    if (line.rest().size() > line_limit)
      refusals.push_back({errc::limit, "a line longer than 4096 bytes", at});
    else if (!line.skip_caseless("config") || (line.skip_blanks(), !line.skip_caseless(opening)) ||
             (line.skip_blanks(), !line.skip(":")))
      refusals.push_back({errc::syntax, "config " + std::string{opening} + ": is expected", at});
    else if (auto refused = read(line.trimmed()))
      refusals.push_back(*std::move(refused));
  }
  return refusals;
}

} // namespace

std::vector<refusal> classifications::load_text(std::string_view text) {
  return each_line(text, "classification", [&](text_cursor line) -> std::optional<refusal> {
    const auto at = line.position();
    const auto name = line.until(',');
    const auto description = line.until(',');
    auto rest = line.trimmed();
    const auto priority = rest.number();
    if (name.empty() || !priority || !rest.empty() || *priority == 0 || *priority > priority_limit)
      return refusal{errc::syntax, "name,description,priority is expected", at};
    if (by_name_.size() == entry_limit)
      return refusal{errc::limit, "more than 10000 classifications", at};
    by_name_.emplace(
        text::lower(name.rest()),
        classification{std::string{description.rest()}, static_cast<std::uint8_t>(*priority)});
    return std::nullopt;
  });
}

const classification* classifications::find(std::string_view classtype) const {
  auto found = by_name_.find(classtype);
  if (found == by_name_.end())
    found = by_name_.find(text::lower(classtype));
  return found == by_name_.end() ? nullptr : &found->second;
}

std::vector<refusal> reference_systems::load_text(std::string_view text) {
  return each_line(text, "reference", [&](text_cursor line) -> std::optional<refusal> {
    const auto at = line.position();
    const auto name = line.word();
    const auto address = line.trimmed();
    if (name.empty() || address.empty())
      return refusal{errc::syntax, "system and address are expected", at};
    if (by_name_.size() == entry_limit)
      return refusal{errc::limit, "more than 10000 reference systems", at};
    by_name_.emplace(text::lower(name), std::string{address.rest()});
    return std::nullopt;
  });
}

std::string reference_systems::link(std::string_view system, std::string_view id) const {
  const auto found = by_name_.find(text::lower(system));
  return found == by_name_.end() ? std::string{} : found->second + std::string{id};
}

} // namespace cresset::detect::rule
