// The file:
//
//   nodes: two records of 24, 28 or 32 bits each | 16 zeros | data | mark | metadata
//
// A look-up walks the address's bits from node 0: a record below the number of nodes is the next
// node, one equal to it says "nothing here", one above it is a place in the data, plus that number,
// plus 16. Data are values: a control byte (type in its upper three bits, size below), then bytes.
// A pointer (type 1) stands for the value elsewhere; type 0 has its real type in the next byte.
#include "detect/inspect/lists/country_database.hpp"

#include "capture/base/byte_reader.hpp"

#include <algorithm>

namespace cresset::detect::inspect::lists {
namespace {

constexpr std::string_view metadata_mark = "\xab\xcd\xefMaxMind.com";
constexpr std::size_t separator_size = 16;
constexpr unsigned limit_nesting = 16;    ///< maps within maps, and pointers to pointers
constexpr std::size_t limit_items = 4096; ///< passed over in one search

enum class kind : std::uint8_t {
  extended,
  pointer,
  text,
  real,
  bytes,
  u16,
  u32,
  map,
  i32,
  u64,
  u128,
  array,
  container,
  end,
  boolean,
  real32
};

struct value {
  kind what = kind::end;
  std::uint32_t size = 0; ///< of bytes, or how many items; a pointer's target
};

/// Walks the values of one section.
class walker {
public:
  walker(byte_view section, std::size_t at) noexcept
      : section_{section}, in_{section.subspan(std::min(at, section.size()))} {}

  std::optional<value> head() noexcept {
    const auto control = in_.u8();
    if (!control)
      return std::nullopt;
    value one{static_cast<kind>(*control >> 5U), *control & 0x1fU};
    if (one.what == kind::pointer)
      return pointer(*control);
    if (one.what == kind::extended) {
      const auto more = in_.u8();
      if (!more || *more > 8)
        return std::nullopt;
      one.what = static_cast<kind>(7U + *more);
    }
    return sized(one);
  }
  /// The value of `key` in the map that begins here; the walker stands at it afterwards.
  bool enter(std::string_view key) noexcept {
    const auto map = resolve();
    if (!map || map->what != kind::map)
      return false;
    for (std::uint32_t i = 0; i < map->size; ++i) {
      auto behind = *this;
      const auto name = behind.text();
      if (!name || !skip(0))
        return false;
      if (*name == key)
        return true;
      if (!skip(0))
        return false;
    }
    return false;
  }
  std::optional<std::string_view> text() noexcept {
    const auto one = resolve();
    if (!one || one->what != kind::text)
      return std::nullopt;
    const auto bytes = in_.take(one->size);
    return bytes ? std::optional{as_text(*bytes)} : std::nullopt;
  }
  std::optional<std::uint64_t> number() noexcept {
    const auto one = resolve();
    if (!one || (one->what != kind::u16 && one->what != kind::u32 && one->what != kind::u64))
      return std::nullopt;
    std::uint64_t sum = 0;
    for (std::uint32_t i = 0; i < std::min(one->size, 8U); ++i) {
      const auto byte = in_.u8();
      if (!byte)
        return std::nullopt;
      sum = sum << 8U | *byte;
    }
    return sum;
  }

private:
  /// The next value, wherever pointers lead.
  std::optional<value> resolve() noexcept {
    for (unsigned i = 0; i < limit_nesting; ++i) {
      const auto one = head();
      if (!one || one->what != kind::pointer)
        return one;
      *this = walker{section_, one->size};
    }
    return std::nullopt;
  }
  bool skip(unsigned depth) noexcept {
    const auto one = head();
    if (!one || depth > limit_nesting || ++items_ > limit_items)
      return false;
    switch (one->what) {
    case kind::pointer:
    case kind::boolean: return true;
    case kind::map:
    case kind::array: {
      const auto count = one->what == kind::map ? std::uint64_t{2} * one->size : one->size;
      for (std::uint64_t i = 0; i < count; ++i)
        if (!skip(depth + 1))
          return false;
      return true;
    }
    default: return in_.skip(one->size);
    }
  }
  std::optional<value> pointer(std::uint8_t control) noexcept {
    const unsigned more = (control >> 3U & 3U) + 1;
    std::uint32_t target = more == 4 ? 0 : control & 7U;
    for (unsigned i = 0; i < more; ++i) {
      const auto byte = in_.u8();
      if (!byte)
        return std::nullopt;
      target = target << 8U | *byte;
    }
    constexpr std::uint32_t base[] = {0, 2048, 526336, 0}; // behind what shorter ones reach
    return value{kind::pointer, target + base[more - 1]};
  }
  std::optional<value> sized(value one) noexcept {
    if (one.size < 29 || one.what == kind::boolean)
      return one;
    const unsigned more = one.size - 28;
    constexpr std::uint32_t base[] = {29, 285, 65821};
    std::uint32_t size = 0;
    for (unsigned i = 0; i < more; ++i) {
      const auto byte = in_.u8();
      if (!byte)
        return std::nullopt;
      size = size << 8U | *byte;
    }
    one.size = size + base[more - 1];
    return one;
  }

  byte_view section_;
  byte_reader in_;
  std::size_t items_ = 0;
};

std::optional<std::uint64_t> number_named(byte_view section, std::string_view key) noexcept {
  walker at{section, 0};
  return at.enter(key) ? at.number() : std::nullopt;
}

} // namespace

expected<country_database, std::string> country_database::from(std::string bytes) {
  country_database made;
  made.bytes_ = std::move(bytes);
  const auto mark = made.bytes_.rfind(metadata_mark);
  if (mark == std::string::npos)
    return unexpected{std::string{"this is no MaxMind DB"}};
  const auto metadata = as_bytes(made.bytes_).subspan(mark + metadata_mark.size());
  const auto nodes = number_named(metadata, "node_count");
  const auto bits = number_named(metadata, "record_size");
  const auto version = number_named(metadata, "ip_version");
  const auto major = number_named(metadata, "binary_format_major_version");
  if (!nodes || !bits || !version || major != 2U)
    return unexpected{std::string{"its metadata are not of a MaxMind DB, version 2"}};
  if (*bits != 24 && *bits != 28 && *bits != 32)
    return unexpected{std::string{"its records are not of 24, 28 or 32 bits"}};
  made.record_bits_ = static_cast<unsigned>(*bits);
  made.is_v6_ = *version == 6;
  if (*nodes > (mark - std::min(mark, separator_size)) / (*bits / 4))
    return unexpected{std::string{"its tree is longer than the file"}};
  made.nodes_ = static_cast<std::uint32_t>(*nodes);
  made.records_begin_ = static_cast<std::size_t>(*nodes) * (*bits / 4) + separator_size;
  made.records_end_ = mark;
  if (made.is_v6_)
    for (int i = 0; i < 96 && made.v4_root_ < made.nodes_; ++i)
      made.v4_root_ = made.child(made.v4_root_, false);
  return made;
}

std::uint32_t country_database::child(std::uint32_t node, bool right) const noexcept {
  const auto size = record_bits_ / 4;
  const auto both = as_bytes(bytes_).subspan(std::size_t{node} * size, size);
  const auto byte = [&](std::size_t i) { return std::to_integer<std::uint32_t>(both[i]); };
  const auto three = [&](std::size_t at) {
    return byte(at) << 16U | byte(at + 1) << 8U | byte(at + 2);
  };
  switch (record_bits_) {
  case 24: return three(right ? 3 : 0);
  case 28: return right ? (byte(3) & 0xfU) << 24U | three(4) : (byte(3) >> 4U) << 24U | three(0);
  default: return right ? byte(4) << 24U | three(5) : byte(0) << 24U | three(1);
  }
}

std::optional<std::string_view>
country_database::country_of(const ip_address& address) const noexcept {
  if (address.is_v6() && !is_v6_)
    return std::nullopt;
  const auto bytes = address.bytes();
  auto at = address.is_v6() ? 0 : v4_root_;
  for (unsigned i = 0; i < address.width_bits() && at < nodes_; ++i)
    at = child(at, (std::to_integer<unsigned>(bytes[i / 8]) >> (7 - i % 8) & 1U) != 0);
  if (at < nodes_ + separator_size)
    return std::nullopt;
  const auto section = as_bytes(bytes_).subspan(records_begin_, records_end_ - records_begin_);
  walker record{section, at - nodes_ - separator_size};
  return record.enter("country") && record.enter("iso_code") ? record.text() : std::nullopt;
}

} // namespace cresset::detect::inspect::lists
