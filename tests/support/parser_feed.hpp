#pragma once

#include "detect/proto/stream_parser.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

/// What tests of stream parsers share: feeding a conversation whole, in two pieces at every place,
/// byte by byte.
namespace cresset::test {

struct piece {
  detect::proto::direction way{};
  std::string bytes;
};
using conversation = std::vector<piece>;

inline piece client(std::string bytes) {
  return {detect::proto::direction::to_server, std::move(bytes)};
}
inline piece server(std::string bytes) {
  return {detect::proto::direction::to_client, std::move(bytes)};
}

inline std::string from_hex(std::string_view hex) {
  std::string bytes;
  int half = -1;
  for (const char c : hex) {
    const int digit = c >= '0' && c <= '9'   ? c - '0'
                      : c >= 'a' && c <= 'f' ? c - 'a' + 10
                      : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                             : -1;
    if (digit < 0)
      continue;
    if (half < 0) {
      half = digit;
    } else {
      bytes += static_cast<char>(half << 4 | digit);
      half = -1;
    }
  }
  return bytes;
}

inline detect::proto::parse_status feed(detect::proto::stream_parser& parser,
                                        detect::proto::direction way, std::string_view bytes) {
  // A copy of just that size: a read past its end is seen by the sanitizer.
  const std::vector<char> exact(bytes.begin(), bytes.end());
  return parser.bytes(way, as_bytes(std::string_view{exact.data(), exact.size()}), timestamp{});
}

inline std::string members_of(const detect::proto::transaction& one) {
  std::string text;
  json_writer json{text};
  json.begin_object();
  one.write_members(json);
  one.write_siblings(json);
  json.end_object();
  return text;
}

/// Everything a parser says of its transactions, as one text: what must not depend on how the bytes
/// were cut.
inline std::string summary_of(detect::proto::stream_parser& parser,
                              const detect::proto::protocol_description& tables) {
  using namespace detect::proto;
  std::string text;
  for (const auto* one : parser.transactions()) {
    text += "tx " + std::to_string(one->number()) + " progress " +
            std::to_string(one->progress_of(direction::to_server)) + "/" +
            std::to_string(one->progress_of(direction::to_client)) + "\n";
    for (std::size_t id = 0; id < tables.buffers.size(); ++id) {
      const auto& table = tables.buffers[id];
      if (table.gathered) {
        const auto body = one->body(static_cast<buffer_id>(id));
        text += std::string{table.name} + " body " + std::string{as_text(body.bytes)} + " " +
                std::to_string(body.total) + (body.complete ? " complete\n" : " open\n");
        continue;
      }
      for (std::size_t i = 0; i < one->instances(static_cast<buffer_id>(id)); ++i)
        if (const auto bytes = one->buffer(static_cast<buffer_id>(id), i))
          text += std::string{table.name} + "=" + std::string{as_text(*bytes)} + "\n";
    }
    for (std::size_t id = 0; id < tables.fields.size(); ++id)
      for (std::size_t i = 0; i < one->field_instances(static_cast<field_id>(id)); ++i)
        if (const auto value = one->field(static_cast<field_id>(id), i))
          text += std::string{tables.fields[id].name} + "=" + std::to_string(*value) + "\n";
    for (const auto way : {direction::to_server, direction::to_client})
      for (std::size_t i = 0; i < one->files(way); ++i) {
        const auto file = one->file(way, i);
        text += "file " + std::string{file.name} + " " + std::string{as_text(file.content.bytes)} +
                "\n";
      }
    for (const auto event : one->events())
      text += "event " + std::string{event} + "\n";
    text += members_of(*one) + "\n";
  }
  return text;
}

/// Feeds the conversation to fresh parsers: whole, with one piece cut in two at every place, and
/// byte by byte. Gives the summaries of all runs; the first is that of the whole.
inline std::vector<std::string>
summaries_of_all_splits(const std::function<std::unique_ptr<detect::proto::stream_parser>()>& make,
                        const detect::proto::protocol_description& tables,
                        const conversation& talk) {
  const auto finish = [&](detect::proto::stream_parser& parser) {
    parser.end(detect::proto::direction::to_server);
    parser.end(detect::proto::direction::to_client);
    return summary_of(parser, tables);
  };
  std::vector<std::string> all;
  auto whole = make();
  for (const auto& [way, bytes] : talk)
    feed(*whole, way, bytes);
  all.push_back(finish(*whole));
  for (std::size_t cut_piece = 0; cut_piece < talk.size(); ++cut_piece)
    for (std::size_t cut = 1; cut < talk[cut_piece].bytes.size(); ++cut) {
      auto parser = make();
      for (std::size_t i = 0; i < talk.size(); ++i) {
        const std::string_view bytes = talk[i].bytes;
        if (i == cut_piece) {
          feed(*parser, talk[i].way, bytes.substr(0, cut));
          feed(*parser, talk[i].way, bytes.substr(cut));
        } else {
          feed(*parser, talk[i].way, bytes);
        }
      }
      all.push_back(finish(*parser));
    }
  auto slow = make();
  for (const auto& [way, bytes] : talk)
    for (std::size_t i = 0; i < bytes.size(); ++i)
      feed(*slow, way, std::string_view{bytes}.substr(i, 1));
  all.push_back(finish(*slow));
  return all;
}

} // namespace cresset::test
