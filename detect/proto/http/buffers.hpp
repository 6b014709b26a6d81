#pragma once

#include "detect/proto/transaction.hpp"

#include <cstdint>
#include <span>

/// The table behind http::description: what each buffer is made of.
namespace cresset::detect::proto::http {

enum class content : std::uint8_t {
  uri,
  uri_raw,
  method,
  request_line,
  response_line,
  protocol,
  stat_code,
  stat_msg,
  host,
  host_raw,
  header,
  header_raw,
  header_names,
  header_lines, ///< each header an instance
  start,
  header_value, ///< the value of one header, `header` names it
  body,
  file_data,
};

struct buffer_entry {
  content what{};
  const char* header = nullptr;
};

enum class field_index : field_id { uri_length, uri_raw_length };

std::span<const buffer_description> buffer_descriptions() noexcept;
std::span<const field_description> field_descriptions() noexcept;
/// What the buffer with this index is; the index must be within the table.
const buffer_entry& entry_of(buffer_id id) noexcept;

} // namespace cresset::detect::proto::http
