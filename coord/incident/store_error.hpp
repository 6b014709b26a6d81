#pragma once

#include <cstdint>
#include <string>

namespace cresset::coord::incident {

/// What a caller of the repositories must weigh.
enum class store_errc : std::uint8_t {
  not_found,   ///< nothing has that id
  stale,       ///< somebody changed it since the version or position the request names: read again
  refused,     ///< the request breaks a rule of the domain; `text` says which
  fenced,      ///< another server leads now; stop
  unavailable, ///< the database does not answer; try again later
  broken,      ///< the database answered something that should not happen; see the log
};

struct store_error {
  store_errc why = store_errc::broken;
  /// One line for people; holds no secret and no SQL.
  std::string text;
};

} // namespace cresset::coord::incident
