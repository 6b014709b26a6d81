// What one packet costs below the application protocol: finding its flow, alone and in bursts that
// prefetch, and putting its segment into the stream with both readers following.
#include "detect/flow/flow_table.hpp"
#include "detect/flow/tcp_tracker.hpp"

#include <benchmark/benchmark.h>

#include <array>
#include <random>
#include <vector>

namespace {

using namespace cresset;
using namespace cresset::detect::flow;
using capture::decode::decoded_packet;
using capture::decode::tcp_ack;
using capture::decode::tcp_syn;
using proto::direction;

constexpr timestamp start{std::chrono::seconds{1'700'000'000}};

decoded_packet packet_of(std::uint32_t number) {
  decoded_packet packet;
  packet.tuple = {ip_address::v4(0x0a000000U + number), ip_address::v4(0xc0000201U),
                  static_cast<std::uint16_t>(number * 7), 443, ip_protocol::udp};
  packet.ip_version = 4;
  packet.has_udp = true;
  return packet;
}

flow_table_settings settings_for(std::size_t flows) {
  flow_table_settings settings;
  settings.limit_flows = flows + flows / 4;
  return settings;
}

/// Random flows of a table of `flows`; the keys are made before, as decoding is not what is
/// measured.
struct filled_table {
  flow_table table;
  std::vector<keyed_packet> keys;
  decoded_packet packet = packet_of(0);

  explicit filled_table(std::size_t flows) : table{settings_for(flows)} {
    for (std::uint32_t i = 0; i < flows; ++i)
      keys.push_back(table.key(packet_of(i)));
    for (std::uint32_t i = 0; i < flows; ++i)
      table.find_or_create(keys[i], packet_of(i), start);
    std::shuffle(keys.begin(), keys.end(), std::mt19937{42});
  }
};

void lookup_one_by_one(benchmark::State& state) {
  filled_table filled{static_cast<std::size_t>(state.range(0))};
  std::size_t i = 0;
  for (auto _ : state) {
    const auto found = filled.table.find_or_create(filled.keys[i], filled.packet, start);
    found.owner->count(filled.packet, found.way, start);
    i = i + 1 == filled.keys.size() ? 0 : i + 1;
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(lookup_one_by_one)->Arg(1'000)->Arg(100'000)->Arg(1'000'000);

void lookup_in_bursts_of_64(benchmark::State& state) {
  constexpr std::size_t burst = 64;
  filled_table filled{static_cast<std::size_t>(state.range(0))};
  std::size_t i = 0;
  for (auto _ : state) {
    if (i + burst > filled.keys.size())
      i = 0;
    const std::span keys{&filled.keys[i], burst};
    for (const auto& key : keys)
      filled.table.prefetch(key);
    for (const auto& key : keys)
      filled.table.prefetch_flow(key);
    for (const auto& key : keys) {
      const auto found = filled.table.find_or_create(key, filled.packet, start);
      found.owner->count(filled.packet, found.way, start);
    }
    i += burst;
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(burst));
}
BENCHMARK(lookup_in_bursts_of_64)->Arg(1'000)->Arg(100'000)->Arg(1'000'000);

void make_key_of_a_packet(benchmark::State& state) {
  const auto packet = packet_of(4711);
  const flow_key_settings settings;
  for (auto _ : state)
    benchmark::DoNotOptimize(make_key(packet, settings));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(make_key_of_a_packet);

void create_and_end_a_flow(benchmark::State& state) {
  flow_table table{settings_for(100'000)};
  std::uint32_t number = 0;
  for (auto _ : state) {
    const auto packet = packet_of(++number);
    table.end(*table.find_or_create(table.key(packet), packet, start).owner, flow_end::shutdown);
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(create_and_end_a_flow);

void follow(tcp_reassembly& stream) {
  for (auto chunk = stream.next_chunk(); chunk.what != stream_chunk::kind::none;
       chunk = stream.next_chunk())
    stream.consume(chunk.bytes.size());
  const auto window = stream.window();
  if (window.fresh_bytes() >= 2560)
    stream.raw_done(window.end());
}

/// An established connection; every segment of `range(0)` bytes in order, every second one
/// acknowledged.
void segment_in_order(benchmark::State& state) {
  const auto size = static_cast<std::size_t>(state.range(0));
  tcp_settings settings;
  settings.reassembly.depth_bytes = 0;
  buffer_pool pool{std::size_t{64} << 20};
  tcp_session session;
  session.open(settings, pool);
  const std::vector<std::byte> payload(size);
  tcp_segment from_client;
  tcp_segment from_server;
  from_client.window = from_server.window = 0xffff;
  from_client.flags = tcp_syn;
  session.process(from_client, direction::to_server);
  from_server.flags = tcp_syn | tcp_ack;
  from_server.acknowledgement = 1;
  session.process(from_server, direction::to_client);
  from_client.flags = from_server.flags = tcp_ack;
  from_client.sequence = from_client.acknowledgement = from_server.sequence = 1;
  session.process(from_client, direction::to_server);
  from_client.payload = payload;
  std::uint64_t segments = 0;
  for (auto _ : state) {
    session.process(from_client, direction::to_server);
    from_client.sequence += static_cast<std::uint32_t>(size);
    if (++segments % 2 == 0) {
      from_server.acknowledgement = from_client.sequence;
      if (session.process(from_server, direction::to_client).advanced[0])
        follow(session.stream(direction::to_server));
    }
  }
  state.SetItemsProcessed(state.iterations());
  state.SetBytesProcessed(state.iterations() * state.range(0));
}
BENCHMARK(segment_in_order)->Arg(64)->Arg(512)->Arg(1460);

/// The same bytes with every pair of segments swapped.
void segment_out_of_order(benchmark::State& state) {
  reassembly_settings settings;
  settings.depth_bytes = 0;
  buffer_pool pool{std::size_t{64} << 20};
  tcp_reassembly stream;
  stream.open(settings, pool, 0);
  const std::vector<std::byte> payload(1460);
  std::uint32_t sequence = 0;
  for (auto _ : state) {
    stream.insert(sequence + 1460, payload);
    stream.insert(sequence, payload);
    sequence += 2920;
    stream.acknowledge(sequence);
    follow(stream);
  }
  state.SetItemsProcessed(state.iterations() * 2);
}
BENCHMARK(segment_out_of_order);

} // namespace

BENCHMARK_MAIN();
