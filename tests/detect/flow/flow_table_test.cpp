#include "detect/flow/flow_table.hpp"

#include "detect/flow/tcp_tracker.hpp"
#include "tests/detect/flow/packets.hpp"

#include <boost/test/unit_test.hpp>

#include <map>
#include <random>
#include <vector>

using namespace cresset;
using namespace cresset::detect::flow;
using namespace cresset::detect::flow::test;
using cresset::detect::proto::direction;

BOOST_AUTO_TEST_SUITE(flow_table_test)

namespace {

struct fixture {
  tcp_tracker tracker{tcp_tracker_settings{}};
  std::vector<std::pair<std::uint16_t, flow_end>> ended; // by client port
  flow_table table;

  explicit fixture(flow_table_settings settings = table_of(1024))
      : table{settings, [this](flow& gone, flow_end why) {
                ended.emplace_back(gone.tuple().source_port, why);
              }} {}

  flow_table::found_flow put(const decoded_packet& packet, std::int64_t second) {
    const auto found = table.find_or_create(table.key(packet), packet, at_second(second));
    found.owner->count(packet, found.way, at_second(second));
    if (packet.tcp) {
      auto way = found.way;
      if (tracker.process(*found.owner, packet, way).state_changed)
        table.state_changed(*found.owner);
    }
    return found;
  }
  /// A whole connection; `port` names it.
  void connect(std::uint16_t port, std::int64_t second) {
    auto syn = tcp("192.0.2.1", port, "192.0.2.2", 80, tcp_syn);
    syn.tcp->sequence = 99;
    put(syn, second);
    auto reply = answer(tcp("192.0.2.1", port, "192.0.2.2", 80, tcp_syn | tcp_ack));
    reply.tcp->sequence = 499;
    reply.tcp->acknowledgement = 100;
    put(reply, second);
    auto ack = tcp("192.0.2.1", port, "192.0.2.2", 80, tcp_ack);
    ack.tcp->sequence = 100;
    ack.tcp->acknowledgement = 500;
    put(ack, second);
  }
  void reset(std::uint16_t port, std::int64_t second) {
    auto rst = tcp("192.0.2.1", port, "192.0.2.2", 80, tcp_rst);
    rst.tcp->sequence = 100;
    put(rst, second);
  }
};

decoded_packet numbered(unsigned number) {
  auto packet = udp("10.0.0.0", static_cast<std::uint16_t>(number), "192.0.2.2", 53);
  packet.tuple.source = ip_address::v4(0x0a000000U + (number >> 16));
  return packet;
}

} // namespace

BOOST_AUTO_TEST_CASE(packets_of_one_conversation_find_one_flow) {
  fixture f;
  const auto packet = udp("192.0.2.9", 5000, "192.0.2.1", 53);
  const auto first = f.put(packet, 0);
  BOOST_TEST(first.is_new);
  BOOST_TEST(!f.put(answer(packet), 0).is_new);
  BOOST_TEST(f.table.find(f.table.key(packet)) == first.owner);
  BOOST_TEST(f.table.find(f.table.key(udp("192.0.2.9", 5001, "192.0.2.1", 53))) == nullptr);
  BOOST_TEST(f.table.size() == 1U);
  BOOST_TEST(f.table.counters().udp.value() == 1U);
}

BOOST_AUTO_TEST_CASE(timeouts_follow_the_kind_and_the_state) {
  fixture f;
  f.put(udp("192.0.2.9", 1, "192.0.2.1", 53), 0); // new: 30
  f.put(udp("192.0.2.9", 2, "192.0.2.1", 53), 0); // established: 300
  f.put(answer(udp("192.0.2.9", 2, "192.0.2.1", 53)), 0);
  f.put(tcp("192.0.2.1", 3, "192.0.2.2", 80, tcp_syn), 0); // new: 60
  f.connect(4, 0);                                         // established: 600
  f.connect(5, 0);
  f.reset(5, 0); // closed: 60
  const auto ends_by = [&](std::int64_t second) {
    f.ended.clear();
    f.table.expire(at_second(second));
    std::vector<std::uint16_t> ports;
    for (const auto& [port, why] : f.ended) {
      BOOST_TEST((why == flow_end::timeout));
      ports.push_back(port);
    }
    std::sort(ports.begin(), ports.end());
    return ports;
  };
  using ports = std::vector<std::uint16_t>;
  BOOST_TEST(ends_by(29) == ports{});
  BOOST_TEST(ends_by(31) == ports{1});
  BOOST_TEST(ends_by(59) == ports{});
  BOOST_TEST(ends_by(61) == (ports{3, 5}));
  BOOST_TEST(ends_by(299) == ports{});
  BOOST_TEST(ends_by(301) == ports{2});
  BOOST_TEST(ends_by(599) == ports{});
  BOOST_TEST(ends_by(601) == ports{4});
  BOOST_TEST(f.table.size() == 0U);
  BOOST_TEST(f.table.counters().timed_out_established.value() == 2U);
}

BOOST_AUTO_TEST_CASE(a_packet_puts_the_end_off) {
  fixture f;
  f.put(udp("192.0.2.9", 1, "192.0.2.1", 53), 0);
  f.put(udp("192.0.2.9", 1, "192.0.2.1", 53), 25);
  f.table.expire(at_second(40));
  BOOST_TEST(f.ended.empty());
  f.table.expire(at_second(57));
  BOOST_TEST(f.ended.size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_new_syn_on_a_closed_connection_makes_another_flow) {
  fixture f;
  f.connect(7, 0);
  f.reset(7, 0);
  auto syn = tcp("192.0.2.1", 7, "192.0.2.2", 80, tcp_syn);
  syn.tcp->sequence = 77'777;
  const auto found = f.put(syn, 1);
  BOOST_TEST(found.is_new);
  BOOST_REQUIRE(f.ended.size() == 1U);
  BOOST_TEST((f.ended[0].second == flow_end::tcp_reuse));
  BOOST_TEST((found.owner->session->state() == tcp_state::syn_sent));
  BOOST_TEST(f.table.counters().tcp_reused.value() == 1U);
}

BOOST_AUTO_TEST_CASE(a_syn_inside_an_open_connection_makes_none) {
  fixture f;
  f.connect(7, 0);
  BOOST_TEST(!f.put(tcp("192.0.2.1", 7, "192.0.2.2", 80, tcp_syn), 1).is_new);
  BOOST_TEST(f.ended.empty());
}

BOOST_AUTO_TEST_CASE(a_full_table_ends_the_least_useful_flows_and_counts_them) {
  fixture f;
  for (std::uint16_t i = 0; i < 512; ++i) {
    f.connect(i, i); // old, but both ends have spoken
    f.put(udp("192.0.2.9", static_cast<std::uint16_t>(10'000 + i), "192.0.2.1", 53), 1000);
  }
  BOOST_TEST(f.table.size() == f.table.limit());
  for (std::uint16_t i = 0; i < 100; ++i)
    f.connect(static_cast<std::uint16_t>(20'000 + i), 1000);
  BOOST_TEST(f.table.size() == f.table.limit());
  BOOST_TEST(f.table.counters().evicted_new.value() == 100U);
  BOOST_TEST(f.table.counters().evicted_established.value() == 0U);
  BOOST_TEST(f.ended.size() == 100U);
  for (const auto& [port, why] : f.ended)
    BOOST_TEST((why == flow_end::forced && port >= 10'000));
}

BOOST_AUTO_TEST_CASE(closed_flows_go_before_new_ones) {
  fixture f;
  for (std::uint16_t i = 0; i < 1024; ++i) {
    f.connect(i, 0);
    if (i % 16 == 0)
      f.reset(i, 0);
  }
  for (std::uint16_t i = 0; i < 20; ++i)
    f.connect(static_cast<std::uint16_t>(20'000 + i), 0);
  BOOST_TEST(f.table.counters().evicted_closed.value() == 20U);
}

BOOST_AUTO_TEST_CASE(when_places_run_short_timeouts_shrink_until_there_is_room) {
  auto settings = table_of(1024);
  settings.emergency.udp.new_flow = std::chrono::seconds{10};
  fixture f{settings};
  for (unsigned i = 0; i < 900; ++i)
    f.put(numbered(i), 0);
  BOOST_TEST(!f.table.in_emergency());
  for (unsigned i = 900; i < 1000; ++i)
    f.put(numbered(i), 12);
  BOOST_TEST(f.table.in_emergency());
  BOOST_TEST(f.table.counters().emergencies.value() == 1U);
  f.table.expire(at_second(13));
  BOOST_TEST(f.table.size() == 100U);
  BOOST_TEST(!f.table.in_emergency());
}

BOOST_AUTO_TEST_CASE(flows_of_one_hash_never_lose_each_other) {
  // Only 14 places for them: the rest gives way, and is counted as such.
  flow_table table{table_of(1024)};
  std::vector<decoded_packet> packets;
  for (unsigned i = 0; i < 40; ++i) {
    packets.push_back(numbered(i));
    auto key = table.key(packets.back());
    key.hash = 0x1234567800000005;
    BOOST_TEST(table.find_or_create(key, packets.back(), at_second(i)).is_new);
  }
  BOOST_TEST(table.size() == 14U);
  BOOST_TEST(table.counters().evicted_for_bucket.value() == 26U);
  unsigned found = 0;
  for (const auto& packet : packets) {
    auto key = table.key(packet);
    key.hash = 0x1234567800000005;
    const auto* const known = table.find(key);
    found += known != nullptr && known->tuple() == packet.tuple ? 1 : 0;
  }
  BOOST_TEST(found == 14U);
}

BOOST_AUTO_TEST_CASE(ending_all_tells_of_each_flow_oldest_first) {
  fixture f;
  for (std::uint16_t i = 0; i < 50; ++i)
    f.put(udp("192.0.2.9", i, "192.0.2.1", 53), 49 - i);
  f.table.end_all();
  BOOST_REQUIRE(f.ended.size() == 50U);
  for (std::uint16_t i = 0; i < 50; ++i) {
    BOOST_TEST(f.ended[i].first == 49 - i);
    BOOST_TEST((f.ended[i].second == flow_end::shutdown));
  }
  BOOST_TEST(f.table.size() == 0U);
  BOOST_TEST(f.put(udp("192.0.2.9", 1, "192.0.2.1", 53), 60).is_new);
}

BOOST_AUTO_TEST_CASE(prefetching_changes_nothing) {
  fixture f;
  const auto packet = udp("192.0.2.9", 1, "192.0.2.1", 53);
  const auto key = f.table.key(packet);
  f.table.prefetch(key);
  f.table.prefetch_flow(key);
  f.put(packet, 0);
  f.table.prefetch_flow(key);
  BOOST_TEST(f.table.size() == 1U);
}

BOOST_AUTO_TEST_CASE(the_table_agrees_with_a_plain_map_under_random_traffic) {
  std::map<unsigned, flow*> model;
  flow_table table{table_of(8192), [&](flow& gone, flow_end) {
                     const unsigned number = (gone.tuple().source.v4_value() - 0x0a000000U) << 16 |
                                             gone.tuple().source_port;
                     BOOST_TEST(model.erase(number) == 1U);
                   }};
  std::mt19937 random{11};
  for (std::int64_t step = 0; step < 30'000; ++step) {
    const unsigned number = static_cast<unsigned>(random() % 20'000) * 31;
    auto packet = numbered(number);
    if (random() % 2 == 0)
      packet = answer(packet);
    const bool known = model.contains(number);
    const auto found = table.find_or_create(table.key(packet), packet, at_second(step / 300));
    found.owner->count(packet, found.way, at_second(step / 300));
    if (!known && packet.tuple.source_port == 53 && packet.tuple.destination_port != 53)
      found.owner->swap_sides(); // the model goes by the client's number
    BOOST_TEST(found.is_new == !known);
    if (known)
      BOOST_TEST(model[number] == found.owner);
    model[number] = found.owner;
    if (step % 300 == 0)
      table.expire(at_second(step / 300));
    BOOST_TEST(table.size() == model.size());
  }
  table.end_all();
  BOOST_TEST(model.empty());
}

BOOST_AUTO_TEST_SUITE_END()
