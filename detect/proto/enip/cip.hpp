#pragma once

#include "capture/base/byte_order.hpp"
#include "capture/base/json_writer.hpp"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace cresset::detect::proto::enip {

/// One step of the path to what a service is asked of.
struct path_segment {
  enum class kind : std::uint8_t { object_class, instance, member, connection_point, attribute };
  kind what{};
  std::uint32_t value = 0;
};

/// One CIP message: a service asked, or answered.
struct cip_message {
  static constexpr std::size_t path_limit = 32;
  static constexpr std::size_t attributes_limit = 64; ///< named in the body of an attribute list

  std::uint8_t service = 0; ///< without the bit of a response
  bool is_response = false;
  std::vector<path_segment> path;
  std::vector<std::uint16_t> listed; ///< attributes that the body lists (services 3 and 4)
  std::uint8_t status = 0;
  std::optional<std::uint16_t> extended_status;
  std::size_t parent = 0; ///< index of the message that carries it; its own index for none

  std::optional<std::uint32_t> segment(path_segment::kind what) const noexcept;
};

/// All CIP messages of one ENIP message, the carried ones behind their carrier.
struct cip_messages {
  static constexpr std::size_t limit = 128;
  std::vector<cip_message> all;
  bool is_damaged = false; ///< lengths contradict the bytes, or there were more than the limit
};

/// Reads a CIP message and those it carries (multiple service, unconnected send), one level deep.
void read_cip(byte_view bytes, cip_messages& into);
/// Writes the members of message `i` and, as "multiple", those it carries.
void write_members(json_writer& json, const cip_messages& of, std::size_t i);

} // namespace cresset::detect::proto::enip
