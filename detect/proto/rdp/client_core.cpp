#include "detect/proto/rdp/client_core.hpp"

#include "capture/base/byte_reader.hpp"
#include "detect/proto/rdp/names.hpp"

#include <array>

namespace cresset::detect::proto::rdp {
namespace {

constexpr std::size_t name_bytes = 32, text_bytes = 64;

/// UTF-16LE up to its end mark, as UTF-8. Halves of pairs stand for themselves and are written as
/// U+FFFD.
std::string utf8_of(byte_view wide) {
  std::string text;
  byte_reader in{wide};
  while (const auto unit = in.le16()) {
    std::uint32_t point = *unit;
    if (point == 0)
      break;
    if (point >= 0xd800 && point < 0xdc00) {
      byte_reader ahead{in.rest()};
      const auto low = ahead.le16();
      if (low && *low >= 0xdc00 && *low < 0xe000) {
        point = 0x10000 + ((point - 0xd800) << 10) + (*low - 0xdc00U);
        in.skip(2);
      } else {
        point = 0xfffd;
      }
    } else if (point >= 0xdc00 && point < 0xe000) {
      point = 0xfffd;
    }
    const auto add = [&](std::uint32_t byte) { text += static_cast<char>(byte); };
    if (point < 0x80) {
      add(point);
    } else if (point < 0x800) {
      add(0xc0U | point >> 6), add(0x80U | (point & 0x3fU));
    } else if (point < 0x10000) {
      add(0xe0U | point >> 12), add(0x80U | (point >> 6 & 0x3fU)), add(0x80U | (point & 0x3fU));
    } else {
      add(0xf0U | point >> 18), add(0x80U | (point >> 12 & 0x3fU));
      add(0x80U | (point >> 6 & 0x3fU)), add(0x80U | (point & 0x3fU));
    }
  }
  return text;
}

/// Bits per pixel of a RNS_UD_COLOR_ value.
unsigned depth_of(unsigned code) noexcept {
  switch (code) {
  case 0xca00: return 4;
  case 0xca01: return 8;
  case 0xca02: return 15;
  case 0xca03: return 16;
  case 0xca04: return 24;
  default: return code;
  }
}

/// Reads the next field if all before it were there.
template <typename Number, typename Read>
bool next(bool goes_on, std::optional<Number>& into, const Read& read) {
  if (goes_on)
    into = read();
  return goes_on && into.has_value();
}

} // namespace

std::optional<client_core> client_core::read(byte_view block) {
  byte_reader in{block};
  const auto version = in.le32();
  const auto width = in.le16(), height = in.le16(), depth = in.le16(), sequence = in.le16();
  const auto layout = in.le32(), build = in.le32();
  const auto name = in.take(name_bytes);
  const auto type = in.le32(), subtype = in.le32(), keys = in.le32();
  const auto ime = in.take(text_bytes);
  if (!version || !width || !height || !depth || !sequence || !layout || !build || !name || !type ||
      !subtype || !keys || !ime)
    return std::nullopt;
  client_core made;
  made.version = *version;
  made.width = *width;
  made.height = *height;
  made.color_depth = *depth;
  made.keyboard_layout = *layout;
  made.build = *build;
  made.name = utf8_of(*name);
  made.keyboard_type = *type;
  made.keyboard_subtype = *subtype;
  made.function_keys = *keys;
  made.ime = utf8_of(*ime);
  const auto le16 = [&] { return in.le16(); };
  const auto le32 = [&] { return in.le32(); };
  bool more = next(true, made.post_beta_depth, le16);
  more = next(more, made.product_id, le16);
  more = next(more, made.serial_number, le32);
  more = next(more, made.high_depth, le16);
  more = next(more, made.supported_depths, le16);
  more = next(more, made.capabilities, le16);
  const auto product = more ? in.take(text_bytes) : std::nullopt;
  if (!product)
    return made;
  made.product = utf8_of(*product);
  more = next(true, made.connection_hint, [&] { return in.u8(); });
  more = more && in.skip(1);
  more = next(more, made.selected_protocol, le32);
  more = next(more, made.physical_width, le32);
  more = next(more, made.physical_height, le32);
  more = next(more, made.orientation, le16);
  more = next(more, made.scale_factor, le32);
  next(more, made.device_scale_factor, le32);
  return made;
}

void client_core::write_members(json_writer& json) const {
  json.member("version", version_name(version));
  json.member("desktop_width", width).member("desktop_height", height);
  json.member("color_depth", high_depth.value_or(0) != 0 ? unsigned{*high_depth}
                             : post_beta_depth           ? depth_of(*post_beta_depth)
                                                         : depth_of(color_depth));
  json.member("keyboard_layout", layout_name(keyboard_layout));
  json.member("build", build_name(build));
  if (!name.empty())
    json.member("client_name", name);
  if (keyboard_type != 0)
    json.member("keyboard_type", keyboard_name(keyboard_type));
  if (keyboard_subtype != 0)
    json.member("keyboard_subtype", keyboard_subtype);
  if (function_keys != 0)
    json.member("function_keys", function_keys);
  if (!ime.empty())
    json.member("ime", ime);
  const auto number = [&](std::string_view key, const auto& value) {
    if (value && *value != 0)
      json.member(key, *value);
  };
  number("product_id", product_id);
  number("serial_number", serial_number);
  if (capabilities) {
    static constexpr std::array<std::string_view, 12> names{"support_errinfo_pdf",
                                                            "want_32bpp_session",
                                                            "support_statusinfo_pdu",
                                                            "strong_asymmetric_keys",
                                                            "",
                                                            "valid_connection_type",
                                                            "support_monitor_layout_pdu",
                                                            "support_netchar_autodetect",
                                                            "support_dynvc_gfx_protocol",
                                                            "support_dynamic_time_zone",
                                                            "support_heartbeat_pdu",
                                                            "support_skip_channeljoin"};
    json.key("capabilities").begin_array();
    for (std::size_t i = 0; i < names.size(); ++i)
      if ((*capabilities >> i & 1U) != 0 && !names[i].empty())
        json.text(names[i]);
    json.end_array();
  }
  if (!product.empty())
    json.member("id", product);
  if (connection_hint && *connection_hint != 0)
    json.member("connection_hint", connection_name(*connection_hint));
  number("physical_width", physical_width);
  number("physical_height", physical_height);
  if (orientation)
    json.member("desktop_orientation", *orientation);
  number("scale_factor", scale_factor);
  number("device_scale_factor", device_scale_factor);
}

} // namespace cresset::detect::proto::rdp
