#include "detect/pattern/scanner.hpp"

#include <hs/hs.h>

namespace cresset::detect::pattern {

scan_status scanner::run(const database& with, byte_view bytes, relay_function receive,
                         void* context) noexcept {
  scans_.add();
  int result = HS_INVALID;
  if (scratch_.native() != nullptr && bytes.size() <= block_limit_bytes) {
    // No bytes have no address; the library wants one.
    const auto* data = bytes.empty() ? "" : reinterpret_cast<const char*>(bytes.data());
    result = hs_scan(with.native(), data, static_cast<unsigned>(bytes.size()), 0, scratch_.native(),
                     receive, context);
  }
  if (result == HS_SUCCESS)
    return scan_status::complete;
  if (result == HS_SCAN_TERMINATED)
    return scan_status::stopped;
  failures_.add();
  last_failure_ = result;
  return scan_status::failed;
}

} // namespace cresset::detect::pattern
