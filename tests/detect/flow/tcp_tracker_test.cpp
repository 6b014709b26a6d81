#include "detect/flow/tcp_tracker.hpp"

#include "detect/flow/flow_table.hpp"
#include "tests/detect/flow/packets.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset;
using namespace cresset::detect::flow;
using namespace cresset::detect::flow::test;
using cresset::detect::proto::direction;

BOOST_AUTO_TEST_SUITE(tcp_tracker_test)

namespace {
struct fixture {
  tcp_tracker tracker;
  flow_table table{table_of(64)};
  flow* last = nullptr;
  direction way{};

  explicit fixture(tcp_tracker_settings settings = {}) : tracker{settings} {}

  tcp_outcome put(decoded_packet packet, std::uint32_t sequence, std::uint32_t acknowledgement,
                  std::string_view payload = {}) {
    packet.tcp->sequence = sequence;
    packet.tcp->acknowledgement = acknowledgement;
    packet.payload = as_bytes(payload);
    const auto found = table.find_or_create(table.key(packet), packet, at_second(0));
    found.owner->count(packet, found.way, at_second(0));
    last = found.owner;
    way = found.way;
    return tracker.process(*found.owner, packet, way);
  }
};
const auto client = [](std::uint8_t flags) {
  return tcp("192.0.2.1", 5000, "192.0.2.2", 80, flags);
};
const auto server = [](std::uint8_t flags) {
  return tcp("192.0.2.2", 80, "192.0.2.1", 5000, flags);
};
} // namespace

BOOST_AUTO_TEST_CASE(a_session_is_taken_only_by_what_opens_one) {
  fixture f;
  BOOST_TEST((f.put(client(tcp_ack), 5, 9, "data").refused == tcp_refusal::no_session));
  BOOST_TEST(f.last->session == nullptr);
  BOOST_TEST(f.put(client(tcp_rst), 5, 0).events.has(tcp_event::rst_but_no_session));
  BOOST_TEST(f.put(client(tcp_fin | tcp_ack), 5, 9).events.has(tcp_event::fin_but_no_session));
  BOOST_TEST(f.tracker.sessions().in_use() == 0U);
  BOOST_TEST(
      f.tracker.counters().refused[static_cast<std::size_t>(tcp_refusal::no_session)].value() ==
      3U);
}

BOOST_AUTO_TEST_CASE(the_flow_keeps_step_with_its_session) {
  fixture f;
  f.put(client(tcp_syn), 99, 0);
  BOOST_TEST((f.last->state() == flow_state::new_flow));
  f.put(server(tcp_syn | tcp_ack), 499, 100);
  f.put(client(tcp_ack), 100, 500, "GET /");
  BOOST_TEST((f.last->state() == flow_state::established));
  f.put(server(tcp_ack), 500, 105);
  BOOST_TEST(as_text(f.last->session->stream(direction::to_server).next_chunk().bytes) == "GET /");
  f.put(server(tcp_rst), 500, 0);
  BOOST_TEST((f.last->state() == flow_state::closed));
  BOOST_TEST(f.last->tcp_flags(direction::to_server) == (tcp_syn | tcp_ack));
  const auto& counters = f.tracker.counters();
  BOOST_TEST(counters.sessions.value() == 1U);
  BOOST_TEST(counters.segments.value() == 5U);
  BOOST_TEST(counters.stream_bytes.value() == 5U);
  BOOST_TEST(counters.syn.value() == 1U);
  BOOST_TEST(counters.syn_ack.value() == 1U);
  BOOST_TEST(counters.rst.value() == 1U);
}

BOOST_AUTO_TEST_CASE(a_syn_ack_first_turns_the_flow_round) {
  tcp_tracker_settings settings;
  settings.tcp.midstream = true;
  fixture f{settings};
  const auto outcome = f.put(server(tcp_syn | tcp_ack), 499, 100);
  BOOST_TEST(outcome.reversed);
  BOOST_TEST((f.way == direction::to_client));
  BOOST_TEST((f.last->tuple() == client(0).tuple));
  BOOST_TEST(f.last->totals(direction::to_client).packets == 1U);
  BOOST_TEST(f.last->totals(direction::to_server).packets == 0U);
  f.put(server(tcp_ack), 500, 100);
  BOOST_TEST((f.way == direction::to_client));
  BOOST_TEST((f.last->state() == flow_state::established));
  BOOST_TEST(f.tracker.counters().midstream_pickups.value() == 1U);
}

BOOST_AUTO_TEST_CASE(swapping_a_flow_swaps_its_session) {
  tcp_tracker_settings settings;
  settings.tcp.midstream = true;
  fixture f{settings};
  f.put(server(tcp_ack), 500, 100, "HTTP/1.1");
  BOOST_TEST((f.way == direction::to_server));
  f.last->swap_sides();
  f.put(client(tcp_ack), 100, 508);
  BOOST_TEST((f.way == direction::to_server));
  BOOST_TEST(as_text(f.last->session->stream(direction::to_client).next_chunk().bytes) ==
             "HTTP/1.1");
}

BOOST_AUTO_TEST_CASE(without_a_session_left_segments_are_refused_and_counted) {
  tcp_tracker_settings settings;
  settings.limit_sessions = 0;
  fixture f{settings};
  BOOST_TEST((f.put(client(tcp_syn), 99, 0).refused == tcp_refusal::no_memory));
  BOOST_TEST(f.tracker.sessions().refused() == 1U);
  BOOST_TEST(
      f.tracker.counters().refused[static_cast<std::size_t>(tcp_refusal::no_memory)].value() == 1U);
}

BOOST_AUTO_TEST_CASE(a_flow_that_ends_gives_everything_back) {
  fixture f;
  f.put(client(tcp_syn), 99, 0);
  f.put(server(tcp_syn | tcp_ack), 499, 100);
  f.put(client(tcp_ack), 100, 500, "GET /");
  BOOST_TEST(f.tracker.buffers().lent_bytes() != 0U);
  f.table.end_all();
  BOOST_TEST(f.tracker.buffers().lent_bytes() == 0U);
  BOOST_TEST(f.tracker.sessions().in_use() == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
