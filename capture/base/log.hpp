#pragma once

#include <fmt/format.h>

#include <string_view>
#include <utility>

namespace cresset {

enum class log_level { debug, info, warning, error };

/// Writes one line to standard error: "2026-11-21T22:07:38.123Z warning uplink: text". Line breaks
/// and control characters in the text come out as \xHH, so that nobody outside can forge a line.
/// Never called per packet.
void log_line(log_level level, std::string_view room, std::string_view text);

template <typename... Arguments>
void log(log_level level, std::string_view room, fmt::format_string<Arguments...> format,
         Arguments&&... arguments) {
  log_line(level, room, fmt::format(format, std::forward<Arguments>(arguments)...));
}

} // namespace cresset
