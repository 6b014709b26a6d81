#include "detect/proto/rfb/session.hpp"

#include <fmt/format.h>

namespace cresset::detect::proto::rfb {
namespace {

std::string hex_of(const std::vector<std::byte>& bytes) {
  std::string text;
  for (const auto byte : bytes)
    fmt::format_to(std::back_inserter(text), "{:02x}", std::to_integer<unsigned>(byte));
  return text;
}

std::string result_name(std::uint32_t result) {
  switch (result) {
  case 0: return "OK";
  case 1: return "FAIL";
  case 2: return "TOOMANY";
  default: return fmt::format("UNKNOWN ({})", result);
  }
}

} // namespace

std::size_t session::instances(buffer_id id) const noexcept {
  return static_cast<buffer_index>(id) == buffer_index::name && desktop ? 1 : 0;
}

std::optional<byte_view> session::buffer(buffer_id id, std::size_t instance) const noexcept {
  if (instance >= instances(id))
    return std::nullopt;
  return as_bytes(desktop->name);
}

std::size_t session::field_instances(field_id id) const noexcept {
  return field(id, 0) ? 1 : 0;
}

std::optional<std::uint64_t> session::field(field_id id, std::size_t instance) const noexcept {
  if (instance > 0)
    return std::nullopt;
  const auto& value =
      static_cast<field_index>(id) == field_index::security_type ? security_type : security_result;
  return value ? std::optional<std::uint64_t>{*value} : std::nullopt;
}

void session::write_members(json_writer& json) const {
  for (const auto& [name, way] : {std::pair{"server_protocol_version", direction::to_client},
                                  {"client_protocol_version", direction::to_server}})
    if (const auto& one = versions[index(way)])
      json.key(name)
          .begin_object()
          .member("major", one->major)
          .member("minor", one->minor)
          .end_object();
  if (security_type)
    write_authentication(json);
  if (failure_reason)
    json.member("server_security_failure_reason", *failure_reason);
  if (is_shared)
    json.member("screen_shared", *is_shared);
  if (desktop)
    write_desktop(json);
}

void session::write_authentication(json_writer& json) const {
  json.key("authentication").begin_object().member("security_type", *security_type);
  if (!challenge.empty()) {
    json.key("vnc").begin_object().member("challenge", hex_of(challenge));
    if (!response.empty())
      json.member("response", hex_of(response));
    json.end_object();
  }
  if (security_result)
    json.member("security_result", result_name(*security_result));
  json.end_object();
}

void session::write_desktop(json_writer& json) const {
  const auto& f = desktop->format;
  json.key("framebuffer").begin_object();
  json.member("width", desktop->width).member("height", desktop->height);
  json.member("name", desktop->name).key("pixel_format").begin_object();
  json.member("bits_per_pixel", f.bits_per_pixel).member("depth", f.depth);
  json.member("big_endian", f.is_big_endian).member("true_color", f.is_true_color);
  json.member("red_max", f.red_max).member("green_max", f.green_max);
  json.member("blue_max", f.blue_max).member("red_shift", f.red_shift);
  json.member("green_shift", f.green_shift).member("blue_shift", f.blue_shift);
  json.end_object().end_object();
}

} // namespace cresset::detect::proto::rfb
