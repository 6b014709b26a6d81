#pragma once

#include <filesystem>
#include <string_view>

namespace cresset::coord::server {

/// Hands the first login over, once: into a new file of mode 0600, or, without a path, as one line
/// on standard output. Throws std::runtime_error with one line when the file is there already or
/// cannot be written.
void tell_first_login(const std::filesystem::path& file, std::string_view login,
                      std::string_view password);

} // namespace cresset::coord::server
