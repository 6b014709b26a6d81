#include "detect/inspect/file_magic.hpp"

#include "capture/base/log.hpp"

#include <magic.h>

#include <algorithm>

namespace cresset::detect::inspect {

file_magic::~file_magic() {
  if (table_ != nullptr)
    magic_close(table_);
}

std::string file_magic::of(byte_view begin) {
  if (table_ == nullptr && !is_missing_) {
    table_ = magic_open(MAGIC_NO_CHECK_COMPRESS | MAGIC_NO_CHECK_ELF);
    if (table_ == nullptr || magic_load(table_, nullptr) != 0) {
      log(log_level::warning, "inspect", "the table of file types cannot be read: {}",
          table_ != nullptr ? magic_error(table_) : "no memory");
      if (table_ != nullptr)
        magic_close(table_);
      table_ = nullptr;
      is_missing_ = true;
    }
  }
  if (table_ == nullptr || begin.empty())
    return {};
  const auto* text = magic_buffer(table_, begin.data(), std::min(begin.size(), looked_at_bytes));
  return text == nullptr ? std::string{} : std::string{text};
}

} // namespace cresset::detect::inspect
