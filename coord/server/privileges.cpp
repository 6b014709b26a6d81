#include "coord/server/privileges.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <grp.h>
#include <pwd.h>
#include <stdexcept>
#include <sys/prctl.h>
#include <unistd.h>

namespace cresset::coord::server {

void prepare_state_folder(const std::filesystem::path& state) {
  std::error_code error;
  std::filesystem::create_directories(state, error);
  if (error)
    throw std::runtime_error{fmt::format("state: cannot make {}: {}; choose another with --state",
                                         state.string(), error.message())};
  if (::access(state.c_str(), W_OK | X_OK) != 0)
    throw std::runtime_error{
        fmt::format("state: cannot write in {}: {}; choose another with --state", state.string(),
                    std::strerror(errno))};
}

void hand_over(const std::filesystem::path& folder, const std::string& user) {
  const passwd* entry = ::getpwnam(user.c_str());
  std::error_code error;
  if (::geteuid() != 0 || entry == nullptr || !std::filesystem::is_directory(folder, error))
    return;
  const auto give = [&](const std::filesystem::path& path) {
    if (::lchown(path.c_str(), entry->pw_uid, entry->pw_gid) != 0)
      throw std::runtime_error{
          fmt::format("cannot give {} to {}: {}", path.string(), user, std::strerror(errno))};
  };
  give(folder);
  for (const auto& file : std::filesystem::directory_iterator{folder})
    give(file.path());
}

void drop_privileges(const std::string& user) {
  if (::geteuid() != 0)
    return;
  const passwd* entry = ::getpwnam(user.c_str());
  if (entry == nullptr || entry->pw_uid == 0)
    throw std::runtime_error{fmt::format("user: '{}' is no ordinary user of this machine", user)};
  if (::setgroups(0, nullptr) != 0 || ::setgid(entry->pw_gid) != 0 || ::setuid(entry->pw_uid) != 0)
    throw std::runtime_error{fmt::format("user: cannot become {}: {}", user, std::strerror(errno))};
#ifdef __SANITIZE_ADDRESS__
  // The leak check at the end traces its own process, which the kernel forbids after a change of
  // user.
  ::prctl(PR_SET_DUMPABLE, 1);
#endif
}

} // namespace cresset::coord::server
