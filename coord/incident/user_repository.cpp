#include "coord/incident/user_repository.hpp"

#include "coord/incident/words.hpp"

#include <algorithm>

namespace cresset::coord::incident {
namespace {
constexpr words<user_role, user_role_count> roles{
    {"viewer", "analyst", "lead", "admin", "operator", "auditor", "partner"}};
} // namespace

std::string_view to_string(user_role role) noexcept {
  return roles.word(role);
}
std::optional<user_role> user_role_from(std::string_view word) noexcept {
  if (word == "shift_lead")
    return user_role::shift_lead;
  if (word == "administrator")
    return user_role::administrator;
  return roles.value(word);
}

bool is_login(std::string_view text) noexcept {
  return !text.empty() && text.size() <= 64 && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
  });
}

} // namespace cresset::coord::incident
