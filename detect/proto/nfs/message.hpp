#pragma once

#include "capture/base/byte_order.hpp"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace cresset::detect::proto::nfs {

/// What an operation means for what we keep, the same in all versions.
enum class deed : std::uint8_t {
  other,
  names, ///< its reply tells the handle of the name it asks for: LOOKUP, CREATE, OPEN, MKDIR, …
  renames,
  reads,
  writes,
  commits, ///< what was written is all there
  closes,
};

/// What a call asks for: a procedure of versions 2 and 3, an operation of version 4. Views of the
/// call's bytes.
struct operation {
  std::uint32_t number = 0; ///< of the procedure or operation
  deed what = deed::other;
  byte_view handle;         ///< the file or directory it is done to
  std::string_view name;    ///< in that directory
  std::string_view to_name; ///< renames: what it is called afterwards
  std::uint64_t offset = 0; ///< reads, writes
  byte_view content;        ///< writes; of a message that was cut as much as there is
  std::uint64_t content_size = 0;
};

/// What a reply says of one operation. Views of the reply's bytes.
struct outcome {
  std::uint32_t status = 0;
  byte_view handle; ///< names: what the name stands for; empty where the reply does not say
  byte_view content;
  std::uint64_t content_size = 0;
  bool is_end = false; ///< reads: the file ends with this
  /// Version 2, which has no such flag: how large the file is.
  std::optional<std::uint64_t> file_size;
  bool has_content = false;
};

/// A name and what it stands for, of a directory's list (READDIRPLUS).
struct named_handle {
  std::string_view name;
  byte_view handle;
};

// Versions 2 and 3 (RFC 1094, RFC 1813); in versions.cpp. Nothing for bytes that are no such
// message; `is_cut` says that it may end early.

std::optional<operation> read_operation(std::uint32_t version, std::uint32_t procedure,
                                        byte_view arguments, bool is_cut) noexcept;
std::optional<outcome> read_outcome(std::uint32_t version, const operation& asked,
                                    byte_view results, bool is_cut) noexcept;
/// The entries of a READDIRPLUS of version 3, at most `limit`.
std::vector<named_handle> read_directory(byte_view results, std::size_t limit);

// Version 4 (RFC 7530, 8881, 7862); in compound.cpp.

/// Operations with the same current file handle in between. One whose arguments we do not know ends
/// the list.
struct compound {
  static constexpr std::size_t limit_operations = 32;
  std::vector<operation> operations;

  /// The one the client wants; the others lead to it. Null of an empty compound.
  const operation* main() const noexcept;
};
std::optional<compound> read_compound(byte_view arguments, bool is_cut);

/// The outcomes of the first operations, as far as their results can be followed: one after a
/// failed one there is none. A GETFH's handle is given to the operation that named the file.
struct compound_outcome {
  std::uint32_t status = 0;
  std::vector<outcome> outcomes;
};
std::optional<compound_outcome> read_compound_outcome(byte_view results, bool is_cut);

namespace operation4 {
inline constexpr std::uint32_t access = 3, close = 4, commit = 5, create = 6, getattr = 9,
                               getfh = 10, link = 11, lock = 12, lockt = 13, lookup = 15,
                               lookupp = 16, open = 18, openattr = 19, putfh = 22, putpubfh = 23,
                               putrootfh = 24, read = 25, readdir = 26, remove = 28, rename = 29,
                               restorefh = 31, savefh = 32, secinfo = 33, setattr = 34, write = 38,
                               sequence = 53;
} // namespace operation4

} // namespace cresset::detect::proto::nfs
