#include "capture/source/pcap_live.hpp"

#include "capture/base/byte_order.hpp"
#include "tests/capture/source/cable.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <cstdlib>
#include <set>

using namespace cresset;
using namespace cresset::capture::source;
using capture_files::cable;

namespace {

bool is_left_out() {
  if (cable::shared().is_ready())
    return false;
  BOOST_TEST_MESSAGE("left out: capturing from a veth needs root, ip(8) and network namespaces");
  return true;
}

struct arrival {
  std::size_t size;
  std::uint32_t wire;
  timestamp at;
  std::uint64_t number;
  std::uint16_t flow;
};

/// Reads until `wanted` packets are there, or until nothing has come for two seconds.
std::vector<arrival> read(packet_source& source, std::size_t wanted) {
  std::vector<arrival> all;
  packet_batch batch;
  const auto patience = std::chrono::seconds{2};
  for (auto last = std::chrono::steady_clock::now();
       all.size() < wanted && std::chrono::steady_clock::now() - last < patience;) {
    if (source.read(batch) != read_status::packets)
      continue;
    last = std::chrono::steady_clock::now();
    for (const auto& packet : batch) {
      const auto source_port = load_be16(packet.bytes.subspan<34, 2>());
      const auto destination_port = load_be16(packet.bytes.subspan<36, 2>());
      all.push_back({packet.bytes.size(), packet.wire_length_bytes, packet.captured_at,
                     packet.number, source_port == 53 ? destination_port : source_port});
    }
  }
  return all;
}

std::string refusal(const live_settings& settings) {
  try {
    const pcap_live source{settings};
    return "opened";
  } catch (const std::runtime_error& error) {
    return error.what();
  }
}

live_settings on_cable() {
  live_settings settings;
  settings.interface_name = "cresset0";
  settings.ring_bytes = 4 * 1024 * 1024;
  return settings;
}

} // namespace

BOOST_AUTO_TEST_SUITE(pcap_live_test)

BOOST_AUTO_TEST_CASE(an_interface_that_is_not_there_is_refused_in_one_line) {
  is_left_out();
  const auto text = refusal({.interface_name = "cresset9"});
  BOOST_TEST(text.starts_with("interface cresset9: "));
  BOOST_TEST(text.find('\n') == std::string::npos);
  if (cable::shared().is_ready())
    BOOST_TEST(text == "interface cresset9: is not on this machine (which has cresset1, cresset0)");
}

BOOST_AUTO_TEST_CASE(an_interface_that_is_down_is_refused_with_the_remedy) {
  if (is_left_out())
    return;
  BOOST_REQUIRE(std::system("ip link add cresset4 type veth peer name cresset5") == 0);
  BOOST_TEST(refusal({.interface_name = "cresset4"}) ==
             "interface cresset4: is down (ip link set cresset4 up)");
}

BOOST_AUTO_TEST_CASE(packets_arrive_whole_in_order_with_their_time) {
  if (is_left_out())
    return;
  pcap_live source{on_cable()};
  BOOST_TEST(source.name() == "interface cresset0");
  BOOST_TEST(source.interface_name() == "cresset0");
  const auto before = now();
  for (std::uint16_t i = 0; i < 100; ++i)
    cable::shared().send(60 + i, i);
  const auto seen = read(source, 100);
  BOOST_REQUIRE(seen.size() == 100U);
  for (std::size_t i = 0; i < seen.size(); ++i) {
    BOOST_TEST(seen[i].flow == i);
    BOOST_TEST(seen[i].size == 60 + i);
    BOOST_TEST(seen[i].wire == 60 + i);
    BOOST_TEST(seen[i].number == i + 1);
    BOOST_TEST((seen[i].at >= before && seen[i].at <= now()));
  }
  const auto counters = source.counters();
  BOOST_TEST(counters.received_packets == 100U);
  BOOST_REQUIRE(counters.dropped_packets);
  BOOST_TEST(*counters.dropped_packets == 0U);
  packet_batch batch;
  BOOST_TEST((source.read(batch) == read_status::idle));
  BOOST_TEST(source.failure().empty());
}

BOOST_AUTO_TEST_CASE(a_snap_length_cuts_and_the_wire_length_stays) {
  if (is_left_out())
    return;
  auto settings = on_cable();
  settings.snap_length_bytes = 96;
  pcap_live source{settings};
  cable::shared().send(1000, 7);
  const auto seen = read(source, 1);
  BOOST_REQUIRE(seen.size() == 1U);
  BOOST_TEST(seen[0].size == 96U);
  BOOST_TEST(seen[0].wire == 1000U);
}

BOOST_AUTO_TEST_CASE(a_group_shares_packets_and_keeps_both_directions_of_a_flow_together) {
  if (is_left_out())
    return;
  auto settings = on_cable();
  settings.fanout_group = 7;
  pcap_live first{settings};
  pcap_live second{settings};
  constexpr std::uint16_t flows = 64;
  for (std::uint16_t flow = 0; flow < flows; ++flow) {
    cable::shared().send(60, static_cast<std::uint16_t>(40'000 + flow));
    cable::shared().send(60, static_cast<std::uint16_t>(40'000 + flow), true);
  }
  std::set<std::uint16_t> seen_by_first;
  std::set<std::uint16_t> seen_by_second;
  std::size_t packets = 0;
  packet_batch batch;
  for (int idle = 0; packets < 2 * flows && idle < 100;) {
    const auto before = packets;
    for (auto [source, seen] : {std::pair{&first, &seen_by_first}, {&second, &seen_by_second}})
      for (const auto& arrived :
           source->read(batch) == read_status::packets ? batch : packet_batch{}) {
        const auto port = load_be16(arrived.bytes.subspan<34, 2>());
        seen->insert(port == 53 ? load_be16(arrived.bytes.subspan<36, 2>()) : port);
        ++packets;
      }
    idle += packets == before ? 1 : 0;
  }
  BOOST_TEST(packets == 2U * flows);
  BOOST_TEST(seen_by_first.size() + seen_by_second.size() == flows);
  BOOST_TEST(seen_by_first.size() > 5U);
  BOOST_TEST(seen_by_second.size() > 5U);
}

BOOST_AUTO_TEST_CASE(a_ring_that_overflows_counts_what_it_dropped) {
  if (is_left_out())
    return;
  auto settings = on_cable();
  settings.ring_bytes = 2 * 1024 * 1024;
  pcap_live source{settings};
  constexpr std::size_t sent = 8000;
  for (std::size_t i = 0; i < sent; ++i)
    cable::shared().send(1400, 9);
  const auto seen = read(source, sent);
  const auto counters = source.counters();
  BOOST_TEST(*counters.dropped_packets > 0U);
  BOOST_TEST(seen.size() + *counters.dropped_packets == sent);
}

BOOST_AUTO_TEST_SUITE_END()
