#include "detect/flow/flow.hpp"

#include "detect/flow/flow_table.hpp"
#include "tests/detect/flow/packets.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset;
using namespace cresset::detect::flow;
using namespace cresset::detect::flow::test;
using cresset::detect::proto::direction;

BOOST_AUTO_TEST_SUITE(flow_test)

namespace {
/// Flows are made by the table alone.
struct fixture {
  flow_table table{table_of(64)};
  flow_table::found_flow put(const decoded_packet& packet, std::int64_t second) {
    const auto found = table.find_or_create(table.key(packet), packet, at_second(second));
    found.owner->count(packet, found.way, at_second(second));
    return found;
  }
};
} // namespace

BOOST_AUTO_TEST_CASE(names_are_those_of_the_event_log) {
  BOOST_TEST(to_string(flow_state::new_flow) == "new");
  BOOST_TEST(to_string(flow_state::closed) == "closed");
  BOOST_TEST(to_string(flow_end::forced) == "forced");
  BOOST_TEST(to_string(flow_end::tcp_reuse) == "tcp_reuse");
}

BOOST_AUTO_TEST_CASE(who_sends_first_is_the_client) {
  fixture f;
  auto packet = udp("192.0.2.9", 5000, "192.0.2.1", 53);
  const std::array<std::byte, 60> frame{};
  packet.frame = frame;
  packet.vlan_ids = {5, 0, 0};
  packet.vlan_count = 1;
  const auto first = f.put(packet, 0);
  BOOST_TEST((first.way == direction::to_server));
  BOOST_TEST((first.owner->state() == flow_state::new_flow));
  const auto second = f.put(answer(packet), 2);
  BOOST_TEST(second.owner == first.owner);
  BOOST_TEST((second.way == direction::to_client));
  const auto& known = *first.owner;
  BOOST_TEST((known.state() == flow_state::established));
  BOOST_TEST((known.tuple() == packet.tuple));
  BOOST_TEST(known.vlans().size() == 1U);
  BOOST_TEST(known.totals(direction::to_server).packets == 1U);
  BOOST_TEST(known.totals(direction::to_client).bytes == 60U);
  BOOST_TEST((known.first_seen() == at_second(0)));
  BOOST_TEST((known.last_seen() == at_second(2)));
}

BOOST_AUTO_TEST_CASE(the_id_depends_on_the_packet_alone) {
  fixture one;
  fixture other;
  const auto packet = udp("192.0.2.9", 5000, "192.0.2.1", 53);
  other.put(udp("192.0.2.9", 5001, "192.0.2.1", 53), 0);
  const auto id = one.put(packet, 3).owner->id();
  BOOST_TEST(id == other.put(packet, 3).owner->id());
  BOOST_TEST(id != 0U);
  BOOST_TEST(id < (std::uint64_t{1} << 53));
  fixture later;
  BOOST_TEST(id != later.put(packet, 4).owner->id());
}

BOOST_AUTO_TEST_CASE(swapping_turns_everything_round) {
  fixture f;
  auto packet = tcp("192.0.2.9", 80, "192.0.2.1", 5000, tcp_ack);
  auto& known = *f.put(packet, 0).owner;
  known.set_app_protocol(direction::to_client, "http");
  known.swap_sides();
  BOOST_TEST((known.tuple() == packet.tuple.reversed()));
  BOOST_TEST(known.totals(direction::to_client).packets == 1U);
  BOOST_TEST(known.tcp_flags(direction::to_client) == tcp_ack);
  BOOST_TEST(known.app_protocol(direction::to_server) == "http");
  BOOST_TEST((f.put(packet, 1).way == direction::to_client));
}

BOOST_AUTO_TEST_CASE(icmp_keeps_the_servers_first_message) {
  fixture f;
  const auto first = f.put(icmp("192.0.2.1", "192.0.2.2", 8, 0, 7), 0);
  BOOST_TEST(!first.owner->response().has_value());
  BOOST_TEST(first.owner->tuple().source_port == 8);
  const auto second = f.put(icmp("192.0.2.2", "192.0.2.1", 0, 0, 7), 0);
  BOOST_TEST((second.way == direction::to_client));
  BOOST_TEST(second.owner->response()->type == 0);
  BOOST_TEST((second.owner->state() == flow_state::established));
}

BOOST_AUTO_TEST_CASE(an_answer_without_its_request_comes_from_the_server) {
  fixture f;
  const auto found = f.put(icmp("192.0.2.2", "192.0.2.1", 0, 0, 7), 0);
  BOOST_TEST((found.way == direction::to_client));
  BOOST_TEST((found.owner->tuple().source == address("192.0.2.1")));
  BOOST_TEST(found.owner->tuple().source_port == 8);
}

BOOST_AUTO_TEST_CASE(what_layers_above_keep_goes_with_the_flow) {
  struct watched : flow_extension {
    explicit watched(bool& gone) : gone_{gone} {}
    ~watched() override { gone_ = true; }
    bool& gone_;
  };
  fixture f;
  bool gone = false;
  auto& known = *f.put(udp("192.0.2.9", 5000, "192.0.2.1", 53), 0).owner;
  known.extension = std::make_unique<watched>(gone);
  known.shunt();
  known.set_alerted();
  f.table.end(known, flow_end::forced);
  BOOST_TEST(gone);
  auto& next = *f.put(udp("192.0.2.9", 5000, "192.0.2.1", 53), 1).owner;
  BOOST_TEST(!next.is_shunted());
  BOOST_TEST(!next.is_alerted());
  BOOST_TEST(next.extension == nullptr);
}

BOOST_AUTO_TEST_SUITE_END()
