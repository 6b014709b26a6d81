#pragma once

#include "capture/base/timestamp.hpp"
#include "coord/incident/number_id.hpp"

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cresset::coord::casework {

using attachment_id = incident::number_id<struct attachment_tag>;

/// A file that belongs to an incident. Its bytes are kept in the database, given out only as a
/// download of unknown type, and never interpreted.
struct attachment {
  attachment_id id;
  incident::incident_id incident;
  /// What the one who sent it calls it; `is_file_name`.
  std::string name;
  /// What the one who sent it says it is; shown and never believed.
  std::string media_type;
  std::int64_t size = 0;
  /// SHA-256 of the bytes; stays when the bytes are removed.
  std::array<std::byte, 32> hash{};
  timestamp made;
  std::string made_by;
  std::optional<timestamp> removed;
  std::string removed_by;
};

/// A file must fit into one request's body (1 MiB) in base64.
inline constexpr std::size_t attachment_limit_bytes = 700 * 1024;
inline constexpr std::int64_t attachments_limit = 100;
inline constexpr std::int64_t attachments_limit_bytes = std::int64_t{32} << 20;

/// 1 to 200 bytes of UTF-8 without control characters, path separators and the names "." and "..".
bool is_file_name(std::string_view name) noexcept;
/// "type/subtype" of RFC 6838 characters, at most 127 bytes, without parameters.
bool is_media_type(std::string_view text) noexcept;
/// The name as a header's `filename` carries it (RFC 6266): ASCII letters, digits, '.', '-', '_';
/// anything else is '_'.
std::string header_file_name(std::string_view name);

/// The bytes of a base64 text (RFC 4648 section 4, with padding, without line breaks); nothing for
/// any other text.
std::optional<std::vector<std::byte>> from_base64(std::string_view text);

} // namespace cresset::coord::casework
