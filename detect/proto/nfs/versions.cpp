// Versions 2 (RFC 1094) and 3 (RFC 1813). Their procedures begin alike:
//
//   call:  handle | name | …            reply: status | handle | …
//
// Handles are 32 bytes in version 2, and have a length in version 3.
#include "detect/proto/nfs/message.hpp"
#include "detect/proto/nfs/xdr.hpp"

#include <array>

namespace cresset::detect::proto::nfs {
namespace {

constexpr std::size_t handle2_size = 32;
constexpr std::size_t attributes2_size = 68;
constexpr std::size_t attributes3_size = 84;

/// What stands in a procedure's arguments, as far as it is of use.
enum class shape : std::uint8_t { none, handle, entry, rename, link, read, write, commit };
struct procedure {
  shape arguments = shape::none;
  deed what = deed::other;
};
using enum shape;

constexpr std::array version2{
    procedure{none},                  // NULL
    procedure{handle},                // GETATTR
    procedure{handle},                // SETATTR
    procedure{none},                  // ROOT
    procedure{entry, deed::names},    // LOOKUP
    procedure{handle},                // READLINK
    procedure{read, deed::reads},     // READ
    procedure{none},                  // WRITECACHE
    procedure{write, deed::writes},   // WRITE
    procedure{entry, deed::names},    // CREATE
    procedure{entry},                 // REMOVE
    procedure{rename, deed::renames}, // RENAME
    procedure{link},                  // LINK
    procedure{entry},                 // SYMLINK
    procedure{entry, deed::names},    // MKDIR
    procedure{entry},                 // RMDIR
    procedure{handle},                // READDIR
    procedure{handle},                // STATFS
};
constexpr std::array version3{
    procedure{none},                  // NULL
    procedure{handle},                // GETATTR
    procedure{handle},                // SETATTR
    procedure{entry, deed::names},    // LOOKUP
    procedure{handle},                // ACCESS
    procedure{handle},                // READLINK
    procedure{read, deed::reads},     // READ
    procedure{write, deed::writes},   // WRITE
    procedure{entry, deed::names},    // CREATE
    procedure{entry, deed::names},    // MKDIR
    procedure{entry, deed::names},    // SYMLINK
    procedure{entry, deed::names},    // MKNOD
    procedure{entry},                 // REMOVE
    procedure{entry},                 // RMDIR
    procedure{rename, deed::renames}, // RENAME
    procedure{link},                  // LINK
    procedure{handle},                // READDIR
    procedure{handle},                // READDIRPLUS
    procedure{handle},                // FSSTAT
    procedure{handle},                // FSINFO
    procedure{handle},                // PATHCONF
    procedure{commit, deed::commits}, // COMMIT
};
constexpr std::uint32_t lookup3 = 3;

byte_view take_handle(xdr_reader& in, std::uint32_t version) noexcept {
  return version == 2 ? in.fixed(handle2_size) : in.opaque();
}

void read_write(xdr_reader& in, std::uint32_t version, operation& made) noexcept {
  if (version == 2) {
    in.u32(); // where the write begins that this is a part of; not used
    made.offset = in.u32();
    in.u32();
  } else {
    made.offset = in.u64();
    in.u32(); // as many as follow
    in.u32(); // how stable
  }
  made.content = in.opaque_cut(made.content_size);
}

outcome read_names(xdr_reader& in, std::uint32_t version, std::uint32_t procedure,
                   outcome made) noexcept {
  if (version == 2 || procedure == lookup3 || in.boolean())
    made.handle = take_handle(in, version);
  return made;
}

outcome read_read(xdr_reader& in, std::uint32_t version, outcome made) noexcept {
  if (version == 2) {
    xdr_reader attributes{in.fixed(attributes2_size)};
    attributes.skip(20);
    made.file_size = attributes.u32();
  } else {
    if (in.boolean())
      in.skip(attributes3_size);
    in.u32(); // as many as follow
    made.is_end = in.boolean();
  }
  made.content = in.opaque_cut(made.content_size);
  made.has_content = !in.has_failed();
  return made;
}

} // namespace

std::optional<operation> read_operation(std::uint32_t version, std::uint32_t number,
                                        byte_view arguments, bool is_cut) noexcept {
  operation made;
  made.number = number;
  const auto count = version == 2 ? version2.size() : version3.size();
  if (number >= count)
    return std::nullopt;
  const auto& known = version == 2 ? version2[number] : version3[number];
  made.what = known.what;
  if (known.arguments == none)
    return made;
  xdr_reader in{arguments};
  made.handle = take_handle(in, version);
  switch (known.arguments) {
  case none:
  case handle:
  case commit: break;
  case entry: made.name = as_text(in.opaque()); break;
  case rename:
    made.name = as_text(in.opaque());
    take_handle(in, version);
    made.to_name = as_text(in.opaque());
    break;
  case link:
    take_handle(in, version);
    made.name = as_text(in.opaque());
    break;
  case read: made.offset = version == 2 ? in.u32() : in.u64(); break;
  case write: read_write(in, version, made); break;
  }
  const bool is_short = !is_cut && made.content.size() < made.content_size;
  if (in.has_failed() || is_short)
    return std::nullopt;
  return made;
}

std::optional<outcome> read_outcome(std::uint32_t version, const operation& asked,
                                    byte_view results, bool is_cut) noexcept {
  outcome made;
  if (asked.number == 0) // NULL says nothing
    return made;
  xdr_reader in{results};
  made.status = in.u32();
  if (made.status == 0 && asked.what == deed::names)
    made = read_names(in, version, asked.number, made);
  else if (made.status == 0 && asked.what == deed::reads)
    made = read_read(in, version, made);
  const bool is_short = !is_cut && made.content.size() < made.content_size;
  if (in.has_failed() || is_short)
    return std::nullopt;
  return made;
}

std::vector<named_handle> read_directory(byte_view results, std::size_t limit) {
  constexpr std::size_t verifier_size = 8;
  xdr_reader in{results};
  std::vector<named_handle> made;
  if (in.u32() != 0)
    return made;
  if (in.boolean())
    in.skip(attributes3_size);
  in.skip(verifier_size);
  while (made.size() < limit && in.boolean()) {
    in.u64(); // number of the file
    const auto name = as_text(in.opaque());
    in.u64(); // where to go on
    if (in.boolean())
      in.skip(attributes3_size);
    const auto handle = in.boolean() ? in.opaque() : byte_view{};
    if (in.has_failed())
      break;
    if (!handle.empty())
      made.push_back({name, handle});
  }
  return made;
}

} // namespace cresset::detect::proto::nfs
