#include "detect/flow/tcp_session.hpp"

#include "capture/base/byte_reader.hpp"

#include <array>
#include <cstdlib>

// Two readings of the input, by its first bit.
//   0: segments of one known text, cut and ordered as the input says: whatever comes out of the
//   stream must be that
//      text at that offset, whatever the policy, and gaps must add up.
//   1: segments with any flags and numbers through a whole session: nothing may be read past its
//   end, and limits hold.
namespace {

using namespace cresset;
using namespace cresset::detect::flow;

constexpr std::size_t text_size = 1 << 16;

std::byte text_at(std::uint64_t offset) noexcept {
  return static_cast<std::byte>((offset * 2654435761U) >> 13);
}

void require(bool holds) noexcept {
  if (!holds)
    std::abort();
}

struct checked_reader {
  std::uint64_t progress = 0;

  void read(tcp_reassembly& stream) {
    for (auto chunk = stream.next_chunk(); chunk.what != stream_chunk::kind::none;
         chunk = stream.next_chunk()) {
      require(chunk.offset == progress);
      for (std::size_t i = 0; i < chunk.bytes.size(); ++i)
        require(chunk.bytes[i] == text_at(progress + i));
      progress += chunk.bytes.size() + chunk.gap_bytes;
      stream.consume(chunk.bytes.size());
    }
  }
  static void look(tcp_reassembly& stream, std::size_t leave) {
    const auto window = stream.window();
    require(window.offset <= window.fresh && window.fresh <= window.end());
    for (std::size_t i = 0; i < window.bytes.size(); ++i)
      require(window.bytes[i] == text_at(window.offset + i));
    stream.raw_done(window.is_final() || window.fresh_bytes() < leave ? window.end()
                                                                      : window.end() - leave);
  }
};

void fuzz_text(byte_reader in) {
  static const auto text = [] {
    std::array<std::byte, text_size> made;
    for (std::size_t i = 0; i < made.size(); ++i)
      made[i] = text_at(i);
    return made;
  }();
  reassembly_settings settings;
  settings.policy = static_cast<overlap_policy>(in.u8().value_or(0) % 15);
  settings.depth_bytes = (in.u8().value_or(0) & 7U) * 8192;
  settings.inline_mode = (in.u8().value_or(0) & 3U) == 3;
  settings.retained_tail_bytes = in.u8().value_or(0) * 16U;
  settings.limit_pieces = 1 + in.u8().value_or(0);
  const std::uint32_t first = in.be32().value_or(0);
  buffer_pool pool{in.u8().value_or(0) % 4 == 0 ? std::size_t{32 * 1024} : std::size_t{4 << 20}};
  tcp_reassembly stream;
  stream.open(settings, pool, first);
  checked_reader reader;
  while (in.remaining() >= 5) {
    const auto what = *in.u8();
    const std::size_t begin = *in.be16();
    const std::size_t size = std::min<std::size_t>(*in.be16() % 3000, text_size - begin);
    const std::uint32_t sequence = first + static_cast<std::uint32_t>(begin);
    switch (what % 8) {
    case 0: stream.acknowledge(sequence); break;
    case 1: reader.read(stream); break;
    case 2: checked_reader::look(stream, size); break;
    case 3:
      what > 240 ? static_cast<void>(stream.set_end(sequence))
                 : static_cast<void>(stream.release_contiguous());
      break;
    default: stream.insert(sequence, std::span{text}.subspan(begin, size)); break;
    }
    require(pool.lent_bytes() + pool.kept_bytes() <= pool.limit_bytes());
    require(stream.edge() <= stream.frontier());
  }
  stream.finish();
  for (int i = 0; i < 20'000 && stream.next_chunk().what != stream_chunk::kind::none; ++i) {
    reader.read(stream);
    checked_reader::look(stream, 0);
  }
  require(stream.overlaps_differing() == 0);
  stream.close();
  require(pool.lent_bytes() == 0);
}

void fuzz_session(byte_reader in) {
  tcp_settings settings;
  const auto choice = in.u8().value_or(0);
  settings.midstream = (choice & 1U) != 0;
  settings.async_oneside = (choice & 2U) != 0;
  settings.urgent_out_of_band = (choice & 4U) != 0;
  settings.reassembly.policy = static_cast<overlap_policy>(choice / 16U % 15);
  buffer_pool pool{1 << 20};
  tcp_session session;
  session.open(settings, pool);
  std::array<std::uint32_t, 2> next{in.be32().value_or(0), in.be32().value_or(0)};
  while (in.remaining() >= 8) {
    const auto what = *in.u8();
    const auto way = (what & 1U) != 0 ? direction::to_client : direction::to_server;
    tcp_segment segment;
    segment.flags = *in.u8();
    // Mostly near what fits, so that states behind the handshake are reached.
    segment.sequence =
        next[what & 1U] + static_cast<std::uint32_t>(static_cast<std::int8_t>(*in.u8()));
    segment.acknowledgement =
        next[(what & 1U) ^ 1U] + static_cast<std::uint32_t>(static_cast<std::int8_t>(*in.u8()));
    segment.window = *in.be16();
    segment.urgent_pointer = *in.u8();
    segment.fast_open = (what & 2U) != 0;
    if ((what & 4U) != 0)
      segment.timestamp_value = what;
    if ((what & 8U) != 0)
      segment.window_scale = static_cast<std::uint8_t>(what / 16U);
    segment.payload =
        in.take(std::min<std::size_t>(*in.u8(), in.remaining())).value_or(byte_view{});
    const auto outcome = session.process(segment, way);
    require(outcome.accepted() || !outcome.stream_data);
    if (outcome.accepted())
      next[what & 1U] = segment.payload_end() + ((segment.flags & 3U) != 0 ? 1 : 0);
    for (const auto each : {direction::to_server, direction::to_client}) {
      auto& stream = session.stream(each);
      for (auto chunk = stream.next_chunk(); chunk.what != stream_chunk::kind::none;
           chunk = stream.next_chunk())
        stream.consume(chunk.bytes.size());
      stream.raw_done(stream.window().end());
    }
    if ((what & 0xf0U) == 0xf0U)
      session.swap_sides();
  }
  session.finish();
  session.close();
  require(pool.lent_bytes() == 0);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  byte_reader in{std::as_bytes(std::span{data, size})};
  const auto kind = in.u8();
  if (kind)
    (*kind & 1U) != 0 ? fuzz_session(in) : fuzz_text(in);
  return 0;
}
