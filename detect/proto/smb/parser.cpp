// A record: type 1 | length 3 | as many bytes. Type 0 carries a message; the others belong to the
// NetBIOS session (0x81 to 0x84 set it up, 0x85 keeps it alive) and are passed over.
//
//   take → take_record ─┬→ on_record         a whole message
//                       └→ begin_bulk → take_content → what stands behind is skipped
#include "detect/proto/smb/parser.hpp"

#include <algorithm>
#include <utility>

namespace cresset::detect::proto::smb {
namespace {

constexpr std::size_t record_head = 4;
constexpr std::size_t mark_size = 4;

enum class mark : std::uint8_t { none, smb1, smb2, encrypted, compressed };

mark mark_of(byte_view message) noexcept {
  if (message.size() < mark_size || as_text(message.subspan(1, 3)) != "SMB")
    return mark::none;
  switch (std::to_integer<std::uint8_t>(message[0])) {
  case 0xff: return mark::smb1;
  case 0xfe: return mark::smb2;
  case 0xfd: return mark::encrypted;
  case 0xfc: return mark::compressed;
  default: return mark::none;
  }
}

bool is_session_type(std::uint8_t type) noexcept {
  return type >= 0x81 && type <= 0x85;
}

std::size_t length_of(byte_view head) noexcept {
  return std::to_integer<std::size_t>(head[1]) << 16 | load_be16(head.subspan(2).first<2>());
}

} // namespace

parse_status parser::bytes(direction way, byte_view bytes, timestamp) {
  frames_.bytes(way, bytes, layout_);
  while (!bytes.empty())
    bytes = take(way, bytes);
  const auto& mine = halves_[index(way)];
  return mine.open.empty() && mine.content_left == 0 && mine.to_skip == 0 ? parse_status::consumed
                                                                          : parse_status::need_more;
}

byte_view parser::take(direction way, byte_view bytes) {
  auto& mine = halves_[index(way)];
  if (mine.content_left > 0)
    return take_content(way, bytes);
  if (mine.to_skip > 0) {
    const auto skipped =
        static_cast<std::size_t>(std::min<std::uint64_t>(mine.to_skip, bytes.size()));
    mine.to_skip -= skipped;
    return bytes.subspan(skipped);
  }
  return mine.is_lost ? resynchronise(way, bytes) : take_record(way, bytes);
}

byte_view parser::take_content(direction way, byte_view bytes) {
  auto& mine = halves_[index(way)];
  const auto taken =
      static_cast<std::size_t>(std::min<std::uint64_t>(mine.content_left, bytes.size()));
  of_.content(way, bytes.first(taken));
  mine.content_left -= taken;
  if (mine.content_left == 0) {
    of_.end_content(way);
    mine.to_skip = std::exchange(mine.behind_content, 0);
  }
  return bytes.subspan(taken);
}

byte_view parser::take_record(direction way, byte_view bytes) {
  auto& mine = halves_[index(way)];
  const auto gather = [&](std::size_t wanted) {
    const auto taken = std::min(bytes.size(), wanted - std::min(wanted, mine.open.size()));
    mine.open.insert(mine.open.end(), bytes.begin(),
                     bytes.begin() + static_cast<std::ptrdiff_t>(taken));
    bytes = bytes.subspan(taken);
    return mine.open.size() >= wanted;
  };
  if (!gather(record_head))
    return bytes;
  const auto type = std::to_integer<std::uint8_t>(mine.open[0]);
  const auto length = length_of(mine.open);
  if (is_session_type(type)) {
    mine.open.clear();
    mine.to_skip = length;
    return bytes;
  }
  if (type != 0) {
    mine.is_lost = true; // no record begins so: look for the next
    return bytes;
  }
  if (!gather(record_head + std::min(length, mark_size)))
    return bytes;
  const auto what = mark_of(byte_view{mine.open}.subspan(record_head));
  if (what == mark::none || what == mark::encrypted || what == mark::compressed) {
    mine.to_skip = length - (mine.open.size() - record_head);
    mine.open.clear();
    return bytes;
  }
  if (!gather(record_head + std::min(length, bulk_start_bytes)))
    return bytes;
  const auto start = byte_view{mine.open}.subspan(record_head);
  if (mine.open.size() == record_head + std::min(length, bulk_start_bytes))
    if (const auto content = find_bulk(way, start, length)) {
      begin_bulk(way, length, *content);
      return bytes;
    }
  const auto held = std::min(length, limit_record_bytes);
  if (gather(record_head + held)) {
    const auto record = std::exchange(mine.open, {});
    mine.to_skip = length - held;
    on_record(way, byte_view{record}.subspan(record_head));
  }
  return bytes;
}

std::optional<bulk> parser::find_bulk(direction way, byte_view start,
                                      std::uint64_t size) const noexcept {
  return mark_of(start) == mark::smb1 ? smb1_.find_bulk(way, start, size)
                                      : smb2_.find_bulk(way, start, size);
}

void parser::begin_bulk(direction way, std::uint64_t record_size, const bulk& what) {
  auto& mine = halves_[index(way)];
  const auto held = std::exchange(mine.open, {});
  const auto start = byte_view{held}.subspan(record_head);
  if (mark_of(start) == mark::smb1)
    smb1_.begin_bulk(way, start, what);
  else
    smb2_.begin_bulk(way, start, what);
  mine.content_left = what.size;
  mine.behind_content = record_size - what.head - what.size;
  for (auto rest = start.subspan(what.head); !rest.empty();)
    rest = take(way, rest);
}

void parser::on_record(direction way, byte_view record) {
  if (mark_of(record) == mark::smb1)
    smb1_.message(way, record);
  else
    smb2_.record(way, record);
}

/// Drops what stands before the next record that carries a message.
byte_view parser::resynchronise(direction way, byte_view bytes) {
  auto& mine = halves_[index(way)];
  mine.open.insert(mine.open.end(), bytes.begin(), bytes.end());
  for (std::size_t at = 0; at + record_head + mark_size <= mine.open.size(); ++at) {
    const auto here = byte_view{mine.open}.subspan(at);
    if (here[0] != std::byte{0} || mark_of(here.subspan(record_head)) == mark::none)
      continue;
    const std::vector<std::byte> rest(mine.open.begin() + static_cast<std::ptrdiff_t>(at),
                                      mine.open.end());
    mine.open.clear();
    mine.is_lost = false;
    for (byte_view left = rest; !left.empty();)
      left = take(way, left);
    return {};
  }
  constexpr std::size_t tail = record_head + mark_size - 1;
  if (mine.open.size() > tail)
    mine.open.erase(mine.open.begin(), mine.open.end() - static_cast<std::ptrdiff_t>(tail));
  return {};
}

parse_status parser::gap(direction way, std::uint64_t size) {
  frames_.gap(way, size);
  auto& mine = halves_[index(way)];
  if (mine.content_left > 0) {
    const auto lost = std::min(size, mine.content_left);
    of_.content_lost(way, lost);
    mine.content_left -= lost;
    size -= lost;
    if (mine.content_left > 0)
      return parse_status::resynchronised;
    of_.end_content(way);
    mine.to_skip = std::exchange(mine.behind_content, 0);
  } else if (!mine.is_lost && mine.open.size() >= record_head) {
    mine.to_skip = record_head + length_of(mine.open) - mine.open.size();
  }
  mine.open.clear();
  if (size <= mine.to_skip) {
    mine.to_skip -= size;
  } else {
    mine.to_skip = 0;
    mine.is_lost = true;
  }
  return parse_status::resynchronised;
}

void parser::end(direction way) {
  frames_.end(way);
  halves_[index(way)].open = {};
  of_.end(way);
}

} // namespace cresset::detect::proto::smb
