#pragma once

#include "coord/incident/repository.hpp"
#include "coord/journal/checkpoint.hpp"

namespace cresset::coord::store {

class connection_pool;

/// The journal as a whole: verifying it and erasing from it. Any thread.
class audit_store {
public:
  /// The pool outlives the store.
  explicit audit_store(connection_pool& pool) : pool_{pool} {}

  struct verdict {
    journal::checkpoint end;
    std::vector<journal::finding> findings;
  };
  /// Reads the whole chain, in pieces, and holds it against its hashes and the checkpoint.
  incident::result<verdict> verify(std::optional<journal::checkpoint> known);
  /// Erases the body of an entry: appends the event that says so, then leaves a tombstone, in one
  /// transaction.
  incident::result<void> erase(std::int64_t sequence, std::string_view by, std::string_view reason);

private:
  connection_pool& pool_;
};

} // namespace cresset::coord::store
