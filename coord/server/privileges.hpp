#pragma once

#include <filesystem>
#include <string>

namespace cresset::coord::server {

/// The folder of the server's state, made if it is not there. Throws std::runtime_error with one
/// line.
void prepare_state_folder(const std::filesystem::path& state);
/// When this process is root: gives a folder and its files to `user`, who will write there (newer
/// key records of partners). Nothing happens when the folder is not there.
void hand_over(const std::filesystem::path& folder, const std::string& user);
/// When this process is root: becomes `user` for good. To be called once everything is opened that
/// needs root. Throws std::runtime_error.
void drop_privileges(const std::string& user);

} // namespace cresset::coord::server
