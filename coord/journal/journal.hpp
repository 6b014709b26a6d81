#pragma once

#include "coord/journal/event.hpp"

namespace cresset::coord::journal {

/// Where a chain ends: 0 and 32 zero bytes before the first entry.
struct head {
  std::int64_t sequence = 0;
  signed_::digest hash;
  friend bool operator==(const head&, const head&) noexcept = default;
};

/// The body of an event: `{"by":…,"text":…,…}`.
std::string body_of(const event& what);
/// 32 bytes of the system's randomness.
salt random_salt();
/// The entry that continues the chain behind `end`.
entry seal(const head& end, const event& what, const salt& random);

/// The two hashes of docs/database.md, "Journal".
signed_::digest hash_of_body(const salt& random, std::string_view body);
signed_::digest hash_of_entry(const entry& of);

} // namespace cresset::coord::journal
