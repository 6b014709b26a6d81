#include "detect/inspect/literal_index.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace cresset::detect::inspect {

bool literal_index::lone_literal::stands_in(std::string_view bytes) const noexcept {
  if (!nocase)
    return bytes.find(text) != std::string_view::npos;
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::search(bytes.begin(), bytes.end(), text.begin(), text.end(),
                     [&](char here, char wanted) { return lower(here) == wanted; }) != bytes.end();
}

void literal_index::add(const std::string& literal, bool nocase, std::uint32_t signature) {
  auto folded = literal;
  if (nocase)
    std::transform(folded.begin(), folded.end(), folded.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  longest_ = std::max(longest_, folded.size());
  added_[{std::move(folded), nocase}].push_back(signature);
}

void literal_index::compile(pattern::database_cache& cache) {
  if (added_.empty())
    return;
  std::vector<pattern::pattern> patterns;
  patterns.reserve(added_.size());
  for (auto& [literal, signatures] : added_) {
    patterns.push_back(
        {literal.first, static_cast<std::uint32_t>(patterns.size()), literal.second});
    if (added_.size() <= few_literals)
      few_.push_back({literal.first, literal.second});
    begin_.push_back(static_cast<std::uint32_t>(rules_.size()));
    rules_.insert(rules_.end(), signatures.begin(), signatures.end());
  }
  begin_.push_back(static_cast<std::uint32_t>(rules_.size()));
  added_.clear();
  // A literal that stands twice leads to the same rules: the first place is enough.
  auto compiled = cache.load_or_compile(patterns, {.single_match = true});
  if (!compiled)
    throw std::runtime_error{fmt::format("literals do not compile: {}", compiled.error().reason)};
  database_ = *std::move(compiled);
}

} // namespace cresset::detect::inspect
