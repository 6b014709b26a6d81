#include "capture/base/log.hpp"

#include "capture/base/timestamp.hpp"

#include <array>
#include <cstdio>
#include <iterator>
#include <string>

namespace cresset {

void log_line(log_level level, std::string_view room, std::string_view text) {
  static constexpr std::array<std::string_view, 4> names{"debug", "info", "warning", "error"};
  std::string line =
      fmt::format("{} {} {}: ", to_rfc3339_ms(now()), names[static_cast<std::size_t>(level)], room);
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f)
      fmt::format_to(std::back_inserter(line), "\\x{:02x}", byte);
    else
      line += c;
  }
  line += '\n';
  std::fwrite(line.data(), 1, line.size(),
              stderr); // one call, so that lines of several threads stay whole
}

} // namespace cresset
