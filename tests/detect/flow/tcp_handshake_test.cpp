#include "tests/detect/flow/tcp_talk.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset;
using namespace cresset::detect::flow;
using namespace cresset::detect::flow::test;

BOOST_AUTO_TEST_SUITE(tcp_handshake_test)

namespace {
tcp_settings with_midstream() {
  tcp_settings settings;
  settings.midstream = true;
  return settings;
}
tcp_settings with_async() {
  tcp_settings settings;
  settings.async_oneside = true;
  return settings;
}
} // namespace

BOOST_AUTO_TEST_CASE(three_segments_establish_a_connection) {
  tcp_talk t;
  BOOST_TEST(t.send(to_server, tcp_syn).state_changed);
  BOOST_TEST(to_string(t.session.state()) == "syn_sent");
  BOOST_TEST(t.send(to_client, tcp_syn | tcp_ack).accepted());
  BOOST_TEST(to_string(t.session.state()) == "syn_recv");
  BOOST_TEST(!t.session.is_established());
  const auto outcome = t.send(to_server, tcp_ack);
  BOOST_TEST(outcome.accepted());
  BOOST_TEST(outcome.state_changed);
  BOOST_TEST(outcome.events.empty());
  BOOST_TEST(to_string(t.session.state()) == "established");
  BOOST_TEST(t.session.is_established());
  BOOST_TEST(!t.session.is_midstream());
}

BOOST_AUTO_TEST_CASE(the_third_segment_may_carry_data) {
  tcp_talk t;
  t.send(to_server, tcp_syn);
  t.send(to_client, tcp_syn | tcp_ack);
  t.send(to_server, tcp_ack | tcp_psh, "hello");
  t.send(to_client, tcp_ack);
  BOOST_TEST(t.said(to_server) == "hello");
}

BOOST_AUTO_TEST_CASE(without_midstream_nothing_but_a_syn_opens_a_connection) {
  for (const std::uint8_t flags : {tcp_ack, static_cast<tcp_flag>(tcp_syn | tcp_ack)}) {
    tcp_talk t;
    const auto outcome = t.send(to_server, flags, "data");
    BOOST_TEST((outcome.refused == tcp_refusal::no_session));
    BOOST_TEST((t.session.state() == tcp_state::none));
  }
}

BOOST_AUTO_TEST_CASE(reset_and_fin_never_open_a_connection) {
  tcp_talk t{with_midstream()};
  BOOST_TEST(only(t.send(to_server, tcp_rst), tcp_event::rst_but_no_session));
  BOOST_TEST(only(t.send(to_server, tcp_fin | tcp_ack), tcp_event::fin_but_no_session));
  BOOST_TEST((t.session.state() == tcp_state::none));
}

BOOST_AUTO_TEST_CASE(a_syn_from_the_flows_server_turns_the_flow_round) {
  tcp_talk t;
  BOOST_TEST(t.session.process(t.segment(to_server, tcp_syn), to_client).reversed);
  BOOST_TEST((t.session.state() == tcp_state::syn_sent));
}

BOOST_AUTO_TEST_CASE(a_syn_ack_with_the_wrong_number_is_refused) {
  tcp_talk t;
  t.send(to_server, tcp_syn);
  auto wrong = t.segment(to_client, tcp_syn | tcp_ack);
  wrong.acknowledgement += 7;
  const auto outcome = t.send(to_client, wrong);
  BOOST_TEST((outcome.refused == tcp_refusal::bad_handshake));
  BOOST_TEST(only(outcome, tcp_event::handshake_synack_with_wrong_ack));
  t.send(to_client, tcp_syn | tcp_ack);
  t.send(to_server, tcp_ack);
  BOOST_TEST(t.session.is_established());
}

BOOST_AUTO_TEST_CASE(a_syn_ack_from_the_client_is_refused) {
  tcp_talk t;
  t.send(to_server, tcp_syn);
  BOOST_TEST(only(t.send(to_server, t.segment(to_server, tcp_syn | tcp_ack)),
                  tcp_event::handshake_synack_in_wrong_direction));
  t.send(to_client, tcp_syn | tcp_ack);
  BOOST_TEST(only(t.send(to_server, t.segment(to_server, tcp_syn | tcp_ack)),
                  tcp_event::handshake_synack_toserver_on_syn_recv));
}

BOOST_AUTO_TEST_CASE(the_server_may_answer_any_of_several_syns) {
  tcp_talk t;
  t.send(to_server, tcp_syn);
  auto other = t.segment(to_server, tcp_syn);
  other.sequence = 70'000;
  BOOST_TEST(t.send(to_server, other).accepted());
  t.next_of(to_server) = 70'001;
  BOOST_TEST(t.send(to_client, tcp_syn | tcp_ack).accepted());
  t.send(to_server, tcp_ack, "second");
  t.send(to_client, tcp_ack);
  BOOST_TEST(t.said(to_server) == "second");
}

BOOST_AUTO_TEST_CASE(too_many_different_syns_are_a_flood) {
  tcp_talk t;
  t.send(to_server, tcp_syn);
  for (std::uint32_t i = 0; i < 5; ++i) {
    auto other = t.segment(to_server, tcp_syn);
    other.sequence = 90'000 + i;
    BOOST_TEST(t.send(to_server, other).accepted());
  }
  auto last = t.segment(to_server, tcp_syn);
  last.sequence = 99'999;
  BOOST_TEST(only(t.send(to_server, last), tcp_event::handshake_syn_flood));
}

BOOST_AUTO_TEST_CASE(repeated_segments_of_the_handshake_change_nothing) {
  tcp_talk t;
  const auto syn = t.segment(to_server, tcp_syn);
  t.send(to_server, tcp_syn);
  BOOST_TEST(t.send(to_server, syn).retransmission);
  const auto answer = t.segment(to_client, tcp_syn | tcp_ack);
  t.send(to_client, tcp_syn | tcp_ack);
  BOOST_TEST(t.send(to_server, syn).retransmission);
  BOOST_TEST(t.send(to_client, answer).retransmission);
  t.send(to_server, tcp_ack);
  BOOST_TEST(t.session.is_established());
}

BOOST_AUTO_TEST_CASE(the_client_may_acknowledge_another_syn_ack) {
  tcp_talk t;
  t.send(to_server, tcp_syn);
  t.send(to_client, tcp_syn | tcp_ack);
  auto other = t.segment(to_client, tcp_syn | tcp_ack);
  other.sequence = 80'000;
  BOOST_TEST(only(t.send(to_client, other), tcp_event::handshake_synack_resend_with_diff_seq));
  t.next_of(to_client) = 80'001;
  BOOST_TEST(t.send(to_server, tcp_ack).accepted());
  t.send(to_client, tcp_ack, "mine");
  t.send(to_server, tcp_ack);
  BOOST_TEST(t.said(to_client) == "mine");
}

BOOST_AUTO_TEST_CASE(wrong_numbers_in_the_third_segment_are_refused_by_name) {
  tcp_talk t;
  t.send(to_server, tcp_syn);
  t.send(to_client, tcp_syn | tcp_ack);
  auto wrong_ack = t.segment(to_server, tcp_ack, "evil");
  wrong_ack.acknowledgement -= 500;
  BOOST_TEST(only(t.send(to_server, wrong_ack), tcp_event::handshake_right_seq_wrong_ack_evasion));
  auto wrong_both = wrong_ack;
  wrong_both.sequence -= 500;
  BOOST_TEST(only(t.send(to_server, wrong_both), tcp_event::handshake_wrong_seq_wrong_ack));
  BOOST_TEST(!t.session.is_established());
  BOOST_TEST(t.said(to_server) == "");
}

BOOST_AUTO_TEST_CASE(the_server_cannot_end_the_handshake) {
  tcp_talk t;
  t.send(to_server, tcp_syn);
  t.send(to_client, tcp_syn | tcp_ack);
  BOOST_TEST(only(t.send(to_client, t.segment(to_client, tcp_ack)),
                  tcp_event::handshake_ack_in_wrong_dir));
  BOOST_TEST(!t.session.is_established());
  auto wrong = t.segment(to_client, tcp_ack, "injected");
  wrong.acknowledgement += 90'000;
  BOOST_TEST(only(t.send(to_client, wrong), tcp_event::handshake_ack_data_inject));
  BOOST_TEST(!t.session.is_established());
}

BOOST_AUTO_TEST_CASE(data_of_the_server_shows_that_the_clients_ack_was_missed) {
  tcp_talk t;
  t.send(to_server, tcp_syn);
  t.send(to_client, tcp_syn | tcp_ack);
  BOOST_TEST(t.send(to_client, tcp_ack, "220 hello").accepted());
  BOOST_TEST(t.session.is_established());
  BOOST_TEST(t.said(to_client) == "");
  t.send(to_server, tcp_ack);
  BOOST_TEST(t.said(to_client) == "220 hello");
}

BOOST_AUTO_TEST_CASE(a_server_that_has_data_of_the_client_has_its_ack_too) {
  tcp_talk t;
  t.send(to_server, tcp_syn);
  t.send(to_client, tcp_syn | tcp_ack);
  t.next_of(to_server) += 100; // an ACK with 100 bytes that we missed
  BOOST_TEST(t.send(to_client, tcp_ack, "reply").accepted());
  BOOST_TEST(t.session.is_established());
  t.send(to_server, tcp_ack, "on");
  BOOST_TEST(t.said(to_server) == "<100>");
}

BOOST_AUTO_TEST_CASE(
    a_syn_to_the_client_or_with_another_number_is_refused_while_waiting_for_the_ack) {
  tcp_talk t;
  t.send(to_server, tcp_syn);
  t.send(to_client, tcp_syn | tcp_ack);
  auto syn = t.segment(to_client, tcp_syn);
  BOOST_TEST(only(t.send(to_client, syn), tcp_event::handshake_syn_toclient_on_syn_recv));
  syn = t.segment(to_server, tcp_syn);
  syn.sequence += 1000;
  BOOST_TEST(only(t.send(to_server, syn), tcp_event::handshake_syn_resend_diff_seq_on_syn_recv));
}

BOOST_AUTO_TEST_CASE(both_ends_may_open_at_once) {
  tcp_talk t;
  t.send(to_server, tcp_syn);
  t.send(to_client, tcp_syn);
  auto answer = t.segment(to_server, tcp_syn | tcp_ack);
  answer.sequence = tcp_talk::client_start;
  BOOST_TEST(t.send(to_server, answer).accepted());
  answer = t.segment(to_client, tcp_syn | tcp_ack);
  answer.sequence = tcp_talk::server_start;
  BOOST_TEST(t.send(to_client, answer).accepted());
  t.send(to_server, tcp_ack, "simultaneous");
  t.send(to_client, tcp_ack);
  BOOST_TEST(t.session.is_established());
  BOOST_TEST(t.said(to_server) == "simultaneous");
}

BOOST_AUTO_TEST_CASE(a_split_handshake_is_followed) {
  tcp_talk t; // SYN; ACK and SYN apart; SYN/ACK with the old number; ACK
  t.send(to_server, tcp_syn);
  t.send(to_client, t.segment(to_client, tcp_ack));
  t.send(to_client, tcp_syn);
  auto answer = t.segment(to_server, tcp_syn | tcp_ack);
  answer.sequence = tcp_talk::client_start;
  BOOST_TEST(t.send(to_server, answer).accepted());
  BOOST_TEST(t.send(to_client, tcp_ack).accepted());
  t.send(to_server, tcp_ack, "EVIL");
  t.send(to_client, tcp_ack);
  BOOST_TEST(t.said(to_server) == "EVIL");
}

BOOST_AUTO_TEST_CASE(a_split_handshake_with_wrong_numbers_is_refused) {
  tcp_talk t;
  t.send(to_server, tcp_syn);
  t.send(to_client, tcp_syn);
  BOOST_TEST(only(t.send(to_server, t.segment(to_server, tcp_syn | tcp_ack)),
                  tcp_event::split_handshake_synack_with_wrong_syn));
  auto answer = t.segment(to_server, tcp_syn | tcp_ack);
  answer.sequence = tcp_talk::client_start;
  answer.acknowledgement += 9;
  BOOST_TEST(only(t.send(to_server, answer), tcp_event::split_handshake_synack_with_wrong_ack));
  auto last = t.segment(to_client, tcp_ack);
  last.acknowledgement -= 900;
  BOOST_TEST(only(t.send(to_client, last), tcp_event::split_handshake_invalid_ack));
  last = t.segment(to_client, tcp_ack);
  last.sequence -= 900;
  BOOST_TEST(only(t.send(to_client, last), tcp_event::split_handshake_wrong_seq));
}

BOOST_AUTO_TEST_CASE(data_with_a_fast_open_syn_is_part_of_the_stream) {
  tcp_talk t;
  auto syn = t.segment(to_server, tcp_syn, "GET /");
  syn.fast_open = true;
  BOOST_TEST(t.send(to_server, syn).stream_data);
  t.next_of(to_server) += 6;
  t.send(to_client, tcp_syn | tcp_ack);
  BOOST_TEST(t.said(to_server) == "GET /");
  // The server may answer before the ACK.
  BOOST_TEST(t.send(to_client, tcp_ack, "200").accepted());
  t.send(to_server, tcp_ack, " more");
  t.send(to_client, tcp_ack);
  BOOST_TEST(t.said(to_server) == "GET / more");
  BOOST_TEST(t.said(to_client) == "200");
}

BOOST_AUTO_TEST_CASE(data_with_a_syn_that_the_server_ignores_is_sent_again) {
  tcp_talk t;
  auto syn = t.segment(to_server, tcp_syn, "XXXXX");
  syn.fast_open = true;
  t.send(to_server, syn);
  t.next_of(to_server) += 1;
  BOOST_TEST(
      only(t.send(to_client, tcp_syn | tcp_ack), tcp_event::handshake_synack_tfo_data_ignored));
  t.send(to_server, tcp_ack, "GET /");
  t.send(to_client, tcp_ack);
  BOOST_TEST(t.said(to_server) == "GET /");
}

BOOST_AUTO_TEST_CASE(midstream_takes_any_segment_with_ack) {
  tcp_talk t{with_midstream()};
  t.next = {0xffffff00U, 77};
  BOOST_TEST(t.send(to_server, tcp_ack, "in the middle").accepted());
  BOOST_TEST(t.session.is_midstream());
  BOOST_TEST(t.session.is_established());
  t.send(to_client, tcp_ack, "answer");
  t.send(to_server, tcp_ack);
  BOOST_TEST(t.said(to_server) == "in the middle");
  BOOST_TEST(t.said(to_client) == "answer");
}

BOOST_AUTO_TEST_CASE(midstream_takes_a_syn_ack_and_its_sender_for_the_server) {
  tcp_talk t{with_midstream()};
  const auto answer = t.segment(to_client, tcp_syn | tcp_ack);
  BOOST_TEST(t.session.process(answer, to_server).reversed);
  t.next_of(to_client) += 1;
  BOOST_TEST(t.send(to_client, tcp_ack).accepted());
  BOOST_TEST(t.session.is_established());
  t.send(to_client, tcp_ack, "200 OK");
  BOOST_TEST(t.said(to_client) == ""); // nobody in sight has acknowledged it
  t.finish();
  BOOST_TEST(t.said(to_client) == "200 OK");
}

BOOST_AUTO_TEST_CASE(one_sided_connections_need_no_answer) {
  tcp_talk t{with_async()};
  t.send(to_server, tcp_syn);
  BOOST_TEST(t.send(to_server, tcp_ack).accepted());
  BOOST_TEST(t.session.is_one_sided());
  BOOST_TEST(t.session.is_established());
  BOOST_TEST(t.send(to_server, tcp_ack, "GET /").advanced[0]);
  BOOST_TEST(t.said(to_server) == "GET /");
}

BOOST_AUTO_TEST_CASE(a_one_sided_connection_may_begin_with_the_servers_syn_ack) {
  tcp_talk t{with_async()};
  const auto answer = t.segment(to_client, tcp_syn | tcp_ack);
  BOOST_TEST(t.session.process(answer, to_server).reversed);
  t.next_of(to_client) += 1;
  BOOST_TEST(t.session.is_established());
  t.send(to_client, tcp_ack, "200 OK");
  BOOST_TEST(t.said(to_client) == "200 OK");
}

BOOST_AUTO_TEST_CASE(a_one_sided_stream_gives_up_holes_in_time) {
  tcp_talk t{with_async()};
  t.send(to_server, tcp_syn);
  t.send(to_server, tcp_ack, "before");
  t.next_of(to_server) += 10;
  const std::string block(1000, 'x');
  for (int i = 0; i < 100; ++i)
    t.send(to_server, tcp_ack, block);
  BOOST_TEST(t.said(to_server) == "before");
  for (int i = 0; i < 100; ++i)
    t.send(to_server, tcp_ack, block);
  BOOST_TEST(t.said(to_server).substr(0, 12) == "before<10>xx");
  BOOST_TEST(t.said(to_server).size() == 10 + 200'000U);
}

BOOST_AUTO_TEST_CASE(a_one_sided_connection_with_a_wrong_number_is_refused) {
  tcp_talk t{with_async()};
  t.send(to_server, tcp_syn);
  auto wrong = t.segment(to_server, tcp_ack);
  wrong.sequence += 400;
  BOOST_TEST(only(t.send(to_server, wrong), tcp_event::handshake_async_wrong_seq));
}

BOOST_AUTO_TEST_CASE(a_side_that_appears_late_ends_one_sidedness) {
  tcp_settings settings = with_async();
  settings.midstream = true;
  tcp_talk t{settings};
  t.send(to_server, tcp_ack, "one");
  BOOST_TEST(t.session.is_one_sided());
  BOOST_TEST(t.said(to_server) == "one");
  t.next_of(to_client) += 5000; // much was missed of this side
  t.send(to_client, tcp_ack, "two");
  BOOST_TEST(!t.session.is_one_sided());
  t.send(to_server, tcp_ack);
  BOOST_TEST(t.said(to_client) == "two");
}

BOOST_AUTO_TEST_CASE(a_port_that_answers_with_reset_closes_at_once) {
  tcp_talk t;
  t.send(to_server, tcp_syn);
  auto wrong = t.segment(to_client, tcp_rst | tcp_ack);
  wrong.sequence = 0;
  wrong.acknowledgement += 3;
  BOOST_TEST((t.send(to_client, wrong).refused == tcp_refusal::invalid_reset));
  wrong.acknowledgement -= 3;
  BOOST_TEST(t.send(to_client, wrong).accepted());
  BOOST_TEST((t.session.state() == tcp_state::closed));
  BOOST_TEST(!t.session.is_established());
}

BOOST_AUTO_TEST_SUITE_END()
