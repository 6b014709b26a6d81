#include "detect/flow/tcp_event.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset::detect::flow;

BOOST_AUTO_TEST_SUITE(tcp_event_test)

BOOST_AUTO_TEST_CASE(every_event_is_found_by_the_name_it_prints) {
  for (std::size_t i = 0; i < tcp_event_count; ++i) {
    const auto event = static_cast<tcp_event>(i);
    BOOST_TEST((find_tcp_event(to_string(event)) == event));
  }
}

BOOST_AUTO_TEST_CASE(names_are_those_of_the_rules) {
  BOOST_TEST(to_string(tcp_event::handshake_ack_in_wrong_dir) == "3whs_ack_in_wrong_dir");
  BOOST_TEST(to_string(tcp_event::split_handshake_wrong_seq) == "4whs_wrong_seq");
  BOOST_TEST(to_string(tcp_event::est_packet_out_of_window) == "est_packet_out_of_window");
  BOOST_TEST(to_string(tcp_event::wrong_thread) == "wrong_thread");
  BOOST_TEST(!find_tcp_event("3whs").has_value());
}

BOOST_AUTO_TEST_CASE(a_list_keeps_each_event_once_and_no_more_than_its_limit) {
  tcp_event_list events;
  BOOST_TEST(events.empty());
  events.add(tcp_event::pkt_invalid_ack);
  events.add(tcp_event::pkt_invalid_ack);
  BOOST_TEST(events.all().size() == 1U);
  for (std::size_t i = 0; i < 20; ++i)
    events.add(static_cast<tcp_event>(i));
  BOOST_TEST(events.all().size() == tcp_event_list::limit);
  BOOST_TEST(events.has(tcp_event::pkt_invalid_ack));
}

BOOST_AUTO_TEST_SUITE_END()
