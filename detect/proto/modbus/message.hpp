#pragma once

#include "capture/base/json_writer.hpp"
#include "detect/proto/direction.hpp"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace cresset::detect::proto::modbus {

/// What a function does, as bits: the values that the field "modbus.access" has.
enum access : std::uint8_t {
  access_read = 0x01,
  access_write = 0x02,
  access_discretes = 0x04,
  access_coils = 0x08,
  access_input = 0x10,
  access_holding = 0x20,
  access_single = 0x40,
  access_multiple = 0x80,
};

/// Whose a function's number is (Application Protocol section 5), as bits: "modbus.category".
enum category : std::uint8_t {
  public_assigned = 0x01,
  public_unassigned = 0x02,
  user_defined = 0x04,
  reserved = 0x08,
};

/// What is wrong with a message that can be read, as bits.
enum error : std::uint8_t {
  error_value = 0x01,
  error_length = 0x02,
  error_exception = 0x04,
  error_function = 0x08,
  error_protocol = 0x10,
};

/// A run of coils or registers.
struct cells {
  std::uint16_t address = 0;
  std::uint16_t quantity = 1;
};

/// One message: MBAP header, function and what the function carries.
struct message {
  std::uint16_t transaction_id = 0;
  std::uint16_t protocol_id = 0;
  std::uint8_t unit = 0;
  std::uint8_t function_raw = 0; ///< with the bit of an exception
  std::uint8_t access = 0;
  std::uint8_t category = 0;
  std::uint8_t errors = 0;

  std::optional<std::uint8_t> exception;
  std::optional<std::uint16_t> diagnostic; ///< sub-function of function 8
  std::optional<std::uint8_t> mei;         ///< type of function 43
  std::optional<cells> read;
  std::optional<cells> write;
  std::optional<std::uint16_t> and_mask, or_mask; ///< of function 22
  std::optional<std::uint16_t> value;             ///< a single write, or the echo of a write
  bool has_quantity = false;                      ///< the write names how many cells it is about
  std::vector<std::byte> bytes; ///< of a read's response, a multiple write or what is not known

  std::uint8_t function() const noexcept { return function_raw & 0x7fU; }
  /// The value written at the cell `n` places behind the first; nothing when none is known.
  std::optional<std::uint16_t> written(std::size_t n) const noexcept;
};

/// Reads one whole message (MBAP header included). Precondition: at least header and function.
message read_message(direction way, byte_view bytes);

/// "RdCoils", or "Unknown".
std::string_view function_name(std::uint8_t function) noexcept;
/// Writes the members of the message's object.
void write_members(json_writer& json, const message& of);

} // namespace cresset::detect::proto::modbus
