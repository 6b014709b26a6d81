#include "detect/sensor/event_log.hpp"

#include "capture/base/log.hpp"
#include "detect/sensor/settings.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

namespace cresset::detect::sensor {

event_log::event_log(const std::filesystem::path& folder) : path_{folder / "eve.json"} {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  file_ = open(path_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640);
  if (file_ < 0)
    throw configuration_error{
        fmt::format("event log {}: {}; choose a folder that can be written with -l", path_.string(),
                    std::strerror(errno))};
  block_.reserve(block_bytes + 4096);
}

event_log::~event_log() {
  flush();
  close(file_);
}

void event_log::write(std::string_view json) {
  block_ += json;
  block_ += '\n';
  ++in_block_;
  if (block_.size() >= block_bytes)
    flush();
}

void event_log::flush() {
  const off_t begin = lseek(file_, 0, SEEK_END);
  std::size_t done = 0;
  while (done < block_.size()) {
    const auto written = ::write(file_, block_.data() + done, block_.size() - done);
    if (written < 0 && errno == EINTR)
      continue;
    if (written <= 0)
      break;
    done += static_cast<std::size_t>(written);
  }
  if (done == block_.size()) {
    written_ += in_block_;
    complained_ = false;
  } else {
    if (!complained_)
      log(log_level::error, "event_log", "{}: {}; events are lost until there is room",
          path_.string(), std::strerror(errno));
    complained_ = true;
    lost_ += in_block_;
    // a half-written line would spoil the next one
    if (begin >= 0 && ftruncate(file_, begin) != 0)
      log(log_level::error, "event_log", "{}: cannot cut a half-written block", path_.string());
  }
  block_.clear();
  in_block_ = 0;
}

} // namespace cresset::detect::sensor
