#include "detect/pattern/scratch.hpp"

#include <hs/hs.h>

namespace cresset::detect::pattern {

void scratch::releaser::operator()(hs_scratch* handle) const noexcept {
  hs_free_scratch(handle);
}

bool scratch::fit(const database& with) {
  // On success the library frees a smaller scratch and gives a larger one; on failure it leaves
  // ours alone.
  hs_scratch_t* handle = handle_.get();
  if (hs_alloc_scratch(with.native(), &handle) != HS_SUCCESS)
    return false;
  if (handle != handle_.get()) {
    static_cast<void>(handle_.release());
    handle_.reset(handle);
  }
  return true;
}

std::size_t scratch::size_bytes() const noexcept {
  std::size_t size = 0;
  return handle_ && hs_scratch_size(handle_.get(), &size) == HS_SUCCESS ? size : 0;
}

} // namespace cresset::detect::pattern
