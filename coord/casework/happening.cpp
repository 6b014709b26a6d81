#include "coord/casework/happening.hpp"

#include <algorithm>
#include <array>

namespace cresset::coord::casework {
namespace {

constexpr std::array<std::string_view, 5> statuses{"not-occurred", "ongoing", "occurred", "pending",
                                                   "undetermined"};

} // namespace

bool is_happening_status(std::string_view word) noexcept {
  return std::ranges::find(statuses, word) != statuses.end();
}

bool is_happening_kind(std::string_view word) noexcept {
  return !word.empty() && word.size() <= 64 && std::ranges::all_of(word, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

} // namespace cresset::coord::casework
