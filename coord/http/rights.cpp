#include "coord/http/rights.hpp"

#include <algorithm>
#include <array>

namespace cresset::coord::http {

namespace {

/// In the order of the enum.
constexpr std::array<std::string_view, right_count> names{"anyone",     "member",  "partner",
                                                          "reader",     "writer",  "lead",
                                                          "maintainer", "auditor", "administrator"};

} // namespace

std::string_view to_string(right one) noexcept {
  const auto index = static_cast<std::size_t>(one);
  return index < names.size() ? names[index] : std::string_view{"unknown"};
}

std::optional<right> right_from(std::string_view name) noexcept {
  const auto* const found = std::ranges::find(names, name);
  if (found == names.end())
    return std::nullopt;
  return static_cast<right>(found - names.begin());
}

} // namespace cresset::coord::http
