// A command (RFC 854, 855):
//
//   IAC verb | IAC WILL/WONT/DO/DONT option | IAC SB option … IAC SE
//
// IAC twice is a byte of text. A line:
//
//   text LF | text CR NUL | text, with a command behind it
//
// One step a byte; nothing is done while nobody asks for frames.
#include "detect/proto/telnet/parser.hpp"

#include <utility>

namespace cresset::detect::proto::telnet {
namespace {

constexpr std::array<std::string_view, 3> frame_types{"pdu", "ctl", "data"};

constexpr std::uint8_t iac = 255;
constexpr std::uint8_t will = 251; // to 254, DONT
constexpr std::uint8_t subnegotiation = 250;
constexpr std::uint8_t subnegotiation_end = 240;

} // namespace

constinit const protocol_description description{"telnet", {}, {}, frame_types};

parse_status parser::bytes(direction way, byte_view bytes, timestamp) {
  if (!frames_.is_awake())
    return parse_status::consumed;
  frames_.take(way, bytes);
  for (std::size_t i = 0; i < bytes.size(); ++i)
    step(way, std::to_integer<std::uint8_t>(bytes[i]), static_cast<std::int64_t>(i));
  return halves_[index(way)].at == place::between ? parse_status::consumed
                                                  : parse_status::need_more;
}

void parser::step(direction way, std::uint8_t byte, std::int64_t at) {
  auto& mine = halves_[index(way)];
  switch (mine.at) {
  case place::between:
    if (byte != iac) {
      begin(way, "data", at);
      return step_in_line(way, byte, at);
    }
    mine.at = place::iac_first;
    return;
  case place::iac_first:
    begin(way, byte == iac ? "data" : "ctl", at - 1);
    mine.at = byte == iac ? place::line : place::verb;
    if (byte != iac)
      step_in_command(way, byte, at);
    return;
  case place::line:
  case place::line_return:
  case place::line_iac: return step_in_line(way, byte, at);
  case place::verb:
  case place::option:
  case place::parameters:
  case place::parameters_iac: return step_in_command(way, byte, at);
  }
}

void parser::step_in_line(direction way, std::uint8_t byte, std::int64_t at) {
  auto& mine = halves_[index(way)];
  if (mine.at == place::line_iac && byte != iac) {
    finish(way, at - 1);
    mine.at = place::iac_first;
    return step(way, byte, at);
  }
  if (byte == '\n' || (byte == '\0' && mine.at == place::line_return))
    return finish(way, at + 1);
  if (byte == iac && mine.at != place::line_iac)
    mine.at = place::line_iac;
  else
    mine.at = byte == '\r' ? place::line_return : place::line;
}

void parser::step_in_command(direction way, std::uint8_t byte, std::int64_t at) {
  auto& mine = halves_[index(way)];
  if (mine.at == place::verb && byte == subnegotiation)
    mine.at = place::parameters;
  else if (mine.at == place::verb && byte >= will && byte < iac)
    mine.at = place::option;
  else if (mine.at == place::parameters)
    mine.at = byte == iac ? place::parameters_iac : place::parameters;
  else if (mine.at == place::parameters_iac && byte != subnegotiation_end)
    mine.at = place::parameters;
  else
    finish(way, at + 1);
}

void parser::begin(direction way, std::string_view type, std::int64_t at) {
  auto& mine = halves_[index(way)];
  mine.pdu = frames_.open(way, "pdu", at);
  mine.part = frames_.open(way, type, at);
}

void parser::finish(direction way, std::int64_t at) {
  auto& mine = halves_[index(way)];
  frames_.close(std::exchange(mine.pdu, 0), at);
  frames_.close(std::exchange(mine.part, 0), at);
  mine.at = place::between;
}

parse_status parser::gap(direction way, std::uint64_t size) {
  frames_.skip(way, size);
  halves_[index(way)] = {};
  return parse_status::resynchronised;
}

void parser::end(direction way) {
  frames_.end(way);
  halves_[index(way)] = {};
}

} // namespace cresset::detect::proto::telnet
