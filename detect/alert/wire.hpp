#pragma once

#include "capture/base/byte_order.hpp"
#include "capture/base/expected.hpp"
#include "detect/alert/alert.hpp"

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

/// The alert as bytes: the FlatBuffers record of alert.fbs (docs/wire-format.md section 1).
namespace cresset::detect::alert {

/// Why a record is refused.
enum class wire_errc : std::uint8_t {
  too_long,      ///< over limits::record_bytes
  not_a_record,  ///< no file identifier CRA1, or the verifier found offsets that lead outside
  out_of_bounds, ///< a text, list or run of bytes is over its limit
  bad_value,     ///< a number outside its enumeration, an epoch or sequence of zero
  bad_text,      ///< a text that is not UTF-8 or holds a NUL
  bad_json,      ///< one of the JSON texts is no run of members
};
std::string_view to_string(wire_errc why) noexcept;

/// Writes the record. What is over a limit is cut or left out as alert.hpp says, and bytes that are
/// not UTF-8 in texts become "?", so that decode() takes whatever encode() made.
std::vector<std::byte> encode(const alert& from);

/// Reads a record, believing nothing. `bytes` need no alignment. Never throws on input; what it
/// allocates is bounded by the limits of alert.hpp.
expected<alert, wire_errc> decode(byte_view bytes);

/// The number a record carries, and giving it another: for the spool, which numbers anew without
/// reading the rest. False, with nothing changed, when `record` is not a record of encode().
/// `record` must lie at a multiple of 8 bytes.
bool renumber(std::span<std::byte> record, const epoch_id& epoch, std::uint64_t sequence);

} // namespace cresset::detect::alert
