#pragma once

#include "capture/base/json_writer.hpp"
#include "detect/proto/direction.hpp"
#include "detect/proto/dnp3/link.hpp"

#include <cstdint>
#include <vector>

namespace cresset::detect::proto::dnp3 {

/// One object header of a fragment with where its points lie (IEEE 1815 4.2.2.7).
struct object {
  std::uint8_t group = 0;
  std::uint8_t variation = 0;
  std::uint8_t qualifier = 0;
  std::uint32_t start = 0;
  std::uint32_t stop = 0;
  std::uint32_t count = 0;
  std::size_t points_at = 0; ///< in the fragment; 0: the header alone
  std::size_t points_size = 0;

  std::uint8_t prefix_code() const noexcept { return qualifier >> 4 & 7U; }
  std::uint8_t range_code() const noexcept { return qualifier & 0x0fU; }
};

/// What was wrong with the objects of a fragment.
struct object_faults {
  bool unknown_object = false;
  bool too_many_points = false;
  bool too_many_objects = false;
};

/// One application fragment with the head of its first link frame.
struct message {
  static constexpr std::size_t objects_limit = 2048;
  static constexpr std::uint32_t points_limit = 16384;   ///< an object
  static constexpr std::size_t points_told_limit = 1024; ///< a fragment, in the event log

  link_header link;
  std::vector<std::byte> fragment;
  bool is_response = false;
  bool is_read = false;     ///< the fragment is whole and its head was read
  bool is_complete = false; ///< all of its objects were understood
  std::uint8_t control = 0;
  std::uint8_t function = 0;
  std::uint16_t indications = 0; ///< first octet high; responses only
  std::vector<object> objects;
};

/// Reads the fragment of `of` down to its objects. Nothing is read of one too short for its head.
object_faults read_fragment(message& of);
/// Writes the members of the message's object.
void write_members(json_writer& json, const message& of);

} // namespace cresset::detect::proto::dnp3
