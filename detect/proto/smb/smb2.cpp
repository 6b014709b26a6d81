// A message ([MS-SMB2] 2.2.1): a header of 64 bytes, then a body whose first number is its size.
//
//   0 FE 'S' 'M' 'B' | 4 size 64 | 6 credit charge | 8 status | 12 command | 14 credits | 16 flags
//   20 next message | 24 message id | 32 process, tree (or async id) | 40 session | 48 signature
//
// Offsets in bodies count from the header's begin, as all offsets below do. An answer with status
// PENDING only says that another will come.
#include "detect/proto/smb/smb2.hpp"

#include "detect/proto/smb/smb2_numbers.hpp"

namespace cresset::detect::proto::smb {
namespace {

using namespace numbers2;
constexpr auto ts = direction::to_server;
constexpr auto tc = direction::to_client;

bool brings_data(std::uint32_t status) noexcept {
  return status == status_success || status == status_buffer_overflow;
}

} // namespace

std::optional<smb2_reader::header> smb2_reader::read_header(byte_view m) noexcept {
  if (m.size() < header_size || m[0] != std::byte{0xfe} || as_text(m.subspan(1, 3)) != "SMB")
    return std::nullopt;
  header head;
  const auto flags = *u32_at(m, 16);
  head.status = *u32_at(m, 8);
  head.command = *u16_at(m, 12);
  head.is_response = (flags & 1U) != 0;
  head.is_async = (flags & 2U) != 0;
  head.is_related = (flags & 4U) != 0;
  head.next = *u32_at(m, 20);
  head.message = *u64_at(m, 24);
  head.tree = head.is_async ? 0 : *u32_at(m, 36);
  head.session = *u64_at(m, 40);
  return head;
}

connection::place smb2_reader::place_of(const header& head, const handle& file,
                                        std::uint64_t offset) const noexcept {
  return {2, head.command, head.session, head.tree, file, offset};
}

void smb2_reader::record(direction way, byte_view bytes) {
  created_ = {};
  for (unsigned i = 0; i < limit_compound && !bytes.empty(); ++i) {
    const auto head = read_header(bytes);
    if (!head)
      return; // padding behind the last message
    const auto size =
        head->next == 0 ? bytes.size() : std::min<std::size_t>(head->next, bytes.size());
    message(way, *head, bytes.first(size));
    if (head->next < header_size)
      return;
    bytes = bytes.subspan(size);
  }
}

void smb2_reader::message(direction way, header head, byte_view m) {
  if (head.is_related && !head.is_response) {
    head.session = last_session_;
    head.tree = last_tree_;
  }
  last_session_ = head.session;
  last_tree_ = head.tree;
  if (head.is_response != (way == tc)) {
    fail(head, way == ts ? "response_to_server" : "request_to_client");
    return;
  }
  if (way == ts)
    request(head, m);
  else
    response(head, m);
}

exchange* smb2_reader::begin(const header& head) {
  auto* one = of_.begin(2, head.command);
  if (one == nullptr)
    return nullptr;
  one->session_id = head.session;
  one->tree_id = head.tree;
  return one;
}

/// An exchange of its own for what could not be read.
void smb2_reader::fail(const header& head, std::string_view event) {
  if (auto* one = begin(head)) {
    one->raise(event);
    one->complete();
  }
}

std::optional<bulk> smb2_reader::find_bulk(direction way, byte_view start,
                                           std::uint64_t size) const noexcept {
  const auto head = read_header(start);
  if (!head || head->next != 0 || head->is_response != (way == tc))
    return std::nullopt;
  const bool writes = head->command == write && way == ts;
  const bool reads = head->command == read && way == tc && brings_data(head->status);
  if (!writes && !reads)
    return std::nullopt;
  const auto least = writes ? 80 + sizeof(handle) : std::size_t{80};
  const auto length = u32_at(start, 68);
  const std::size_t at = writes ? u16_at(start, 66).value_or(0) : u8_at(start, 66).value_or(0);
  if (!length || *length == 0 || start.size() < least || at < least || at > start.size() ||
      at + std::uint64_t{*length} > size)
    return std::nullopt;
  return bulk{at, *length};
}

void smb2_reader::begin_bulk(direction way, byte_view start, const bulk& what) {
  const auto head = read_header(start);
  if (!head)
    return;
  const auto first = start.subspan(what.head);
  if (way == ts) {
    of_.waiting.put(
        head->message,
        {.command = head->command, .exchange = std::nullopt, .file = handle_at(start, 80)});
    of_.begin_content(ts, place_of(*head, handle_at(start, 80), u64_at(start, 72).value_or(0)),
                      what.size, first);
    return;
  }
  const auto* found = of_.waiting.find(head->message);
  if (found == nullptr || found->command != read)
    return; // whose content it is nobody has seen
  const auto asked = *found;
  of_.waiting.erase(head->message);
  of_.begin_content(tc, place_of(*head, asked.file, asked.offset), what.size, first);
}

} // namespace cresset::detect::proto::smb
