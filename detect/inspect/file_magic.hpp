#pragma once

#include "capture/base/byte_order.hpp"

#include <string>

struct magic_set;

namespace cresset::detect::inspect {

/// Says what kind of file bytes are, by libmagic's table as the system has it. One a thread: the
/// library's handle is not shared. Without the table every answer is empty.
class file_magic {
public:
  /// Bytes of a file's begin that are looked at; more would only cost.
  static constexpr std::size_t looked_at_bytes = 4096;

  file_magic() = default;
  ~file_magic();
  file_magic(const file_magic&) = delete;
  file_magic& operator=(const file_magic&) = delete;

  /// "PE32 executable (GUI) Intel 80386, for MS Windows"; empty when nothing can be said.
  /// `begin` is the file's begin.
  std::string of(byte_view begin);

private:
  magic_set* table_ = nullptr; ///< loaded when first asked
  bool is_missing_ = false;
};

} // namespace cresset::detect::inspect
