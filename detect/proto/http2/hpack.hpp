#pragma once

#include "capture/base/byte_order.hpp"

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cresset::detect::proto::http2 {

struct header_field {
  std::string name;
  std::string value;
};

/// What one block of headers came to.
enum class hpack_outcome : std::uint8_t {
  whole,
  damaged,          ///< the rest of the block, and all later blocks, cannot be read
  integer_overflow, ///< the same, by a number of more than 32 bits
};

/// Headers of one direction unpacked (HPACK, RFC 7541). The table lives as long as the connection:
/// every block must be given, in order.
class hpack_decoder {
public:
  /// Most bytes of the table (4.1), whatever a peer announces; a larger one is damage.
  static constexpr std::size_t table_limit_bytes = 64 * 1024;
  /// Fields and bytes of one block that are kept; those over it are read and counted.
  static constexpr std::size_t block_limit_bytes = 128 * 1024;
  static constexpr std::size_t block_limit_fields = 1024;

  /// Bytes of fields that one block may unpack to before it counts as damage: a byte of it can name
  /// an entry of the whole table.
  static constexpr std::size_t unpacked_limit_bytes = 8 * 1024 * 1024;

  struct block {
    std::vector<header_field> fields;
    std::vector<std::uint64_t> size_updates; ///< of the table, in front of the fields
    std::uint32_t refused = 0;               ///< fields over the limits
  };
  /// Reads one block (all its fragments joined) into `out`.
  hpack_outcome decode(byte_view bytes, block& out);

  std::size_t table_bytes() const noexcept { return table_bytes_; }

private:
  struct cursor;
  struct entry_view {
    std::string_view name;
    std::string_view value;
  };
  std::optional<entry_view> entry(std::uint64_t index) const noexcept;
  std::optional<std::string> text(cursor& in) const;
  bool field(cursor& in, block& out);
  bool literal(cursor& in, block& out);
  bool keep(entry_view one, block& out);
  void insert(const header_field& one);
  bool resize(std::uint64_t limit);

  static constexpr std::size_t default_table_bytes = 4096;
  std::deque<header_field> table_; ///< newest in front
  std::size_t table_bytes_ = 0;
  std::size_t table_most_ = default_table_bytes;
  std::size_t kept_bytes_ = 0; ///< of the block at hand
  std::size_t read_bytes_ = 0; ///< the same, with what was not kept
  bool is_broken_ = false;
};

/// Undoes the Huffman code of RFC 7541 5.2; nothing for a code that is none, or one longer than
/// `limit_bytes`.
std::optional<std::string> huffman_decode(byte_view bytes, std::size_t limit_bytes);

} // namespace cresset::detect::proto::http2
