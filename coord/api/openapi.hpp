#pragma once

#include <string_view>

namespace cresset::coord::api {

/// The description of the whole API (OpenAPI 3.1), compiled in: `openapi.json` of this folder
/// joined with the fragment of each subject (`openapi/<subject>.json`).
std::string_view openapi_document() noexcept;

/// What one subject's fragment says (`paths`, `schemas`), for the test that holds it and the
/// subject's routes together; with no name, `openapi.json` itself. Empty when there is no such
/// fragment.
std::string_view openapi_of(std::string_view subject) noexcept;

} // namespace cresset::coord::api
