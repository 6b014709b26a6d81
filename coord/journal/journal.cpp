// The chain covers salted hashes of bodies and never the bodies themselves:
//
//   body, salt ──SHA-256──▶ body_hash ─┐
//   sequence, time, kind, ids ─────────┼─SHA-256──▶ hash ──▶ next entry's `previous`
//   previous ──────────────────────────┘
//
// so that a body that has to be forgotten is erased together with its salt, without which nobody
// can guess it from its hash, and everything else still verifies.
#include "coord/journal/journal.hpp"

#include "capture/base/json_writer.hpp"

#include <sodium.h>

namespace cresset::coord::journal {
namespace {

void append_be(std::string& to, std::uint64_t value, int bytes) {
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8)
    to += static_cast<char>(value >> shift & 0xffU);
}

void append(std::string& to, const signed_::digest& hash) {
  to += as_text(hash.bytes);
}

} // namespace

std::string body_of(const event& what) {
  std::string body;
  json_writer json{body};
  json.begin_object().member("by", what.by).member("text", what.text);
  json.end_object();
  if (!what.detail.empty()) {
    body.pop_back();
    body += ',' + what.detail + '}';
  }
  return body;
}

salt random_salt() {
  salt random;
  ::randombytes_buf(random.data(), random.size());
  return random;
}

signed_::digest hash_of_body(const salt& random, std::string_view body) {
  std::string hashed{as_text(random)};
  hashed += body;
  return signed_::digest::of(hashed);
}

signed_::digest hash_of_entry(const entry& of) {
  std::string hashed = "cresset journal v1\n";
  append_be(hashed, static_cast<std::uint64_t>(of.sequence), 8);
  append_be(hashed, static_cast<std::uint64_t>(to_ns(of.at)), 8);
  append_be(hashed, of.kind.size(), 4);
  hashed += of.kind;
  append_be(hashed, static_cast<std::uint64_t>(of.incident.value), 8);
  append_be(hashed, static_cast<std::uint64_t>(of.group.value), 8);
  append(hashed, of.body_hash);
  append(hashed, of.previous);
  return signed_::digest::of(hashed);
}

entry seal(const head& end, const event& what, const salt& random) {
  entry next;
  next.sequence = end.sequence + 1;
  next.at = what.at;
  next.kind = what.kind;
  next.incident = what.incident;
  next.group = what.group;
  next.salt = random;
  next.body = body_of(what);
  next.body_hash = hash_of_body(random, *next.body);
  next.previous = end.hash;
  next.hash = hash_of_entry(next);
  return next;
}

} // namespace cresset::coord::journal
