#include "coord/server/checkpoints.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <fstream>
#include <unistd.h>

namespace cresset::coord::server {

bool publish_checkpoint(const std::filesystem::path& state, const journal::checkpoint& end,
                        timestamp at) {
  const auto file = state / checkpoints_file;
  std::error_code ignored;
  std::filesystem::create_directories(file.parent_path(), ignored);
  std::string last;
  std::ifstream in{file};
  for (std::string line; std::getline(in, line);)
    last = line;
  const auto text = end.to_string();
  if (last.ends_with(" " + text))
    return true;
  const int fd = ::open(file.c_str(), O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0644);
  if (fd < 0)
    return false;
  const auto line = fmt::format("{} {}\n", to_rfc3339_ms(at), text);
  const bool written = ::write(fd, line.data(), line.size()) == static_cast<ssize_t>(line.size()) &&
                       ::fsync(fd) == 0;
  ::close(fd);
  return written;
}

} // namespace cresset::coord::server
