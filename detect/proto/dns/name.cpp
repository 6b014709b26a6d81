// A name is a chain of labels, ended by a zero or by a pointer to where the chain goes on:
//
//   03 'w' 'w' 'w' 02 'i' 'o' 00        length, letters, …, 0
//   03 'w' 'w' 'w' C0 0C                the rest stands at offset 0x00C
//
// Pointers may point anywhere, also at themselves: labels, letters and jumps are each limited, and
// a name that reaches a limit is kept as far as it came. Its bytes are then skipped, so that the
// records behind it can still be read.
#include "detect/proto/dns/name.hpp"

#include "detect/proto/dns/message.hpp"

#include <cstring>
#include <tuple>

namespace cresset::detect::proto::dns {
namespace {

constexpr unsigned pointer_mark = 0xc0;

/// Moves `at` behind the name that begins there, without following pointers.
bool skip_name(byte_view message, std::size_t& at) noexcept {
  while (at < message.size()) {
    const auto length = std::to_integer<unsigned>(message[at]);
    if (length == 0)
      return ++at, true;
    if ((length & pointer_mark) == pointer_mark)
      return at += 2, at <= message.size();
    if ((length & pointer_mark) != 0)
      return false;
    at += 1 + length;
  }
  return false;
}

} // namespace

name_status decode_name(byte_view message, std::size_t& at, name_buffer& out) noexcept {
  static_assert(limits::name_bytes + 64 <= std::tuple_size_v<decltype(name_buffer::letters)>);
  out.size = 0;
  std::size_t place = at;
  std::size_t labels = 0;
  std::size_t jumps = 0;
  const auto cut = [&](name_status why) {
    return skip_name(message, at) ? why : name_status::damaged;
  };
  while (place < message.size()) {
    const auto length = std::to_integer<unsigned>(message[place]);
    if (length == 0) {
      if (jumps == 0)
        at = place + 1;
      return name_status::whole;
    }
    if ((length & pointer_mark) == pointer_mark) {
      if (place + 2 > message.size())
        return name_status::damaged;
      if (jumps == 0)
        at = place + 2;
      if (++jumps > limits::name_pointers)
        return name_status::infinite_loop;
      place = (length & 0x3fU) << 8 | std::to_integer<unsigned>(message[place + 1]);
      continue;
    }
    if ((length & pointer_mark) != 0 || place + 1 + length > message.size())
      return name_status::damaged;
    if (++labels > limits::name_labels)
      return jumps == 0 ? cut(name_status::too_many_labels) : name_status::too_many_labels;
    if (out.size > 0)
      out.letters[out.size++] = std::byte{'.'};
    std::memcpy(&out.letters[out.size], &message[place + 1], length);
    out.size += length;
    if (out.size > limits::name_bytes) {
      out.size = limits::name_bytes;
      return jumps == 0 ? cut(name_status::truncated) : name_status::truncated;
    }
    place += 1 + length;
  }
  return name_status::damaged;
}

} // namespace cresset::detect::proto::dns
