#include "tests/detect/flow/tcp_talk.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset;
using namespace cresset::detect::flow;
using namespace cresset::detect::flow::test;

BOOST_AUTO_TEST_SUITE(tcp_teardown_test)

namespace {
struct open_talk : tcp_talk {
  explicit open_talk(tcp_settings s = {}) : tcp_talk{s} { shake_hands(); }
  std::string state() const { return std::string{to_string(session.state())}; }
};
} // namespace

BOOST_AUTO_TEST_CASE(the_client_closes_first) {
  open_talk t;
  t.send(to_server, tcp_fin | tcp_ack, "bye");
  BOOST_TEST(t.state() == "close_wait");
  t.send(to_client, tcp_ack, "wait");
  BOOST_TEST(t.said(to_server) == "bye");
  BOOST_TEST(t.ended[0]);
  BOOST_TEST(t.state() == "close_wait");
  t.send(to_client, tcp_fin | tcp_ack);
  BOOST_TEST(t.state() == "last_ack");
  BOOST_TEST(t.session.is_over());
  t.send(to_server, tcp_ack);
  BOOST_TEST(t.state() == "closed");
  BOOST_TEST(t.said(to_client) == "wait");
  BOOST_TEST(t.ended[1]);
  BOOST_TEST(t.session.stream(to_server).gap_bytes() == 0U);
  BOOST_TEST(t.session.stream(to_client).gap_bytes() == 0U);
}

BOOST_AUTO_TEST_CASE(the_server_closes_first) {
  open_talk t;
  t.send(to_client, tcp_fin | tcp_ack);
  BOOST_TEST(t.state() == "fin_wait1");
  t.send(to_server, tcp_ack);
  BOOST_TEST(t.state() == "fin_wait2");
  t.send(to_server, tcp_fin | tcp_ack);
  BOOST_TEST(t.state() == "time_wait");
  t.send(to_client, tcp_ack);
  BOOST_TEST(t.state() == "closed");
}

BOOST_AUTO_TEST_CASE(both_close_at_once) {
  open_talk t;
  auto fin = t.segment(to_server, tcp_fin | tcp_ack);
  t.send(to_client, tcp_fin | tcp_ack);
  t.send(to_server, fin); // does not acknowledge the other
  BOOST_TEST(t.state() == "closing");
  t.next_of(to_server) += 1;
  t.send(to_server, tcp_ack);
  BOOST_TEST(t.state() == "time_wait");
  t.send(to_client, tcp_ack);
  BOOST_TEST(t.state() == "closed");
}

BOOST_AUTO_TEST_CASE(a_fin_that_overtakes_data_ends_the_stream_behind_it) {
  open_talk t;
  auto fin = t.segment(to_server, tcp_fin | tcp_ack);
  fin.sequence += 4;
  BOOST_TEST(t.send(to_server, fin).accepted());
  t.send(to_server, tcp_ack, "data");
  t.next_of(to_server) += 1;
  t.send(to_client, tcp_ack);
  BOOST_TEST(t.said(to_server) == "data");
  BOOST_TEST(t.ended[0]);
}

BOOST_AUTO_TEST_CASE(data_behind_a_fin_is_refused) {
  open_talk t;
  t.send(to_server, tcp_fin | tcp_ack, "bye");
  const auto outcome = t.send(to_server, t.segment(to_server, tcp_ack, "but"));
  BOOST_TEST((outcome.refused == tcp_refusal::out_of_window));
  t.send(to_client, tcp_ack);
  BOOST_TEST(t.said(to_server) == "bye");
}

BOOST_AUTO_TEST_CASE(a_fin_sent_again_changes_nothing) {
  open_talk t;
  const auto fin = t.segment(to_client, tcp_fin | tcp_ack);
  t.send(to_client, tcp_fin | tcp_ack);
  BOOST_TEST(t.send(to_client, fin).retransmission);
  BOOST_TEST(t.state() == "fin_wait1");
}

BOOST_AUTO_TEST_CASE(a_second_fin_elsewhere_is_an_event) {
  open_talk t;
  t.send(to_client, tcp_ack, "data");
  auto fin = t.segment(to_client, tcp_fin | tcp_ack);
  t.send(to_client, tcp_fin | tcp_ack);
  fin.sequence -= 2;
  BOOST_TEST(t.send(to_client, fin).events.has(tcp_event::fin1_fin_wrong_seq));
}

BOOST_AUTO_TEST_CASE(a_fin_out_of_the_window_is_refused_by_name) {
  open_talk t;
  auto fin = t.segment(to_server, tcp_fin | tcp_ack);
  fin.sequence += 50'000;
  BOOST_TEST(only(t.send(to_server, fin), tcp_event::fin_out_of_window));
  fin = t.segment(to_server, tcp_fin | tcp_ack);
  fin.acknowledgement += 50'000;
  BOOST_TEST(t.send(to_server, fin).events.has(tcp_event::fin_invalid_ack));
  BOOST_TEST(t.state() == "established");
}

BOOST_AUTO_TEST_CASE(a_fin_before_what_was_sent_already_is_refused_by_name) {
  open_talk t;
  t.send(to_server, tcp_fin | tcp_ack);
  t.send(to_client, tcp_ack, "more than the FIN knows");
  auto fin = t.segment(to_client, tcp_fin | tcp_ack);
  fin.sequence -= 20;
  BOOST_TEST(only(t.send(to_client, fin), tcp_event::closewait_fin_out_of_window));
  BOOST_TEST(t.state() == "close_wait");
}

BOOST_AUTO_TEST_CASE(wrong_acknowledgements_are_named_by_the_state) {
  open_talk t;
  t.send(to_client, tcp_fin | tcp_ack);
  auto wrong = t.segment(to_server, tcp_ack);
  wrong.acknowledgement += 90'000;
  BOOST_TEST(t.send(to_server, wrong).events.has(tcp_event::fin1_invalid_ack));
  t.send(to_server, tcp_ack);
  BOOST_TEST(t.send(to_server, wrong).events.has(tcp_event::fin2_invalid_ack));
  t.send(to_server, tcp_fin | tcp_ack);
  BOOST_TEST(t.send(to_server, wrong).events.has(tcp_event::timewait_invalid_ack));
}

BOOST_AUTO_TEST_CASE(a_reset_closes_and_gives_what_is_there_without_a_hole) {
  open_talk t;
  t.send(to_server, tcp_ack, "seen");
  t.next_of(to_server) += 16;
  t.send(to_server, tcp_ack, "behind a hole");
  auto reset = t.segment(to_client, tcp_rst | tcp_ack);
  reset.acknowledgement = tcp_talk::client_start + 5;
  const auto outcome = t.send(to_client, reset);
  BOOST_TEST(outcome.accepted());
  BOOST_TEST(outcome.events.empty());
  BOOST_TEST(t.state() == "closed");
  BOOST_TEST(t.session.was_reset());
  BOOST_TEST(t.said(to_server) == "seen");
  t.finish();
  BOOST_TEST(t.said(to_server) == "seen<16>behind a hole");
}

BOOST_AUTO_TEST_CASE(the_text_of_a_reset_is_no_part_of_the_stream) {
  open_talk t;
  t.send(to_client, tcp_ack, "Please");
  t.send(to_client, t.segment(to_client, tcp_rst, "Access Denied"));
  t.finish();
  BOOST_TEST(t.said(to_client) == "Please");
}

BOOST_AUTO_TEST_CASE(a_reset_outside_the_window_is_refused) {
  open_talk t;
  auto reset = t.segment(to_server, tcp_rst);
  reset.sequence += 100'000;
  BOOST_TEST((t.send(to_server, reset).refused == tcp_refusal::invalid_reset));
  reset.sequence -= 200'000;
  BOOST_TEST((t.send(to_server, reset).refused == tcp_refusal::invalid_reset));
  reset = t.segment(to_server, tcp_rst | tcp_ack);
  reset.acknowledgement += 100'000;
  BOOST_TEST(only(t.send(to_server, reset), tcp_event::rst_invalid_ack));
  BOOST_TEST(t.state() == "established");
}

BOOST_AUTO_TEST_CASE(a_reset_with_the_number_of_its_fin_is_believed) {
  open_talk t;
  auto reset = t.segment(to_server, tcp_rst);
  t.send(to_server, tcp_fin | tcp_ack);
  t.send(to_client, tcp_fin | tcp_ack);
  BOOST_TEST(t.send(to_server, reset).accepted());
  BOOST_TEST(t.state() == "closed");
}

BOOST_AUTO_TEST_CASE(who_goes_on_after_its_reset_has_probably_not_sent_it) {
  open_talk t;
  t.send(to_server, t.segment(to_server, tcp_rst));
  BOOST_TEST(t.send(to_client, tcp_ack, "on its way").events.empty());
  const auto outcome = t.send(to_server, tcp_ack, "still here");
  BOOST_TEST(outcome.accepted());
  BOOST_TEST(only(outcome, tcp_event::suspected_rst_inject));
  BOOST_TEST(t.state() == "established");
}

BOOST_AUTO_TEST_CASE(a_syn_while_closing_is_refused_by_name) {
  open_talk t;
  t.send(to_server, tcp_fin | tcp_ack);
  BOOST_TEST(only(t.send(to_server, t.segment(to_server, tcp_syn)), tcp_event::fin_syn));
  t.send(to_client, tcp_fin | tcp_ack);
  t.send(to_server, tcp_ack);
  BOOST_TEST(
      only(t.send(to_server, t.segment(to_server, tcp_syn)), tcp_event::shutdown_syn_resend));
}

BOOST_AUTO_TEST_CASE(one_sided_ends_are_named_for_the_side_that_was_seen) {
  tcp_settings settings;
  settings.midstream = true;
  settings.async_oneside = true;
  tcp_talk client{settings};
  client.send(to_server, tcp_ack, "GET /");
  client.send(to_server, tcp_fin | tcp_ack);
  BOOST_TEST(to_string(client.session.state()) == "close_wait");
  BOOST_TEST(client.ended[0]);

  settings.async_oneside = false;
  tcp_talk server{settings};
  server.session.process(server.segment(to_client, tcp_syn | tcp_ack), to_server);
  server.next_of(to_client) += 1;
  server.send(to_client, tcp_ack, "200 OK");
  server.send(to_client, tcp_fin | tcp_ack);
  BOOST_TEST(to_string(server.session.state()) == "fin_wait1");
}

BOOST_AUTO_TEST_SUITE_END()
