#include "detect/proto/http/chunk_lines.hpp"

#include <algorithm>

namespace cresset::detect::proto::http {
namespace {

constexpr std::uint64_t size_limit = std::uint64_t{1} << 40;

int digit_of(char c) noexcept {
  return c >= '0' && c <= '9'   ? c - '0'
         : c >= 'a' && c <= 'f' ? c - 'a' + 10
         : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                : -1;
}

} // namespace

void chunk_lines::end_line() noexcept {
  place_ = has_digit_ && left_ != 0 ? place::content : place::over;
  has_digit_ = false;
}

void chunk_lines::bytes(byte_view bytes) noexcept {
  while (!bytes.empty() && place_ != place::over) {
    if (place_ == place::content) {
      const auto taken = static_cast<std::size_t>(std::min<std::uint64_t>(bytes.size(), left_));
      left_ -= taken;
      bytes = bytes.subspan(taken);
      if (left_ == 0)
        place_ = place::break_behind;
      continue;
    }
    const char c = static_cast<char>(bytes.front());
    bytes = bytes.subspan(1);
    if (c == '\n') {
      if (place_ == place::break_behind)
        place_ = place::size;
      else
        end_line();
    } else if (place_ == place::size && digit_of(c) >= 0) {
      has_digit_ = true;
      left_ = left_ * 16 + static_cast<unsigned>(digit_of(c));
      if (left_ > size_limit)
        place_ = place::over;
    } else if (place_ == place::size && c == ';') {
      has_extension_ = true;
      place_ = place::extension;
    }
  }
}

} // namespace cresset::detect::proto::http
