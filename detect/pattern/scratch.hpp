#pragma once

#include "detect/pattern/database.hpp"

#include <memory>

struct hs_scratch;

namespace cresset::detect::pattern {

/// The working memory of one thread's scans; fits every database that was given to `fit`.
class scratch {
public:
  scratch() noexcept = default;

  /// Grows it for `with`; false when memory ran out or the database is not valid: then what was
  /// there stays usable.
  bool fit(const database& with);
  std::size_t size_bytes() const noexcept;

  /// For the scanner only.
  hs_scratch* native() const noexcept { return handle_.get(); }

private:
  struct releaser {
    void operator()(hs_scratch* handle) const noexcept;
  };
  std::unique_ptr<hs_scratch, releaser> handle_;
};

} // namespace cresset::detect::pattern
