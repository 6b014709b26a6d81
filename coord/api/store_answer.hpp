#pragma once

#include "coord/http/response.hpp"
#include "coord/incident/store_error.hpp"

namespace cresset::coord::api {

/// The answer to what a repository refused: 404, 409, 422 or, when the database does not answer,
/// 503.
http::response answer_to(const incident::store_error& failed);

} // namespace cresset::coord::api
