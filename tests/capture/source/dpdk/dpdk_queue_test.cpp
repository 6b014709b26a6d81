// Tests of dpdk_eal, dpdk_port and dpdk_queue: one environment for the whole process, made by the
// first of them.
#include "capture/source/dpdk_queue.hpp"

#include "tests/capture/source/cable.hpp"
#include "tests/capture/source/capture_files.hpp"

#include <boost/test/unit_test.hpp>

#include <rte_eth_ring.h>
#include <rte_ethdev.h>
#include <rte_mbuf.h>
#include <rte_ring.h>
#include <sched.h>
#include <stdexcept>

using namespace cresset;
using namespace cresset::capture::source;
using namespace capture_files;

namespace {

constexpr std::size_t packets_in_file = 150;
constexpr std::size_t long_packet = 4000; // several buffers

bytes played_file() {
  const writer write;
  auto file = write.pcap_header(1);
  for (std::size_t i = 0; i < packets_in_file; ++i)
    append(file, write.pcap_record(1'700'000'000 + static_cast<std::uint32_t>(i), 123'456,
                                   filled(i == 70 ? long_packet : 60, static_cast<unsigned>(i))));
  return file;
}

int allowed_cpus() {
  cpu_set_t set;
  CPU_ZERO(&set);
  sched_getaffinity(0, sizeof set, &set);
  return CPU_COUNT(&set);
}

/// What every test here starts DPDK with, and a packet socket where there is a cable to listen on.
std::string arguments(const std::filesystem::path& played) {
  std::string text = "--no-huge -m 256 --no-shconf --no-pci --no-telemetry --log-level=4 -l 0 "
                     "--vdev=net_null0,size=100,copy=1 --vdev=net_null1 --vdev=net_pcap0,rx_pcap=" +
                     played.string();
  if (cable::shared().is_ready())
    text += " --vdev=net_af_packet0,iface=cresset0,framesz=2048,blocksz=65536,framecnt=1024";
  return text;
}

/// The environment and what its devices need; made once, and gone with the process.
struct environment {
  temporary_file played{played_file()};
  int cpus_before = allowed_cpus();
  dpdk_eal eal{dpdk_eal::split_arguments(arguments(played.path()))};
};

struct with_environment {
  static inline std::unique_ptr<environment> shared;
  with_environment() {
    if (!shared)
      shared = std::make_unique<environment>();
  }
  const dpdk_eal& eal() const { return shared->eal; }
};

struct at_end {
  ~at_end() { with_environment::shared.reset(); }
};

const dpdk_port_settings small{.descriptors = 256, .buffers = 1023};

} // namespace

BOOST_TEST_GLOBAL_FIXTURE(at_end);

BOOST_FIXTURE_TEST_SUITE(dpdk_queue_test, with_environment)

BOOST_AUTO_TEST_CASE(the_calling_thread_keeps_its_cpus) {
  BOOST_TEST(allowed_cpus() == shared->cpus_before);
}

BOOST_AUTO_TEST_CASE(the_environment_starts_once_a_process) {
  BOOST_CHECK_EXCEPTION(
      dpdk_eal{{"--no-huge"}}, std::runtime_error, [](const std::runtime_error& error) {
        return std::string_view{error.what()}.ends_with("it was started before in this process");
      });
}

BOOST_AUTO_TEST_CASE(ports_are_known_by_name) {
  const auto names = eal().port_names();
  BOOST_TEST(std::count(names.begin(), names.end(), "net_pcap0") == 1);
  BOOST_CHECK_EXCEPTION(dpdk_port(eal(), "net_nowhere"), std::runtime_error,
                        [](const std::runtime_error& error) {
                          return std::string_view{error.what()}.starts_with(
                              "dpdk port net_nowhere: is not there (there are: ");
                        });
}

BOOST_AUTO_TEST_CASE(a_port_that_plays_a_file_gives_every_packet_with_its_time_and_ends) {
  const dpdk_port port{eal(), "net_pcap0", small};
  BOOST_TEST(port.has_utc_timestamps());
  dpdk_queue queue{port, 0, std::chrono::milliseconds{50}};
  packet_batch batch;
  std::size_t seen = 0;
  auto status = queue.read(batch);
  for (; status != read_status::end; status = queue.read(batch))
    for (const auto& packet : batch) {
      const auto expected = filled(seen == 70 ? long_packet : 60, static_cast<unsigned>(seen));
      BOOST_TEST((bytes(packet.bytes.begin(), packet.bytes.end()) == expected));
      BOOST_TEST(packet.number == ++seen);
      BOOST_TEST(to_ns(packet.captured_at) ==
                 (1'700'000'000 + static_cast<std::int64_t>(seen) - 1) * 1'000'000'000 +
                     123'456'000);
      BOOST_TEST((packet.link == link_type::ethernet));
      BOOST_TEST(packet.wire_length_bytes == expected.size());
    }
  BOOST_TEST(seen == packets_in_file);
  BOOST_TEST((queue.read(batch) == read_status::end));
  const auto counters = queue.counters();
  BOOST_TEST(counters.received_packets == packets_in_file);
  BOOST_TEST(counters.received_bytes == (packets_in_file - 1) * 60 + long_packet);
  BOOST_TEST(counters.refused_packets == 0U);
  BOOST_TEST(counters.dropped_packets.value() == 0U);
  BOOST_TEST(queue.name() == "dpdk net_pcap0 queue 0");
  BOOST_TEST(queue.interface_name() == "net_pcap0");
}

BOOST_AUTO_TEST_CASE(a_packet_socket_gives_what_comes_over_the_cable) {
  if (!cable::shared().is_ready()) {
    BOOST_TEST_MESSAGE("left out: net_af_packet needs root, ip(8) and network namespaces");
    return;
  }
  const dpdk_port port{eal(), "net_af_packet0", small};
  dpdk_queue queue{port, 0};
  const auto before = now();
  for (std::uint16_t i = 0; i < 100; ++i)
    cable::shared().send(60 + i, i);
  packet_batch batch;
  std::size_t seen = 0;
  for (const auto start = std::chrono::steady_clock::now();
       seen < 100 && std::chrono::steady_clock::now() - start < std::chrono::seconds{10};) {
    queue.read(batch);
    for (const auto& packet : batch) {
      BOOST_TEST(packet.bytes.size() == 60 + seen);
      BOOST_TEST(packet.number == ++seen);
      BOOST_TEST((packet.captured_at >= before && packet.captured_at <= now()));
    }
  }
  BOOST_TEST(seen == 100U);
  BOOST_TEST(!queue.counters().dropped_packets); // this driver says 0 whatever was lost
}

BOOST_AUTO_TEST_CASE(buffers_go_back_to_their_pool) {
  const dpdk_port port{eal(), "net_null0", small};
  dpdk_queue queue{port, 0};
  packet_batch batch;
  // Far more packets than the pool has buffers: kept ones would dry it up.
  for (int i = 0; i < 200; ++i) {
    BOOST_REQUIRE((queue.read(batch) == read_status::packets));
    BOOST_REQUIRE(batch.size() == packet_batch::limit_packets);
    BOOST_TEST(batch[0].bytes.size() == 100U);
  }
  queue.release(batch);
  BOOST_TEST(batch.empty());
}

BOOST_AUTO_TEST_CASE(a_queue_the_port_has_not_is_refused) {
  const dpdk_port port{eal(), "net_null1", small};
  BOOST_CHECK_EXCEPTION(
      dpdk_queue(port, 1), std::runtime_error, [](const std::runtime_error& error) {
        return std::string_view{error.what()} == "dpdk net_null1 queue 1: the port has 1 queues";
      });
}

BOOST_AUTO_TEST_CASE(chains_are_joined_and_frames_nobody_sends_refused) {
  rte_ring* ring = rte_ring_create("wire", 256, SOCKET_ID_ANY, RING_F_SP_ENQ | RING_F_SC_DEQ);
  BOOST_REQUIRE(ring != nullptr);
  BOOST_REQUIRE(rte_eth_from_rings("wire", &ring, 1, &ring, 1, 0) >= 0);
  rte_mempool* pool = rte_pktmbuf_pool_create("sender", 1023, 0, 0, 2176, SOCKET_ID_ANY);
  BOOST_REQUIRE(pool != nullptr);
  const auto send = [&](std::size_t parts, std::uint16_t part_bytes) {
    rte_mbuf* first = nullptr;
    for (std::size_t i = 0; i < parts; ++i) {
      auto* part = rte_pktmbuf_alloc(pool);
      std::memset(rte_pktmbuf_append(part, part_bytes), static_cast<int>(i + 1), part_bytes);
      if (first == nullptr)
        first = part;
      else
        BOOST_REQUIRE(rte_pktmbuf_chain(first, part) == 0);
    }
    BOOST_REQUIRE(rte_ring_enqueue(ring, first) == 0);
  };
  {
    const dpdk_port port{eal(), "net_ring_wire", small};
    BOOST_TEST(!port.has_utc_timestamps());
    dpdk_queue queue{port, 0};
    packet_batch batch;
    BOOST_TEST((queue.read(batch) == read_status::idle));
    send(1, 60);
    send(3, 1000);
    send(40, 2000); // 80,000 bytes
    send(1, 61);
    BOOST_REQUIRE((queue.read(batch) == read_status::packets));
    BOOST_REQUIRE(batch.size() == 3U);
    BOOST_TEST(batch[1].bytes.size() == 3000U);
    BOOST_TEST(std::to_integer<int>(batch[1].bytes[999]) == 1);
    BOOST_TEST(std::to_integer<int>(batch[1].bytes[1000]) == 2);
    BOOST_TEST(std::to_integer<int>(batch[1].bytes[2999]) == 3);
    BOOST_TEST(batch[2].number == 4U);
    const auto counters = queue.counters();
    BOOST_TEST(counters.received_packets == 4U);
    BOOST_TEST(counters.refused_packets == 1U);
    BOOST_TEST(!counters.dropped_packets); // a ring does not know
  }
}

BOOST_AUTO_TEST_SUITE_END()
