#pragma once

#include <string_view>

namespace cresset::coord::server {

/// The text of appliance/config/correlation.yaml at build time.
std::string_view embedded_correlation() noexcept;

/// The text of appliance/config/deadlines.yaml at build time.
std::string_view embedded_deadlines() noexcept;

} // namespace cresset::coord::server
