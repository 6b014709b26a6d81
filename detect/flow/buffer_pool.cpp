#include "detect/flow/buffer_pool.hpp"

#include <bit>

namespace cresset::detect::flow {
namespace {

unsigned class_for(std::size_t bytes) noexcept {
  if (bytes <= buffer_pool::smallest_bytes)
    return 0;
  return static_cast<unsigned>(std::bit_width((bytes - 1) / buffer_pool::smallest_bytes));
}

} // namespace

pooled_buffer buffer_pool::acquire(std::size_t bytes) noexcept {
  const unsigned size_class = class_for(bytes);
  if (size_class >= size_classes) {
    refused_.add();
    return {};
  }
  const std::size_t size = bytes_of(size_class);
  auto& kept = kept_[size_class];
  if (!kept.empty()) {
    auto taken = std::move(kept.back());
    kept.pop_back();
    kept_bytes_ -= size;
    lent_bytes_ += size;
    return {*this, std::move(taken), size_class};
  }
  if (!make_room(size)) {
    refused_.add();
    return {};
  }
  allocations_.add();
  lent_bytes_ += size;
  return {*this, std::make_unique_for_overwrite<std::byte[]>(size), size_class};
}

/// Kept buffers of other sizes give way, the largest first.
bool buffer_pool::make_room(std::size_t bytes) noexcept {
  if (lent_bytes_ + bytes > limit_bytes_)
    return false;
  for (unsigned size_class = size_classes; size_class-- > 0;) {
    auto& kept = kept_[size_class];
    while (lent_bytes_ + kept_bytes_ + bytes > limit_bytes_ && !kept.empty()) {
      kept.pop_back();
      kept_bytes_ -= bytes_of(size_class);
    }
  }
  return true;
}

void buffer_pool::take_back(std::unique_ptr<std::byte[]> bytes, unsigned size_class) noexcept {
  lent_bytes_ -= bytes_of(size_class);
  kept_bytes_ += bytes_of(size_class);
  kept_[size_class].push_back(std::move(bytes));
}

} // namespace cresset::detect::flow
