// A request (RFC 1350 section 5):
//
//   opcode 2 | file name | 0 | mode | 0 | options …
#include "detect/proto/tftp/parser.hpp"

#include "capture/base/byte_reader.hpp"

#include <algorithm>
#include <array>

namespace cresset::detect::proto::tftp {
namespace {

/// The text before the next zero; nothing when there is none.
std::optional<std::string_view> take_text(std::string_view& rest) noexcept {
  const auto end = rest.find('\0');
  if (end == std::string_view::npos)
    return std::nullopt;
  const auto text = rest.substr(0, end);
  rest.remove_prefix(end + 1);
  return text;
}

bool is_mode(std::string_view text) noexcept {
  static constexpr std::array<std::string_view, 3> modes{"netascii", "octet", "mail"};
  return std::any_of(modes.begin(), modes.end(), [&](std::string_view mode) {
    return std::equal(text.begin(), text.end(), mode.begin(), mode.end(),
                      [](char a, char b) { return (a | 0x20) == b; });
  });
}

} // namespace

constinit const protocol_description description{"tftp", {}, {}};

request::request(std::uint64_t number, operation what, std::string_view file, std::string_view mode)
    : transaction{number}, what_{what}, file_{file.substr(0, text_limit_bytes)}, mode_{mode} {
  for (const auto way : {direction::to_server, direction::to_client})
    advance(way, progress_done);
}

void request::write_members(json_writer& json) const {
  json.member("packet", what_ == operation::read ? "read" : "write");
  json.member("file", std::string_view{file_}).member("mode", std::string_view{mode_});
}

parse_status parser::bytes(direction way, byte_view bytes, timestamp) {
  byte_reader in{bytes};
  const auto opcode = in.be16();
  if (way != direction::to_server || !opcode || *opcode < 1 || *opcode > 2)
    return parse_status::resynchronised;
  auto rest = as_text(in.rest());
  const auto file = take_text(rest);
  const auto mode = file ? take_text(rest) : std::nullopt;
  if (!mode || !is_mode(*mode))
    return parse_status::resynchronised;
  if (live_.size() >= transaction_limit) {
    ++refused_;
    return parse_status::resynchronised;
  }
  live_.add(std::make_unique<request>(live_.next_number(), static_cast<request::operation>(*opcode),
                                      *file, *mode));
  return parse_status::consumed;
}

} // namespace cresset::detect::proto::tftp
