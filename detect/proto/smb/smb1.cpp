// A message ([MS-CIFS] 2.2.3): a header of 32 bytes, then blocks of words and bytes.
//
//   0 FF 'S' 'M' 'B' | 4 command | 5 status 4 | 9 flags | 10 flags2 | 12 process (high) | 14
//   signature 8 24 tree | 26 process (low) | 28 user | 30 multiplex id count of words 1 | words |
//   count of bytes 2 | bytes
//
// A command that ends in ANDX begins its words with the next command and where that stands. Strings
// are UTF-16 where flags2 says so, and then begin at an even place of the message.
#include "detect/proto/smb/smb1.hpp"

#include "detect/proto/smb/smb1_numbers.hpp"

#include <algorithm>

namespace cresset::detect::proto::smb {
namespace {

using namespace numbers1;
constexpr auto ts = direction::to_server;
constexpr auto tc = direction::to_client;

bool is_andx(std::uint8_t c) noexcept {
  return c == 0x24 || c == open_andx || c == read_andx || c == write_andx ||
         c == session_setup_andx || c == logoff_andx || c == tree_connect_andx ||
         c == nt_create_andx;
}

/// Secondary parts of a transaction and cancellation have no answer of their own.
bool has_no_answer(std::uint8_t c) noexcept {
  return c == trans_secondary || c == trans2_secondary || c == nt_trans_secondary || c == 0xa4;
}

} // namespace

std::optional<smb1_reader::header> smb1_reader::read_header(byte_view m) noexcept {
  if (m.size() < header_size || m[0] != std::byte{0xff} || as_text(m.subspan(1, 3)) != "SMB")
    return std::nullopt;
  header head;
  const auto flags2 = *u16_at(m, 10);
  head.command = *u8_at(m, 4);
  head.status = *u32_at(m, 5);
  head.is_response = (*u8_at(m, 9) & 0x80U) != 0;
  head.has_nt_status = (flags2 & 0x4000U) != 0;
  head.is_unicode = (flags2 & 0x8000U) != 0;
  head.tree = *u16_at(m, 24);
  head.user = *u16_at(m, 28);
  const std::uint64_t process = std::uint64_t{*u16_at(m, 12)} << 16 | *u16_at(m, 26);
  // SMB2's message ids are small; the top bit keeps the two apart
  head.key = std::uint64_t{1} << 63 | process << 16 | *u16_at(m, 30);
  return head;
}

std::optional<smb1_reader::block> smb1_reader::read_block(byte_view m, std::uint8_t command,
                                                          std::size_t at) noexcept {
  const auto count = u8_at(m, at);
  const auto words = count ? run_at(m, at + 1, std::size_t{*count} * 2) : std::nullopt;
  if (!words)
    return std::nullopt;
  block b{command, *words, {}, at + 1 + words->size()};
  if (const auto size = u16_at(m, b.data_at)) {
    b.data_at += 2;
    // a large WRITE or READ counts more bytes than this field can say; its words say where they are
    b.data = m.subspan(b.data_at, std::min<std::size_t>(*size, m.size() - b.data_at));
  }
  return b;
}

connection::place smb1_reader::place_of(const header& head, std::uint8_t command,
                                        const handle& file, std::uint64_t offset) const noexcept {
  return {1, command, head.user, head.tree, file, offset};
}

void smb1_reader::message(direction way, byte_view m) {
  const auto head = read_header(m);
  if (!head)
    return;
  if (head->is_response != (way == tc)) {
    fail(*head, head->command, way == ts ? "response_to_server" : "request_to_client");
    return;
  }
  auto command = head->command;
  std::size_t at = header_size;
  for (unsigned i = 0; i < limit_chain; ++i) {
    const auto b = read_block(m, command, at);
    if (!b) {
      fail(*head, command, "malformed_data");
      return;
    }
    if (way == ts)
      request(*head, *b, m);
    else
      response(*head, *b, m);
    if (!is_andx(command) || b->words.size() < 4)
      return;
    const auto next = *u8_at(b->words, 0);
    const auto next_at = *u16_at(b->words, 2);
    if (next == no_further_command || next_at <= at)
      return;
    command = next;
    at = next_at;
  }
}

exchange* smb1_reader::begin(const header& head, std::uint8_t command) {
  auto* one = of_.begin(1, command);
  if (one == nullptr)
    return nullptr;
  one->session_id = head.user;
  one->tree_id = head.tree;
  one->begin(ts);
  return one;
}

waiting_request& smb1_reader::wait(const header& head, const block& b, const exchange* one) {
  // commands of one chain share their ids
  return of_.waiting.put(
      head.key ^ std::uint64_t{b.command} << 48,
      {.command = b.command,
       .exchange = one != nullptr ? std::optional{one->number()} : std::nullopt});
}

exchange* smb1_reader::begin_waiting(const header& head, const block& b) {
  auto* one = begin(head, b.command);
  if (one == nullptr)
    return nullptr;
  if (has_no_answer(b.command))
    one->complete();
  else
    wait(head, b, one);
  if (b.command != tree_connect_andx)
    one->complete(ts);
  return one;
}

void smb1_reader::fail(const header& head, std::uint8_t command, std::string_view event) {
  if (auto* one = begin(head, command)) {
    one->raise(event);
    one->complete();
  }
}

void smb1_reader::set_status(const header& head, exchange& one) const {
  if (head.has_nt_status)
    one.set_status(head.status);
  else
    one.set_dos_error(static_cast<std::uint8_t>(head.status & 0xffU),
                      static_cast<std::uint16_t>(head.status >> 16));
}

std::string smb1_reader::name_in(const header& head, const block& b, std::size_t at) const {
  if (head.is_unicode && (b.data_at + at) % 2 != 0)
    ++at;
  return at < b.data.size() ? read_terminated(b.data.subspan(at), head.is_unicode).text
                            : std::string{};
}

std::optional<bulk> smb1_reader::find_bulk(direction way, byte_view start,
                                           std::uint64_t size) const noexcept {
  const auto head = read_header(start);
  if (!head || head->is_response != (way == tc))
    return std::nullopt;
  const bool writes = head->command == write_andx && way == ts;
  const bool reads = head->command == read_andx && way == tc &&
                     (head->status == status_success || head->status == status_buffer_overflow);
  const auto b = read_block(start, head->command, header_size);
  if ((!writes && !reads) || !b || u8_at(b->words, 0) != no_further_command)
    return std::nullopt;
  const auto what = writes ? read_write_andx(b->words) : read_read_andx(b->words);
  if (!what || what->size == 0 || what->at < b->data_at || what->at > start.size() ||
      what->at + what->size > size)
    return std::nullopt;
  return bulk{what->at, what->size};
}

void smb1_reader::begin_bulk(direction way, byte_view start, const bulk& of) {
  const auto head = read_header(start);
  const auto b = head ? read_block(start, head->command, header_size) : std::nullopt;
  if (!b)
    return;
  const auto first = start.subspan(of.head);
  if (way == ts) {
    const auto what = read_write_andx(b->words);
    wait(*head, *b, nullptr);
    of_.begin_content(ts, place_of(*head, b->command, handle_of(what->file), what->offset), of.size,
                      first);
    return;
  }
  const auto key = head->key ^ std::uint64_t{b->command} << 48;
  const auto* found = of_.waiting.find(key);
  if (found == nullptr)
    return; // whose content it is nobody has seen
  const auto asked = *found;
  of_.waiting.erase(key);
  of_.begin_content(tc, place_of(*head, b->command, asked.file, asked.offset), of.size, first);
}

} // namespace cresset::detect::proto::smb
