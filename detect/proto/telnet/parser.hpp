#pragma once

#include "detect/proto/stream_parser.hpp"

#include <array>

namespace cresset::detect::proto::telnet {

/// What Telnet offers to rules: its name and its frames.
extern const protocol_description description;

/// Telnet over TCP: a direction is commands, each begun by IAC, and lines of text between them. A
/// line ends behind LF, behind CR NUL (RFC 854: a bare return, which is what a terminal sends) and
/// before a command.
class parser final : public stream_parser {
public:
  std::string_view protocol() const noexcept override { return "telnet"; }
  parse_status bytes(direction way, byte_view bytes, timestamp at) override;
  parse_status gap(direction way, std::uint64_t size) override;
  void end(direction way) override;
  std::span<transaction* const> transactions() noexcept override { return {}; }
  void release(std::uint64_t) noexcept override {}
  frame_list* frames() noexcept override { return &frames_; }

private:
  /// What the next byte is.
  enum class place : std::uint8_t {
    between,   ///< the first of a command or a line
    iac_first, ///< behind IAC where a line or a command begins
    line,
    line_return, ///< behind CR in a line
    line_iac,    ///< behind IAC in a line
    verb,        ///< the second of a command
    option,      ///< behind WILL, WONT, DO, DONT
    parameters,
    parameters_iac, ///< behind IAC in a subnegotiation
  };
  struct half {
    place at = place::between;
    std::uint64_t pdu = 0, part = 0; ///< frames that are open
  };
  void step(direction way, std::uint8_t byte, std::int64_t at);
  void step_in_line(direction way, std::uint8_t byte, std::int64_t at);
  void step_in_command(direction way, std::uint8_t byte, std::int64_t at);
  void begin(direction way, std::string_view type, std::int64_t at);
  void finish(direction way, std::int64_t at);

  std::array<half, 2> halves_;
  frame_list frames_;
};

} // namespace cresset::detect::proto::telnet
