#include "capture/base/byte_reader.hpp"
#include "capture/decode/decoder.hpp"
#include "detect/flow/ip_reassembly.hpp"

#include <cstdlib>

// The input is packets that begin with their IP header, each behind two bytes of length and one of
// time and policy. Fragments among them are put together by the real decoder and the real
// reassembly; a datagram that comes out must be one the decoder can begin to read, and no larger
// than any can be.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cresset;
  using namespace cresset::detect::flow;
  byte_reader in{std::as_bytes(std::span{data, size})};
  ip_reassembly_settings settings;
  settings.policy = static_cast<overlap_policy>(in.u8().value_or(0) % 15);
  settings.limit_datagrams = 8;
  settings.limit_fragments = 64;
  settings.limit_bytes = 64 * 1024;
  ip_reassembly defrag{settings};
  capture::decode::decoder decoder;
  std::array<capture::decode::decoded_packet, 4> out;
  std::array<capture::decode::decoded_packet, 4> inner;
  timestamp now{std::chrono::seconds{1'700'000'000}};
  while (in.remaining() >= 3) {
    const std::size_t length = *in.be16() % 2048;
    now += std::chrono::seconds{*in.u8() % 16};
    const auto packet = in.take(std::min(length, in.remaining()));
    decoder.decode(*packet, link_type::raw, out);
    if (!out[0].is_fragment)
      continue;
    const auto outcome = defrag.process(out[0], now);
    if (outcome.status != fragment_status::complete)
      continue;
    if (outcome.datagram.size() > 65'535 + 40)
      std::abort();
    decoder.decode_network(outcome.datagram, out[0], inner);
    if (inner[0].ip_version != out[0].ip_version)
      std::abort();
  }
  if (defrag.open_datagrams() > settings.limit_datagrams)
    std::abort();
  return 0;
}
