#pragma once

#include "coord/signed/digest.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace cresset::coord::retention {

/// Pieces one seal covers at most.
inline constexpr int seal_items_limit = 10'000;

/// A piece of kept evidence as a seal covers it: its number, the alert's position, what it is, and
/// the SHA-256 of its bytes.
struct sealed_piece {
  std::int64_t item = 0;
  std::int64_t position = 0;
  std::string_view kind;
  signed_::digest hash;
};

/// Makes the root of a seal: pieces are added in the order of their numbers. A piece whose bytes
/// were erased still counts with its hash, so the root outlives them.
///
///   root = SHA-256("cresset evidence v1\n" || each: item be64, position be64, len(kind) be32,
///   kind,
///          hash)
class seal_root {
public:
  void add(const sealed_piece& piece);
  std::int64_t pieces() const noexcept { return pieces_; }
  signed_::digest finish() const;

private:
  std::string hashed_ = "cresset evidence v1\n";
  std::int64_t pieces_ = 0;
};

} // namespace cresset::coord::retention
