// Version 4 (RFC 7530, RFC 8881, RFC 7862):
//
//   call:  tag | minor version | number of operations | (operation | arguments)…
//   reply: status | tag | number of results | (operation | status | result)…
//
// Nothing says how long an operation's arguments are, so each must be known to reach the next. Most
// are rows of simple parts, written as a word of letters:
//
//   4 a number of four bytes     8 of eight      s a stateid, 16 bytes, as sessions and devices
//   o bytes behind their number  b a bitmap      f attributes: a bitmap and bytes
//   w an owner: 8 bytes, o       c a change: 20 bytes
#include "detect/proto/nfs/message.hpp"
#include "detect/proto/nfs/xdr.hpp"

#include <array>

namespace cresset::detect::proto::nfs {
namespace {

namespace op = operation4;
constexpr std::uint32_t limit_bitmap_words = 16;
constexpr std::uint32_t limit_listed = 1024; ///< entries of a list inside a result

struct row {
  std::uint32_t number = 0;
  std::string_view parts;
};

/// Operations that are not in here, nor read by a function below, end what we follow.
constexpr std::array arguments{
    row{op::access, "4"},
    row{op::close, "4s"},
    row{op::commit, "84"},
    row{7, "8"},
    row{8, "s"},
    row{op::getattr, "b"},
    row{op::getfh, ""},
    row{op::link, "o"},
    row{op::lockt, "488w"},
    row{14, "44s88"},
    row{op::lookup, "o"},
    row{op::lookupp, ""},
    row{17, "f"},
    row{op::openattr, "4"},
    row{20, "s4"},
    row{21, "s444"},
    row{op::putfh, "o"},
    row{op::putpubfh, ""},
    row{op::putrootfh, ""},
    row{op::read, "s84"},
    row{op::readdir, "8844b"},
    row{27, ""},
    row{op::remove, "o"},
    row{op::rename, "oo"},
    row{30, "8"},
    row{op::restorefh, ""},
    row{op::savefh, ""},
    row{op::secinfo, "o"},
    row{op::setattr, "sf"},
    row{35, "8o4oo4"},
    row{36, "88"},
    row{37, "f"},
    row{op::write, "s84"},
    row{39, "w"},
    row{41, "s44"},
    row{44, "s"},
    row{45, "s"},
    row{52, "4"},
    row{op::sequence, "s4444"},
    row{57, "8"},
    row{58, "4"},
    row{59, "s88"},
    row{62, "s88"},
    row{68, "s84"},
    row{69, "s84"},
};
constexpr std::array results{
    row{op::access, "44"},
    row{op::close, "s"},
    row{op::commit, "8"},
    row{7, ""},
    row{8, ""},
    row{op::create, "cb"},
    row{op::getattr, "f"},
    row{op::getfh, "o"},
    row{op::link, "c"},
    row{op::lock, "s"},
    row{op::lockt, ""},
    row{14, "s"},
    row{op::lookup, ""},
    row{op::lookupp, ""},
    row{17, ""},
    row{op::openattr, ""},
    row{20, "s"},
    row{21, "s"},
    row{op::putfh, ""},
    row{op::putpubfh, ""},
    row{op::putrootfh, ""},
    row{op::read, "4"},
    row{27, "o"},
    row{op::remove, "c"},
    row{op::rename, "cc"},
    row{30, ""},
    row{op::restorefh, ""},
    row{op::savefh, ""},
    row{op::setattr, "b"},
    row{35, "88"},
    row{36, ""},
    row{37, ""},
    row{op::write, "448"},
    row{39, ""},
    row{41, "s44"},
    row{44, ""},
    row{45, ""},
    row{op::sequence, "s44444"},
    row{57, ""},
    row{58, ""},
    row{59, ""},
    row{62, ""},
    row{69, "48"},
};

template <std::size_t Size>
const row* find(const std::array<row, Size>& rows, std::uint32_t number) noexcept {
  for (const auto& one : rows)
    if (one.number == number)
      return &one;
  return nullptr;
}

void skip_bitmap(xdr_reader& in) noexcept {
  const auto words = in.u32();
  in.skip(words > limit_bitmap_words ? SIZE_MAX : std::size_t{4} * words);
}
void skip_attributes(xdr_reader& in) noexcept {
  skip_bitmap(in);
  in.opaque();
}

/// Reads a row of parts; the first bytes and the second of kind `o`, and the first number of eight
/// bytes go into `made`.
void read_parts(xdr_reader& in, std::string_view parts, operation& made) noexcept {
  bool has_offset = false;
  for (const char part : parts)
    switch (part) {
    case '4': in.u32(); break;
    case '8': {
      const auto number = in.u64();
      if (!std::exchange(has_offset, true))
        made.offset = number;
      break;
    }
    case 's': in.skip(16); break;
    case 'c': in.skip(20); break;
    case 'b': skip_bitmap(in); break;
    case 'f': skip_attributes(in); break;
    case 'w':
      in.u64();
      in.opaque();
      break;
    default: {
      const auto bytes = as_text(in.opaque());
      (made.name.empty() ? made.name : made.to_name) = bytes;
    }
    }
}

/// CREATE of everything but a file (RFC 7530 16.4).
void read_create(xdr_reader& in, operation& made) noexcept {
  const auto type = in.u32();
  if (type == 5) // a symbolic link
    in.opaque();
  else if (type == 3 || type == 4) // a device
    in.u64();
  made.name = as_text(in.opaque());
  skip_attributes(in);
}

/// RFC 7530 16.10: by an owner who is new to the server, or one it knows.
void read_lock(xdr_reader& in) noexcept {
  in.skip(24); // kind, reclaim, range
  if (in.boolean()) {
    in.skip(24);
    in.u64();
    in.opaque();
  } else {
    in.skip(20);
  }
}

/// RFC 7530 16.16, RFC 8881 18.16: how it is opened, and by which name.
void read_open(xdr_reader& in, operation& made) noexcept {
  in.skip(12 + 8); // sequence, access, denial, client
  in.opaque();
  if (in.u32() == 1) // create
    switch (in.u32()) {
    case 2: in.skip(8); break; // exclusive
    case 3: in.skip(8); [[fallthrough]];
    default: skip_attributes(in);
    }
  switch (in.u32()) { // the claim
  case 0:
  case 3: made.name = as_text(in.opaque()); break;
  case 1: in.u32(); break;
  case 2:
    in.skip(16);
    made.name = as_text(in.opaque());
    break;
  case 5: in.skip(16); break;
  default: break;
  }
}

deed deed_of(std::uint32_t number) noexcept {
  switch (number) {
  case op::create:
  case op::lookup:
  case op::open: return deed::names;
  case op::rename: return deed::renames;
  case op::read: return deed::reads;
  case op::write: return deed::writes;
  case op::commit: return deed::commits;
  case op::close: return deed::closes;
  default: return deed::other;
  }
}

/// False where the arguments are not known.
bool read_arguments(xdr_reader& in, operation& made) noexcept {
  switch (made.number) {
  case op::create: read_create(in, made); return true;
  case op::lock: read_lock(in); return true;
  case op::open: read_open(in, made); return true;
  default: break;
  }
  const auto* parts = find(arguments, made.number);
  if (parts == nullptr)
    return false;
  read_parts(in, parts->parts, made);
  if (made.number == op::write)
    made.content = in.opaque_cut(made.content_size);
  return true;
}

/// What the compound does to the current file handle before the next operation.
void move_handle(const operation& by, byte_view& current, byte_view& saved) noexcept {
  switch (by.number) {
  case op::putfh: current = as_bytes(by.name); break;
  case op::putrootfh:
  case op::putpubfh:
  case op::lookup:
  case op::lookupp:
  case op::create:
  case op::open:
  case op::openattr: current = {}; break; // known to the server only
  case op::savefh: saved = current; break;
  case op::restorefh: current = saved; break;
  default: break;
  }
}

void skip_ace(xdr_reader& in) noexcept {
  in.skip(12);
  in.opaque();
}

void skip_open_result(xdr_reader& in) noexcept {
  in.skip(16 + 20 + 4);
  skip_bitmap(in);
  switch (in.u32()) { // the delegation
  case 0: return;
  case 1: in.skip(16 + 4); return skip_ace(in);
  case 2:
    in.skip(16 + 4);
    in.skip(4 + 8); // a limit, by size or by blocks and their size
    return skip_ace(in);
  default: // none, for a reason
    if (const auto why = in.u32(); why == 1 || why == 2)
      in.u32();
  }
}

void skip_directory(xdr_reader& in) noexcept {
  in.skip(8);
  for (std::uint32_t i = 0; i < limit_listed && in.boolean(); ++i) {
    in.u64();
    in.opaque();
    skip_attributes(in);
  }
  in.u32(); // whether it ends here
}

/// One result behind its status. False where it is not known how it goes on.
bool read_result(xdr_reader& in, std::uint32_t number, outcome& made) noexcept {
  if (made.status != 0)
    return false; // the last of the compound
  switch (number) {
  case op::open: skip_open_result(in); return true;
  case op::readdir: skip_directory(in); return true;
  case op::getfh: made.handle = in.opaque(); return true;
  case op::read:
    made.is_end = in.boolean();
    made.content = in.opaque_cut(made.content_size);
    made.has_content = !in.has_failed();
    return true;
  default: break;
  }
  const auto* parts = find(results, number);
  if (parts == nullptr)
    return false;
  operation unused;
  read_parts(in, parts->parts, unused);
  return true;
}

bool leads_to_others(std::uint32_t number) noexcept {
  switch (number) {
  case op::sequence:
  case op::putfh:
  case op::putrootfh:
  case op::putpubfh:
  case op::savefh:
  case op::restorefh:
  case op::getfh: return true;
  default: return false;
  }
}

} // namespace

const operation* compound::main() const noexcept {
  const operation* made = nullptr;
  const auto weight = [](const operation& one) {
    if (leads_to_others(one.number))
      return 0;
    return one.number == op::getattr || one.number == op::access ? 1
           : one.number == op::lookup                            ? 2
                                                                 : 3;
  };
  for (const auto& one : operations)
    if (made == nullptr || weight(one) > weight(*made))
      made = &one;
  return made;
}

std::optional<compound> read_compound(byte_view bytes, bool is_cut) {
  xdr_reader in{bytes};
  in.opaque(); // the tag
  in.u32();    // the minor version
  const auto count = in.u32();
  compound made;
  byte_view current, saved;
  for (std::uint32_t i = 0; i < count && i < compound::limit_operations; ++i) {
    operation one;
    one.number = in.u32();
    one.what = deed_of(one.number);
    const bool is_known = read_arguments(in, one);
    const bool is_short = one.content.size() < one.content_size;
    if (in.has_failed() || (is_short && !is_cut))
      return is_cut ? std::optional{std::move(made)} : std::nullopt;
    const auto operand = one;
    if (one.number == op::putfh) {
      one.handle = as_bytes(one.name);
      one.name = {};
    } else {
      one.handle = current;
    }
    made.operations.push_back(one);
    if (!is_known || is_short)
      return made;
    move_handle(operand, current, saved);
  }
  return in.has_failed() && !is_cut ? std::nullopt : std::optional{std::move(made)};
}

std::optional<compound_outcome> read_compound_outcome(byte_view bytes, bool is_cut) {
  constexpr std::size_t nobody = SIZE_MAX;
  xdr_reader in{bytes};
  compound_outcome made;
  made.status = in.u32();
  in.opaque(); // the tag
  const auto count = in.u32();
  std::size_t naming = nobody;
  for (std::uint32_t i = 0; i < count && i < compound::limit_operations; ++i) {
    outcome one;
    const auto number = in.u32();
    one.status = in.u32();
    const bool goes_on = read_result(in, number, one);
    const bool is_short = one.content.size() < one.content_size;
    if (in.has_failed() || (is_short && !is_cut))
      return is_cut ? std::optional{std::move(made)} : std::nullopt;
    if (deed_of(number) == deed::names)
      naming = i;
    else if (number == op::putfh || number == op::restorefh || number == op::putrootfh)
      naming = nobody;
    else if (number == op::getfh && naming != nobody)
      made.outcomes[naming].handle = one.handle;
    made.outcomes.push_back(one);
    if (!goes_on || is_short)
      return made;
  }
  return in.has_failed() && !is_cut ? std::nullopt : std::optional{std::move(made)};
}

} // namespace cresset::detect::proto::nfs
