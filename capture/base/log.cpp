#include "capture/base/log.hpp"

#include "capture/base/json_writer.hpp"
#include "capture/base/log_format.hpp"
#include "capture/base/timestamp.hpp"

#include <array>
#include <atomic>
#include <cstdio>
#include <iterator>
#include <string>

namespace cresset {

namespace {

constexpr std::array<std::string_view, 4> names{"debug", "info", "warning", "error"};
std::atomic<log_format> chosen{log_format::text};

std::string text_line(std::string_view level, std::string_view room, std::string_view text) {
  std::string line = fmt::format("{} {} {}: ", to_rfc3339_ms(now()), level, room);
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f)
      fmt::format_to(std::back_inserter(line), "\\x{:02x}", byte);
    else
      line += c;
  }
  return line;
}

std::string json_line(std::string_view level, std::string_view room, std::string_view text) {
  std::string line;
  json_writer json{line};
  json.begin_object()
      .member("at", to_rfc3339_ms(now()))
      .member("level", level)
      .member("room", room)
      .member("text", text)
      .end_object();
  return line;
}

} // namespace

void set_log_format(log_format format) noexcept {
  chosen.store(format);
}

void log_line(log_level level, std::string_view room, std::string_view text) {
  const auto name = names[static_cast<std::size_t>(level)];
  auto line =
      chosen.load() == log_format::json ? json_line(name, room, text) : text_line(name, room, text);
  line += '\n';
  // One call, so that lines of several threads stay whole.
  std::fwrite(line.data(), 1, line.size(), stderr);
}

} // namespace cresset
