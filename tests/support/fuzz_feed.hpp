#pragma once

#include "detect/proto/stream_parser.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace cresset::test {

/// Asks a transaction for everything it can say, so that every view it hands out is touched.
inline void touch_all(const detect::proto::transaction& one,
                      const detect::proto::protocol_description& tables) {
  using namespace detect::proto;
  volatile unsigned sum = 0;
  const auto touch = [&](byte_view bytes) {
    for (const auto byte : bytes)
      sum = sum + std::to_integer<unsigned>(byte);
  };
  for (std::size_t id = 0; id < tables.buffers.size(); ++id) {
    touch(one.body(static_cast<buffer_id>(id)).bytes);
    for (std::size_t i = 0; i < one.instances(static_cast<buffer_id>(id)); ++i)
      if (const auto bytes = one.buffer(static_cast<buffer_id>(id), i))
        touch(*bytes);
  }
  for (std::size_t id = 0; id < tables.fields.size(); ++id)
    for (std::size_t i = 0; i < one.field_instances(static_cast<field_id>(id)); ++i)
      one.field(static_cast<field_id>(id), i);
  for (const auto way : {direction::to_server, direction::to_client})
    for (std::size_t i = 0; i < one.files(way); ++i)
      touch(one.file(way, i).content.bytes);
  std::string text;
  json_writer json{text};
  json.begin_object();
  one.write_members(json);
  one.write_siblings(json);
  json.end_object();
}

/// Feeds the bytes behind the first one in chunks. The first byte seeds the cutting: bit 0 one
/// chunk per direction or many, bits 1 to 3 the size of chunks; every chunk begins with a byte of
/// which bit 0 is its direction, and 0xfe and 0xff stand for a gap and an end. Transactions are
/// looked at after each chunk and released when done.
inline void fuzz_feed(detect::proto::stream_parser& parser,
                      const detect::proto::protocol_description& tables, const std::uint8_t* bytes,
                      std::size_t size) {
  using namespace detect::proto;
  const std::size_t chunk =
      (bytes[0] & 1U) != 0 ? size : std::size_t{1} << (2 + (bytes[0] >> 1 & 7U));
  std::array<bool, 2> closed{};
  for (std::size_t i = 1; i < size;) {
    const auto mark = bytes[i++];
    const auto way = (mark & 1U) != 0 ? direction::to_client : direction::to_server;
    if (mark == 0xfe && i < size) {
      parser.gap(bytes[i] & 1U ? direction::to_client : direction::to_server, bytes[i] + 1U);
      ++i;
      continue;
    }
    const auto length = std::min(chunk, size - i);
    const std::vector<std::uint8_t> exact(bytes + i, bytes + i + length);
    i += length;
    if (closed[index(way)])
      continue;
    const auto status = parser.bytes(way, std::as_bytes(std::span{exact}), timestamp{});
    closed[index(way)] = status == parse_status::malformed || status == parse_status::finished;
    if (status == parse_status::changed)
      break;
    for (const auto* one : parser.transactions())
      touch_all(*one, tables);
    if (mark & 0x10U)
      while (!parser.transactions().empty() && parser.transactions().front()->is_done())
        parser.release(parser.transactions().front()->number());
  }
  parser.end(direction::to_server);
  parser.end(direction::to_client);
  for (const auto* one : parser.transactions())
    touch_all(*one, tables);
}

} // namespace cresset::test
