#pragma once

#include "capture/base/expected.hpp"
#include "coord/incident/store_error.hpp"

#include <span>
#include <string>
#include <string_view>

namespace cresset::coord::store {

/// One step of the schema: docs/database.md, "Migrations".
struct migration {
  int number = 0;
  std::string_view name;
  std::string_view text;
};

/// The files of coord/store/schema in order, compiled in.
std::span<const migration> embedded_migrations() noexcept;

/// Brings the database at `url` to the last of `steps`: runs those that it lacks, each in a
/// transaction, under an advisory lock so that of several servers one does it. Gives the number it
/// stands at. `refused` when a step that ran has another text now, or when the database is newer
/// than `steps`.
expected<int, incident::store_error> migrate(const std::string& url,
                                             std::span<const migration> steps);

} // namespace cresset::coord::store
