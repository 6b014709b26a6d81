#include "coord/segment/segment_repository.hpp"

#include "coord/incident/words.hpp"

namespace cresset::coord::segment {
namespace {
constexpr incident::words<change_kind, 3> kinds{{"import", "edit", "undo"}};
} // namespace

std::string_view to_string(change_kind what) noexcept {
  return kinds.word(what);
}

bool is_import_source(std::string_view name) noexcept {
  return is_owner_key(name) && name != manual_source;
}

} // namespace cresset::coord::segment
