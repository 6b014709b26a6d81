#pragma once

#include <string_view>

namespace cresset::coord::api {

/// `openapi.json` of this folder (OpenAPI 3.1), compiled in.
std::string_view openapi_document() noexcept;

} // namespace cresset::coord::api
