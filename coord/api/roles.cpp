#include "coord/api/roles.hpp"

#include <algorithm>

namespace cresset::coord::api {

http::right_set rights_of(incident::user_role role) noexcept {
  const auto* const row = std::ranges::find(role_matrix, role, &role_row::role);
  return row == role_matrix.end() ? http::right_set{} : row->rights;
}

std::string_view word_for(http::right_set rights) noexcept {
  using http::right;
  for (const auto one : {right::administrator, right::lead, right::writer, right::reader})
    if (rights.has(one))
      return to_string(one);
  return to_string(right::member);
}

} // namespace cresset::coord::api
