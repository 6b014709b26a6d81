#pragma once

#include "detect/proto/transaction.hpp"

#include <span>

/// The tables behind http2::description: what each buffer and number is made of.
namespace cresset::detect::proto::http2 {

enum class content : std::uint8_t {
  header_value, ///< the header `header` names
  host,
  cookie,
  header,
  header_names,
  header_lines, ///< each header an instance
  names,        ///< each header's name an instance
  line,
  protocol,
  body,
  file_data,
};
struct buffer_entry {
  content what{};
  const char* header = nullptr;
};

enum class number : std::uint8_t {
  frametype,
  errorcode,
  priority,
  window,
  size_update,
  settings,
  uri_length
};

std::span<const buffer_description> buffer_descriptions() noexcept;
std::span<const field_description> field_descriptions() noexcept;
/// What the buffer or field with this index is; the index must be within its table.
const buffer_entry& entry_of(buffer_id id) noexcept;
number number_of(field_id id) noexcept;

} // namespace cresset::detect::proto::http2
