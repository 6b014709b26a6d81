#pragma once

#include "coord/http/rights.hpp"
#include "coord/incident/user_repository.hpp"

#include <array>
#include <string_view>

namespace cresset::coord::api {

/// A row of the matrix of docs/http-api.md, "Roles and rights".
struct role_row {
  incident::user_role role;
  http::right_set rights;
};

/// Which rights each role has: with the right each route needs, the whole of who may call what. The
/// API's description carries the same table (`x-roles`), and a test holds the two together.
inline constexpr std::array<role_row, incident::user_role_count> role_matrix = [] {
  using enum http::right;
  using incident::user_role;
  return std::array<role_row, incident::user_role_count>{{
      {user_role::viewer, {member, reader}},
      {user_role::analyst, {member, reader, writer}},
      {user_role::shift_lead, {member, reader, writer, lead}},
      // Whoever is allowed to give rights can have them all anyway, and the first account of a new
      // server has to be able to show that it works.
      {user_role::administrator,
       {member, reader, writer, lead, maintainer, auditor, administrator}},
      {user_role::system_operator, {member, reader, maintainer}},
      {user_role::auditor, {member, reader, auditor}},
      {user_role::partner, {member, http::right::partner}},
  }};
}();

/// What a role may do on this server.
http::right_set rights_of(incident::user_role role) noexcept;

/// The strongest of administrator, lead, writer, reader and member in the set: one word for pages
/// that show no more than that.
std::string_view word_for(http::right_set rights) noexcept;

} // namespace cresset::coord::api
