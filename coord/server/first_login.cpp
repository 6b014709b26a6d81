#include "coord/server/first_login.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <stdexcept>
#include <unistd.h>

namespace cresset::coord::server {

void tell_first_login(const std::filesystem::path& file, std::string_view login,
                      std::string_view password) {
  const auto text = fmt::format("login {}\npassword {}\n", login, password);
  if (file.empty()) {
    fmt::print("first login, shown this once: {} / {}\n", login, password);
    std::fflush(stdout);
    return;
  }
  const int handle = ::open(file.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
  const bool written =
      handle >= 0 &&
      ::write(handle, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
      ::fsync(handle) == 0;
  const auto why = std::string{std::strerror(errno)};
  if (handle >= 0)
    ::close(handle);
  if (!written)
    throw std::runtime_error{fmt::format("first-login: cannot write {}: {}", file.string(), why)};
}

} // namespace cresset::coord::server
