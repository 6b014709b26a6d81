#include "detect/flow/tcp_session.hpp"

// How a connection ends. With FIN, each end for itself (RFC 9293 section 3.6); the state follows
// from who has sent a FIN, who was first, and what was acknowledged, and is named as the server
// would name its own:
//
//   FIN of the server only       fin_wait1, once acknowledged fin_wait2
//   FIN of the client only       close_wait
//   both, the client's first     last_ack, once the server's is acknowledged closed
//   both, the server's first     closing, once the server's is acknowledged time_wait, once both
//   are closed
//
// With RST, at once, if the receiver would believe it: its number must lie in the window (RFC 9293
// section 3.10.7.4). Real ends are stricter and ask back (RFC 5961 section 3); an RST inside the
// window but not at its edge is believed here, because we may have missed what came between.
namespace cresset::detect::flow {
namespace {

using namespace capture::decode;
constexpr auto to_server = direction::to_server;
constexpr auto to_client = direction::to_client;

} // namespace

bool tcp_session::reset_fits(const tcp_segment& segment, direction way) const noexcept {
  const auto& sender = end(way);
  const auto& other = end(opposite(way));
  const bool ack_in_reach =
      !sequence_before(segment.acknowledgement, other.first) &&
      (!other.has_window ||
       !sequence_after(segment.acknowledgement, later_sequence(other.next, other.may_send_to + 1)));
  if (state_ == tcp_state::syn_sent && way == to_client)
    return segment.has(tcp_ack) && sequence_after(segment.acknowledgement, other.first) &&
           !sequence_after(segment.acknowledgement, other.next);
  if (segment.has(tcp_ack) && other.seen && segment.acknowledgement != 0 && !ack_in_reach)
    return false;
  if (!sender.seen)
    return true;
  const auto last =
      sender.has_window ? later_sequence(sender.next, sender.may_send_to) : sender.next;
  if (sender.finned && segment.sequence == sender.fin) // some send it with the number of their FIN
    return true;
  if (state_ == tcp_state::syn_sent && segment.sequence == sender.first)
    return true;
  return !sequence_before(segment.sequence, sender.acknowledged) &&
         !sequence_after(segment.sequence, last);
}

void tcp_session::take_reset(const tcp_segment& segment, direction way,
                             tcp_outcome& outcome) noexcept {
  if (!reset_fits(segment, way)) {
    outcome.refused = tcp_refusal::invalid_reset;
    if (state_ == tcp_state::syn_sent || state_ == tcp_state::established)
      outcome.events.add(tcp_event::rst_invalid_ack);
    return;
  }
  if (segment.has(tcp_ack) && segment.acknowledgement != 0 && end(opposite(way)).seen)
    note_advance(opposite(way), streams_[index(opposite(way))].acknowledge(segment.acknowledgement),
                 outcome);
  // What lies behind a hole waits for the end of the flow: it may still be filled.
  for (const auto each : {to_server, to_client})
    note_advance(each, streams_[index(each)].release_contiguous(), outcome);
  reset_ = true;
  reset_way_ = way;
  enter(tcp_state::closed, outcome);
}

void tcp_session::take_fin(const tcp_segment& segment, direction way,
                           tcp_outcome& outcome) noexcept {
  auto& sender = end(way);
  const std::uint32_t at = segment.payload_end();
  if (sender.finned) {
    if (at != sender.fin)
      outcome.events.add(state_ == tcp_state::fin_wait2 ? tcp_event::fin2_fin_wrong_seq
                                                        : tcp_event::fin1_fin_wrong_seq);
    else
      outcome.retransmission = true;
    return;
  }
  sender.finned = true;
  sender.fin = at;
  sender.next = later_sequence(sender.next, at + 1);
  if (!end(opposite(way)).finned)
    client_finned_first_ = way == to_server;
  auto& stream = streams_[index(way)];
  const bool has_ended = stream.set_end(at);
  note_advance(way, (async_ && stream.release_contiguous()) || has_ended, outcome);
}

void tcp_session::advance_teardown(tcp_outcome& outcome) noexcept {
  const auto& client = end(to_server);
  const auto& server = end(to_client);
  if (client.finned && server.finned) {
    if (client_finned_first_)
      enter(server.fin_acknowledged ? tcp_state::closed : tcp_state::last_ack, outcome);
    else if (server.fin_acknowledged)
      enter(client.fin_acknowledged ? tcp_state::closed : tcp_state::time_wait, outcome);
    else
      enter(tcp_state::closing, outcome);
  } else if (client.finned) {
    enter(tcp_state::close_wait, outcome);
  } else if (server.finned) {
    enter(server.fin_acknowledged ? tcp_state::fin_wait2 : tcp_state::fin_wait1, outcome);
  }
}

/// Late copies and last acknowledgements, refused without a word. But who goes on sending after its
/// own RST has probably not sent that RST: the connection stands, and is followed again.
void tcp_session::after_close(const tcp_segment& segment, direction way,
                              tcp_outcome& outcome) noexcept {
  outcome.refused = tcp_refusal::after_close;
  if (segment.has(tcp_syn))
    outcome.events.add(tcp_event::shutdown_syn_resend);
  else if (reset_ && was_established_ && way == reset_way_ && !segment.has(tcp_rst) &&
           !segment.payload.empty() && segment.sequence == end(way).next) {
    outcome.events.add(tcp_event::suspected_rst_inject);
    outcome.refused = tcp_refusal::none;
    reset_ = false;
    enter(tcp_state::established, outcome);
    in_connection(segment, way, outcome);
  }
}

} // namespace cresset::detect::flow
