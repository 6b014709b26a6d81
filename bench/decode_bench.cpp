// What decoding costs, a packet: the frames of a capture in bursts of 64, as a worker sees them.
#include "capture/decode/checksum.hpp"
#include "capture/decode/decoder.hpp"
#include "capture/source/pcap_file.hpp"

#include <benchmark/benchmark.h>

#include <cstdlib>
#include <filesystem>
#include <memory>

using namespace cresset;
using namespace cresset::capture;

namespace {

/// The capture named by CRESSET_TRACE, or the recorded attacks.
std::filesystem::path trace() {
  const char* named = std::getenv("CRESSET_TRACE");
  return named != nullptr ? named : CRESSET_SOURCE "/tests/data/http-attacks.pcap";
}

template <typename Work>
void each_packet(benchmark::State& state, Work work) {
  std::array<decode::decoded_packet, decode::decoder::limit_packets> out;
  decode::decoder reader;
  std::int64_t packets = 0;
  std::int64_t bytes = 0;
  for (auto _ : state) {
    state.PauseTiming();
    source::pcap_file file{trace()};
    source::packet_batch batch;
    state.ResumeTiming();
    while (file.read(batch) == source::read_status::packets)
      for (const auto& packet : batch) {
        work(reader, packet, out);
        ++packets;
        bytes += static_cast<std::int64_t>(packet.bytes.size());
      }
  }
  state.SetItemsProcessed(packets);
  state.SetBytesProcessed(bytes);
}

void read_only(benchmark::State& state) {
  each_packet(state, [](auto&, const source::packet& packet, auto&) {
    benchmark::DoNotOptimize(packet.bytes.data());
  });
}

void read_and_decode(benchmark::State& state) {
  each_packet(state, [](auto& reader, const source::packet& packet, auto& out) {
    benchmark::DoNotOptimize(reader.decode(packet.bytes, packet.link, out));
  });
}

void read_decode_and_check(benchmark::State& state) {
  each_packet(state, [](auto& reader, const source::packet& packet, auto& out) {
    for (std::size_t i = reader.decode(packet.bytes, packet.link, out); i > 0; --i)
      benchmark::DoNotOptimize(decode::transport_checksum(out[i - 1]));
  });
}

} // namespace

BENCHMARK(read_only);
BENCHMARK(read_and_decode);
BENCHMARK(read_decode_and_check);
BENCHMARK_MAIN();
