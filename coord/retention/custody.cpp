#include "coord/retention/custody.hpp"

namespace cresset::coord::retention {
namespace {

void append_be(std::string& to, std::uint64_t value, int bytes) {
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8)
    to += static_cast<char>(value >> shift & 0xffU);
}

} // namespace

void seal_root::add(const sealed_piece& piece) {
  append_be(hashed_, static_cast<std::uint64_t>(piece.item), 8);
  append_be(hashed_, static_cast<std::uint64_t>(piece.position), 8);
  append_be(hashed_, piece.kind.size(), 4);
  hashed_ += piece.kind;
  hashed_ += as_text(piece.hash.bytes);
  ++pieces_;
}

signed_::digest seal_root::finish() const {
  return signed_::digest::of(hashed_);
}

} // namespace cresset::coord::retention
