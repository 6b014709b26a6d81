#pragma once

#include "capture/base/byte_order.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace cresset::detect::inspect::buffer {

/// A run of bytes to look for, prepared once per rule. `nocase` folds the ASCII letters and no
/// others.
class needle {
public:
  needle() = default;
  needle(std::string_view bytes, bool nocase);

  std::size_t size() const noexcept { return bytes_.size(); }
  /// Where it first stands in `text` at or behind `from`, wholly before `end`; both are counted
  /// from the begin of `text`, `end` is at most its size.
  std::optional<std::size_t> find(byte_view text, std::size_t from, std::size_t end) const noexcept;
  /// Whether it stands exactly at `at`; false when it does not fit.
  bool stands_at(byte_view text, std::size_t at) const noexcept;

private:
  std::optional<std::size_t> find_folded(std::string_view text, std::size_t from) const noexcept;
  std::optional<std::size_t> find_short(std::string_view text, std::size_t from) const noexcept;

  std::string bytes_;      ///< folded to lower case with nocase
  std::size_t anchor_ = 0; ///< the byte looked for first: one that is rare in traffic
  bool nocase_ = false;
};

} // namespace cresset::detect::inspect::buffer
