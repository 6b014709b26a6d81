#pragma once

#include "capture/base/byte_order.hpp"
#include "capture/base/json_writer.hpp"

#include <optional>
#include <string>

namespace cresset::detect::proto::rdp {

/// What the client says of itself ([MS-RDPBCGR] 2.2.1.3.2). From the first optional field that is
/// missing on there are none.
struct client_core {
  std::uint32_t version = 0, keyboard_layout = 0, build = 0;
  std::uint32_t keyboard_type = 0, keyboard_subtype = 0, function_keys = 0;
  std::uint16_t width = 0, height = 0, color_depth = 0;
  std::string name, ime;
  std::optional<std::uint16_t> post_beta_depth, product_id, high_depth, supported_depths,
      capabilities, orientation;
  std::optional<std::uint32_t> serial_number, selected_protocol, physical_width, physical_height,
      scale_factor, device_scale_factor;
  std::optional<std::uint8_t> connection_hint;
  std::string product;

  /// Reads the block's contents; nothing when a field that must be there is missing.
  static std::optional<client_core> read(byte_view block);
  void write_members(json_writer& json) const;
};

} // namespace cresset::detect::proto::rdp
