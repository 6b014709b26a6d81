#include "detect/proto/http/range_file.hpp"

#include <utility>

namespace cresset::detect::proto::http {

bool range_file::begin(const content_range& part, std::string_view name) {
  const auto is_part = part.start >= 0 && part.end >= part.start && part.size > part.end &&
                       (part.start > 0 || part.end + 1 < part.size);
  if (!is_part || name.empty())
    return false;
  const auto start = static_cast<std::uint64_t>(part.start);
  const auto size = static_cast<std::uint64_t>(part.size);
  if (name_ == name && size_ == size && next_ == start)
    return true;
  if (start != 0)
    return false; // what stands before it was not seen
  name_ = name;
  size_ = size;
  next_ = 0;
  content_ = gathered_body{limit_};
  return true;
}

void range_file::bytes(byte_view bytes) {
  content_.append(bytes);
  next_ += bytes.size();
}

gathered_body range_file::take() {
  content_.complete();
  name_.clear();
  return std::exchange(content_, gathered_body{limit_});
}

} // namespace cresset::detect::proto::http
