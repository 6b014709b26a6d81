#pragma once

#include <cstdint>
#include <vector>

namespace cresset::capture::decode {

/// What may be set about decoding; the defaults are those of the field.
struct decoder_settings {
  bool vxlan = true;
  std::vector<std::uint16_t> vxlan_ports{4789};
  bool geneve = true;
  std::vector<std::uint16_t> geneve_ports{6081};
  bool teredo = true;
  /// Ports that Teredo is looked for on, at either end; empty means all.
  std::vector<std::uint16_t> teredo_ports{3544};
};

} // namespace cresset::capture::decode
