#include "detect/flow/tcp_session.hpp"

#include "tests/detect/flow/tcp_talk.hpp"

#include <boost/test/unit_test.hpp>

#include <random>

using namespace cresset;
using namespace cresset::detect::flow;
using namespace cresset::detect::flow::test;

BOOST_AUTO_TEST_SUITE(tcp_session_test)

BOOST_AUTO_TEST_CASE(a_conversation_is_read_in_both_directions) {
  tcp_talk t;
  t.shake_hands();
  BOOST_TEST(t.send(to_server, tcp_ack | tcp_psh, "GET / HTTP/1.0\r\n\r\n").stream_data);
  const auto reply = t.send(to_client, tcp_ack, "HTTP/1.0 200 OK\r\n");
  BOOST_TEST(reply.advanced[0]);
  BOOST_TEST(!reply.advanced[1]);
  t.send(to_client, tcp_ack, "\r\n");
  t.send(to_server, tcp_ack);
  BOOST_TEST(t.said(to_server) == "GET / HTTP/1.0\r\n\r\n");
  BOOST_TEST(t.said(to_client) == "HTTP/1.0 200 OK\r\n\r\n");
}

BOOST_AUTO_TEST_CASE(the_decoded_packet_becomes_a_segment) {
  decoded_packet packet;
  packet.tcp = tcp_fields{};
  packet.tcp->sequence = 7;
  packet.tcp->acknowledgement = 8;
  packet.tcp->window = 9;
  packet.tcp->flags = tcp_ack;
  packet.tcp->options.window_scale = 3;
  packet.tcp->options.timestamp_value = 11;
  packet.tcp->options.fast_open_cookie_bytes = std::uint8_t{8};
  packet.payload = as_bytes("abc");
  const auto segment = tcp_segment::from(packet);
  BOOST_TEST(segment.sequence == 7U);
  BOOST_TEST(segment.acknowledgement == 8U);
  BOOST_TEST(segment.window == 9U);
  BOOST_TEST(segment.has(tcp_ack));
  BOOST_TEST(*segment.window_scale == 3);
  BOOST_TEST(*segment.timestamp_value == 11U);
  BOOST_TEST(segment.fast_open);
  BOOST_TEST(segment.payload_end() == 10U);
}

BOOST_AUTO_TEST_CASE(flags_that_no_end_sends_are_refused) {
  tcp_talk t;
  t.shake_hands();
  for (const unsigned flags :
       {0U, static_cast<unsigned>(tcp_syn | tcp_fin), static_cast<unsigned>(tcp_syn | tcp_rst),
        static_cast<unsigned>(tcp_fin | tcp_psh | tcp_urg), static_cast<unsigned>(tcp_psh)}) {
    auto odd = t.segment(to_server, static_cast<std::uint8_t>(flags), "data");
    BOOST_TEST((t.send(to_server, odd).refused == tcp_refusal::bad_flags));
  }
  t.send(to_client, tcp_ack);
  BOOST_TEST(t.said(to_server) == "");
}

BOOST_AUTO_TEST_CASE(data_outside_the_window_never_enters_the_stream) {
  tcp_talk t;
  t.shake_hands();
  auto far = t.segment(to_server, tcp_ack, "far away");
  far.sequence += 9000; // the window is 8000
  const auto outcome = t.send(to_server, far);
  BOOST_TEST((outcome.refused == tcp_refusal::out_of_window));
  BOOST_TEST(only(outcome, tcp_event::est_packet_out_of_window));
  auto old = t.segment(to_server, tcp_ack, "long ago");
  old.sequence -= 100'000;
  BOOST_TEST(only(t.send(to_server, old), tcp_event::est_pkt_before_last_ack));
  BOOST_TEST(t.send(to_server, tcp_ack, "here").accepted());
  t.send(to_client, tcp_ack);
  BOOST_TEST(t.said(to_server) == "here");
}

BOOST_AUTO_TEST_CASE(windows_are_scaled_when_both_ends_offer_it) {
  for (const bool both : {true, false}) {
    tcp_talk t;
    auto syn = t.segment(to_server, tcp_syn);
    syn.window_scale = 4;
    t.next_of(to_server) += 1;
    t.send(to_server, syn);
    auto answer = t.segment(to_client, tcp_syn | tcp_ack);
    if (both)
      answer.window_scale = 4;
    t.next_of(to_client) += 1;
    t.send(to_client, answer);
    t.send(to_server, tcp_ack);
    t.send(to_client, tcp_ack);
    auto far = t.segment(to_server, tcp_ack, "within 128,000");
    far.sequence += 100'000;
    BOOST_TEST(t.send(to_server, far).accepted() == both);
  }
}

BOOST_AUTO_TEST_CASE(an_acknowledgement_of_what_was_never_allowed_is_refused) {
  tcp_talk t;
  t.shake_hands();
  t.send(to_server, tcp_ack, "data");
  auto wrong = t.segment(to_client, tcp_ack, "lies");
  wrong.acknowledgement += 20'000;
  const auto outcome = t.send(to_client, wrong);
  BOOST_TEST((outcome.refused == tcp_refusal::invalid_ack));
  BOOST_TEST(outcome.events.has(tcp_event::pkt_invalid_ack));
  BOOST_TEST(outcome.events.has(tcp_event::est_invalid_ack));
  wrong.acknowledgement -= 200'000;
  BOOST_TEST((t.send(to_client, wrong).refused == tcp_refusal::invalid_ack));
  BOOST_TEST(t.said(to_server) == "");
  t.send(to_client, tcp_ack);
  BOOST_TEST(t.said(to_server) == "data");
  BOOST_TEST(t.said(to_client) == "");
}

BOOST_AUTO_TEST_CASE(missed_data_shows_as_a_gap_with_the_next_segment_behind_it) {
  tcp_talk t;
  t.shake_hands();
  t.next_of(to_server) += 30;
  BOOST_TEST(t.send(to_client, tcp_ack).events.empty());
  const auto outcome = t.send(to_server, tcp_ack, "on");
  BOOST_TEST(outcome.accepted());
  BOOST_TEST(only(outcome, tcp_event::reassembly_seq_gap));
  BOOST_TEST(outcome.gaps == 1U);
  BOOST_TEST(outcome.advanced[0]);
  t.send(to_client, tcp_ack);
  BOOST_TEST(t.said(to_server) == "<30>on");
}

BOOST_AUTO_TEST_CASE(data_that_was_acknowledged_before_it_came_counts_at_once) {
  tcp_talk t;
  t.shake_hands();
  const auto late = t.segment(to_server, tcp_ack, "late");
  t.next_of(to_server) += 4;
  t.send(to_client, tcp_ack);
  BOOST_TEST(t.send(to_server, late).advanced[0]);
  BOOST_TEST(t.said(to_server) == "late");
}

BOOST_AUTO_TEST_CASE(retransmissions_are_told_and_named_when_they_were_acknowledged) {
  tcp_talk t;
  t.shake_hands();
  const auto first = t.segment(to_server, tcp_ack, "once");
  t.send(to_server, tcp_ack, "once");
  auto again = t.send(to_server, first);
  BOOST_TEST(again.retransmission);
  BOOST_TEST(again.accepted());
  BOOST_TEST(again.events.empty());
  t.send(to_client, tcp_ack);
  again = t.send(to_server, first);
  BOOST_TEST(again.retransmission);
  BOOST_TEST(only(again, tcp_event::pkt_spurious_retransmission));
  BOOST_TEST(t.said(to_server) == "once");
}

BOOST_AUTO_TEST_CASE(a_retransmission_with_other_data_is_seen_and_the_first_stays) {
  tcp_talk t;
  t.shake_hands();
  auto other = t.segment(to_server, tcp_ack, "EVIL");
  t.send(to_server, tcp_ack, "good");
  BOOST_TEST(t.send(to_server, other).events.has(tcp_event::reassembly_overlap_different_data));
  t.send(to_client, tcp_ack);
  BOOST_TEST(t.said(to_server) == "good");
}

BOOST_AUTO_TEST_CASE(keep_alives_are_no_data) {
  tcp_talk t;
  t.shake_hands();
  t.send(to_server, tcp_ack, "data");
  t.send(to_client, tcp_ack);
  auto probe = t.segment(to_server, tcp_ack, std::string_view{"\0", 1});
  probe.sequence -= 1;
  const auto outcome = t.send(to_server, probe);
  BOOST_TEST(outcome.keep_alive);
  BOOST_TEST(outcome.events.empty());
  probe.payload = {};
  BOOST_TEST(t.send(to_server, probe).keep_alive);
  BOOST_TEST(t.said(to_server) == "data");
}

BOOST_AUTO_TEST_CASE(a_probe_of_a_closed_window_is_taken) {
  tcp_talk t;
  t.shake_hands();
  t.send(to_server, tcp_ack, std::string(8000, 'x')); // all the window there is
  auto closed = t.segment(to_client, tcp_ack);
  closed.window = 0;
  t.send(to_client, closed);
  BOOST_TEST(t.send(to_server, tcp_ack, "p").accepted());
  auto more = t.segment(to_server, tcp_ack, "not a probe");
  BOOST_TEST((t.send(to_server, more).refused == tcp_refusal::out_of_window));
}

BOOST_AUTO_TEST_CASE(timestamps_that_run_backwards_are_refused) {
  tcp_talk t;
  auto syn = t.segment(to_server, tcp_syn);
  syn.timestamp_value = 0xfffffff0;
  t.next_of(to_server) += 1;
  t.send(to_server, syn);
  t.send(to_client, tcp_syn | tcp_ack);
  auto sent = t.segment(to_server, tcp_ack, "new");
  sent.timestamp_value = 5; // behind, on the circle
  BOOST_TEST(t.send(to_server, sent).accepted());
  t.next_of(to_server) += 3;
  t.send(to_client, tcp_ack);
  sent = t.segment(to_server, tcp_ack, "old");
  sent.timestamp_value = 0xfffffff8;
  const auto outcome = t.send(to_server, sent);
  BOOST_TEST((outcome.refused == tcp_refusal::invalid_timestamp));
  BOOST_TEST(only(outcome, tcp_event::pkt_invalid_timestamp));
}

BOOST_AUTO_TEST_CASE(segments_that_overtake_each_other_keep_their_timestamps) {
  tcp_talk t;
  auto syn = t.segment(to_server, tcp_syn);
  syn.timestamp_value = 10;
  t.next_of(to_server) += 1;
  t.send(to_server, syn);
  t.send(to_client, tcp_syn | tcp_ack);
  t.send(to_server, tcp_ack);
  auto second = t.segment(to_server, tcp_ack, "second");
  second.sequence += 5;
  second.timestamp_value = 30;
  auto first = t.segment(to_server, tcp_ack, "first");
  first.timestamp_value = 20;
  BOOST_TEST(t.send(to_server, second).accepted());
  BOOST_TEST(t.send(to_server, first).accepted());
  t.next_of(to_server) += 11;
  t.send(to_client, tcp_ack);
  BOOST_TEST(t.said(to_server) == "firstsecond");
}

BOOST_AUTO_TEST_CASE(late_syns_are_refused_by_name) {
  tcp_talk t;
  t.shake_hands();
  auto syn = t.segment(to_server, tcp_syn);
  BOOST_TEST(only(t.send(to_server, syn), tcp_event::est_syn_resend_diff_seq));
  syn.sequence = tcp_talk::client_start;
  BOOST_TEST(only(t.send(to_server, syn), tcp_event::est_syn_resend));
  BOOST_TEST(only(t.send(to_client, t.segment(to_client, tcp_syn)), tcp_event::est_syn_toclient));
  auto answer = t.segment(to_client, tcp_syn | tcp_ack);
  BOOST_TEST(only(t.send(to_client, answer), tcp_event::est_synack_resend_with_diff_seq));
  answer.sequence = tcp_talk::server_start;
  BOOST_TEST(t.send(to_client, answer).retransmission); // the last ACK was lost on its way
  answer.acknowledgement += 1;
  BOOST_TEST(only(t.send(to_client, answer), tcp_event::est_synack_resend_with_different_ack));
  BOOST_TEST(only(t.send(to_server, t.segment(to_server, tcp_syn | tcp_ack)),
                  tcp_event::est_synack_toserver));
  BOOST_TEST((t.session.state() == tcp_state::established));
}

BOOST_AUTO_TEST_CASE(an_urgent_byte_stands_beside_the_stream) {
  tcp_talk t;
  t.shake_hands();
  t.send(to_server, tcp_ack, "GET /mal");
  auto urgent = t.segment(to_server, tcp_ack | tcp_urg, "X");
  urgent.urgent_pointer = 1;
  t.send(to_server, urgent);
  t.next_of(to_server) += 1;
  t.send(to_client, tcp_ack);
  t.send(to_server, tcp_ack, "icious");
  t.send(to_client, tcp_ack);
  BOOST_TEST(t.said(to_server) == "GET /malicious");
  BOOST_TEST(t.session.stream(to_server).gap_bytes() == 0U);
}

BOOST_AUTO_TEST_CASE(an_urgent_byte_in_the_middle_is_cut_out_and_earlier_data_can_be_sent_again) {
  tcp_talk t;
  t.shake_hands();
  const auto first = t.segment(to_server, tcp_ack, "ab");
  t.send(to_server, tcp_ack, "ab");
  auto urgent = t.segment(to_server, tcp_ack | tcp_urg, "cXd");
  urgent.urgent_pointer = 2;
  t.send(to_server, urgent);
  t.next_of(to_server) += 3;
  BOOST_TEST(!t.send(to_server, first).events.has(tcp_event::reassembly_overlap_different_data));
  t.send(to_client, tcp_ack);
  BOOST_TEST(t.said(to_server) == "abcd");
}

BOOST_AUTO_TEST_CASE(an_urgent_byte_may_be_part_of_the_stream) {
  tcp_settings settings;
  settings.urgent_out_of_band = false;
  tcp_talk t{settings};
  t.shake_hands();
  auto urgent = t.segment(to_server, tcp_ack | tcp_urg, "abX");
  urgent.urgent_pointer = 3;
  t.send(to_server, urgent);
  t.next_of(to_server) += 3;
  t.send(to_client, tcp_ack);
  BOOST_TEST(t.said(to_server) == "abX");
}

BOOST_AUTO_TEST_CASE(reaching_the_depth_is_an_event_once) {
  tcp_settings settings;
  settings.reassembly.depth_bytes = 6;
  tcp_talk t{settings};
  t.shake_hands();
  BOOST_TEST(t.send(to_server, tcp_ack, "0123").events.empty());
  BOOST_TEST(only(t.send(to_server, tcp_ack, "4567"), tcp_event::reassembly_depth_reached));
  BOOST_TEST(t.send(to_server, tcp_ack, "89").events.empty());
  BOOST_TEST(t.send(to_client, tcp_ack).events.empty());
  BOOST_TEST(t.said(to_server) == "012345");
}

BOOST_AUTO_TEST_CASE(inline_data_counts_as_it_arrives) {
  tcp_settings settings;
  settings.reassembly.inline_mode = true;
  tcp_talk t{settings};
  t.shake_hands();
  BOOST_TEST(t.send(to_server, tcp_ack, "now").advanced[0]);
  BOOST_TEST(t.said(to_server) == "now");
}

BOOST_AUTO_TEST_CASE(sides_can_be_swapped_in_the_middle) {
  tcp_settings settings;
  settings.midstream = true;
  tcp_talk t{settings};
  t.send(to_server, tcp_ack, "HTTP/1.1 200 OK");
  t.session.swap_sides();
  std::swap(t.next[0], t.next[1]);
  t.send(to_server, tcp_ack, "GET /");
  t.send(to_client, tcp_fin | tcp_ack);
  BOOST_TEST(t.said(to_client) == "HTTP/1.1 200 OK");
  BOOST_TEST(t.said(to_server) == "GET /");
  BOOST_TEST(to_string(t.session.state()) == "fin_wait1");
  t.session.swap_sides();
  BOOST_TEST(to_string(t.session.state()) == "close_wait");
}

BOOST_AUTO_TEST_CASE(numbers_may_wrap_in_the_middle_of_everything) {
  tcp_talk t;
  t.next = {0xfffffffeU, 0xffffffffU};
  t.shake_hands();
  t.send(to_server, tcp_ack, "over the edge");
  t.send(to_client, tcp_ack, "of the circle");
  t.send(to_server, tcp_fin | tcp_ack);
  t.send(to_client, tcp_fin | tcp_ack);
  t.send(to_server, tcp_ack);
  BOOST_TEST(t.said(to_server) == "over the edge");
  BOOST_TEST(t.said(to_client) == "of the circle");
  BOOST_TEST((t.session.state() == tcp_state::closed));
}

BOOST_AUTO_TEST_CASE(a_conversation_shuffled_within_its_windows_is_read_the_same) {
  std::mt19937 random{99};
  for (int round = 0; round < 60; ++round) {
    tcp_talk t;
    t.next = {static_cast<std::uint32_t>(random()), static_cast<std::uint32_t>(random())};
    t.shake_hands();
    std::string expected;
    for (int flight = 0; flight < 10; ++flight) {
      std::vector<tcp_segment> segments;
      std::vector<std::string> texts(1 + random() % 6);
      for (auto& text : texts) {
        text.assign(1 + random() % 1000, static_cast<char>('a' + random() % 26));
        expected += text;
        segments.push_back(t.segment(to_server, tcp_ack, text));
        t.next_of(to_server) += static_cast<std::uint32_t>(text.size());
      }
      segments.push_back(segments[random() % segments.size()]); // one comes twice
      std::shuffle(segments.begin(), segments.end(), random);
      for (const auto& segment : segments)
        BOOST_TEST(t.send(to_server, segment).accepted());
      t.send(to_client, tcp_ack);
    }
    BOOST_TEST((t.said(to_server) == expected), "round " << round);
  }
}

BOOST_AUTO_TEST_CASE(a_closed_session_can_be_opened_anew) {
  tcp_talk t;
  t.shake_hands();
  t.send(to_server, tcp_ack, "old");
  t.session.close();
  BOOST_TEST(t.pool.lent_bytes() == 0U);
  t.session.open(t.settings, t.pool);
  BOOST_TEST((t.session.state() == tcp_state::none));
  t.next = {100, 200};
  t.shake_hands();
  t.send(to_server, tcp_ack, "new");
  t.send(to_client, tcp_ack);
  BOOST_TEST(t.said(to_server) == "new");
}

BOOST_AUTO_TEST_SUITE_END()
