// A block is a run of representations (RFC 7541 6), told apart by the first bits of each:
//
//   1xxxxxxx  indexed field          01xxxxxx  literal, goes into the table
//   001xxxxx  size of the table      000xxxxx  literal, stays out of it (0001: never to be indexed)
//
// Numbers begin in the bits that are left and go on in bytes of seven bits; an index counts the
// fixed table first (Appendix A), then the dynamic one, newest entry first.
#include "detect/proto/http2/hpack.hpp"

#include <array>
#include <limits>
#include <utility>

namespace cresset::detect::proto::http2 {
namespace {

constexpr std::size_t entry_overhead_bytes = 32; // RFC 7541 4.1

struct fixed_entry {
  std::string_view name;
  std::string_view value;
};
// clang-format off
constexpr std::array<fixed_entry, 61> fixed_table{{
    {":authority", ""},
    {":method", "GET"},
    {":method", "POST"},
    {":path", "/"},
    {":path", "/index.html"},
    {":scheme", "http"},
    {":scheme", "https"},
    {":status", "200"},
    {":status", "204"},
    {":status", "206"},
    {":status", "304"},
    {":status", "400"},
    {":status", "404"},
    {":status", "500"},
    {"accept-charset", ""},
    {"accept-encoding", "gzip, deflate"},
    {"accept-language", ""},
    {"accept-ranges", ""},
    {"accept", ""},
    {"access-control-allow-origin", ""},
    {"age", ""},
    {"allow", ""},
    {"authorization", ""},
    {"cache-control", ""},
    {"content-disposition", ""},
    {"content-encoding", ""},
    {"content-language", ""},
    {"content-length", ""},
    {"content-location", ""},
    {"content-range", ""},
    {"content-type", ""},
    {"cookie", ""},
    {"date", ""},
    {"etag", ""},
    {"expect", ""},
    {"expires", ""},
    {"from", ""},
    {"host", ""},
    {"if-match", ""},
    {"if-modified-since", ""},
    {"if-none-match", ""},
    {"if-range", ""},
    {"if-unmodified-since", ""},
    {"last-modified", ""},
    {"link", ""},
    {"location", ""},
    {"max-forwards", ""},
    {"proxy-authenticate", ""},
    {"proxy-authorization", ""},
    {"range", ""},
    {"referer", ""},
    {"refresh", ""},
    {"retry-after", ""},
    {"server", ""},
    {"set-cookie", ""},
    {"strict-transport-security", ""},
    {"transfer-encoding", ""},
    {"user-agent", ""},
    {"vary", ""},
    {"via", ""},
    {"www-authenticate", ""},
}};
// clang-format on

} // namespace

struct hpack_decoder::cursor {
  byte_view rest;
  bool has_overflow = false;

  unsigned peek() const noexcept { return std::to_integer<unsigned>(rest.front()); }
  /// A number whose first `bits` bits stand in the byte at hand (5.1).
  std::optional<std::uint64_t> number(unsigned bits) noexcept {
    if (rest.empty())
      return std::nullopt;
    const std::uint64_t most = (1U << bits) - 1;
    std::uint64_t value = peek() & most;
    rest = rest.subspan(1);
    if (value < most)
      return value;
    for (unsigned shift = 0; !rest.empty(); shift += 7) {
      const auto byte = peek();
      rest = rest.subspan(1);
      value += shift < 35 ? static_cast<std::uint64_t>(byte & 0x7fU) << shift : 0;
      if (value > std::numeric_limits<std::uint32_t>::max() || shift >= 35) {
        has_overflow = true;
        return std::nullopt;
      }
      if ((byte & 0x80U) == 0)
        return value;
    }
    return std::nullopt;
  }
};

std::optional<hpack_decoder::entry_view> hpack_decoder::entry(std::uint64_t index) const noexcept {
  if (index == 0 || index > fixed_table.size() + table_.size())
    return std::nullopt;
  if (index <= fixed_table.size())
    return entry_view{fixed_table[index - 1].name, fixed_table[index - 1].value};
  const auto& one = table_[index - fixed_table.size() - 1];
  return entry_view{one.name, one.value};
}

/// A string of 5.2: a bit for Huffman, the length, the bytes.
std::optional<std::string> hpack_decoder::text(cursor& in) const {
  if (in.rest.empty())
    return std::nullopt;
  const bool is_packed = (in.peek() & 0x80U) != 0;
  const auto size = in.number(7);
  if (!size || *size > in.rest.size())
    return std::nullopt;
  const auto bytes = in.rest.first(static_cast<std::size_t>(*size));
  in.rest = in.rest.subspan(bytes.size());
  if (is_packed)
    return huffman_decode(bytes, block_limit_bytes);
  return std::string{as_text(bytes)};
}

/// False when the block has unpacked to more than anybody would send.
bool hpack_decoder::keep(entry_view one, block& out) {
  const auto size = one.name.size() + one.value.size();
  read_bytes_ += size;
  if (out.fields.size() >= block_limit_fields || size > block_limit_bytes - kept_bytes_) {
    ++out.refused;
  } else {
    out.fields.push_back({std::string{one.name}, std::string{one.value}});
    kept_bytes_ += size;
  }
  return read_bytes_ <= unpacked_limit_bytes;
}

void hpack_decoder::insert(const header_field& one) {
  const auto size = one.name.size() + one.value.size() + entry_overhead_bytes;
  while (!table_.empty() && table_bytes_ + size > table_most_) {
    table_bytes_ -= table_.back().name.size() + table_.back().value.size() + entry_overhead_bytes;
    table_.pop_back();
  }
  if (size > table_most_)
    return; // it empties the table and is not in it (4.4)
  table_.push_front(one);
  table_bytes_ += size;
}

bool hpack_decoder::resize(std::uint64_t limit) {
  if (limit > table_limit_bytes)
    return false;
  table_most_ = static_cast<std::size_t>(limit);
  while (!table_.empty() && table_bytes_ > table_most_) {
    table_bytes_ -= table_.back().name.size() + table_.back().value.size() + entry_overhead_bytes;
    table_.pop_back();
  }
  return true;
}

bool hpack_decoder::field(cursor& in, block& out) {
  const auto first = in.peek();
  if ((first & 0x80U) != 0) {
    const auto index = in.number(7);
    const auto known = index ? entry(*index) : std::nullopt;
    return known && keep(*known, out);
  }
  if ((first & 0xe0U) != 0x20)
    return literal(in, out);
  const auto size = in.number(5);
  if (!size)
    return false;
  if (out.size_updates.size() < block_limit_fields)
    out.size_updates.push_back(*size);
  return resize(*size);
}

bool hpack_decoder::literal(cursor& in, block& out) {
  const bool is_indexed = (in.peek() & 0x40U) != 0;
  const auto index = in.number(is_indexed ? 6 : 4);
  if (!index)
    return false;
  header_field one;
  if (*index != 0) {
    const auto known = entry(*index);
    if (!known)
      return false;
    one.name = known->name;
  } else if (auto name = text(in)) {
    one.name = *std::move(name);
  } else {
    return false;
  }
  auto value = text(in);
  if (!value)
    return false;
  one.value = *std::move(value);
  if (is_indexed)
    insert(one);
  return keep({one.name, one.value}, out);
}

hpack_outcome hpack_decoder::decode(byte_view bytes, block& out) {
  if (is_broken_)
    return hpack_outcome::damaged;
  cursor in{bytes};
  kept_bytes_ = read_bytes_ = 0;
  while (!in.rest.empty())
    if (!field(in, out)) {
      is_broken_ = true;
      return in.has_overflow ? hpack_outcome::integer_overflow : hpack_outcome::damaged;
    }
  return hpack_outcome::whole;
}

} // namespace cresset::detect::proto::http2
