#include "detect/flow/tcp_session.hpp"

#include <algorithm>
#include <utility>

// A connection as somebody between its ends sees it. The handshake is in tcp_handshake.cpp, the end
// in tcp_teardown.cpp; here is what happens between the two, for every segment in this order:
//
//   SYN late? -> RST? -> keep-alive? -> timestamp (PAWS) -> acknowledgement -> sequence -> payload,
//   ACK, FIN
//
// A segment that fails a check is refused: the receiver would not have taken it either, so what it
// carries must not reach the stream. But we also miss packets the ends have seen, so limits are
// those of what an end was allowed to send (the furthest window edge it was ever told), not of what
// we saw it send.
namespace cresset::detect::flow {
namespace {

using namespace capture::decode;

/// How the field names one thing in the different states.
struct state_events {
  tcp_event invalid_ack;
  tcp_event out_of_window;
  tcp_event fin_out_of_window;
  tcp_event before_last_ack = tcp_event::est_pkt_before_last_ack;
};

constexpr state_events events_of(tcp_state state) noexcept {
  using e = tcp_event;
  switch (state) {
  case tcp_state::fin_wait1:
    return {e::fin1_invalid_ack, e::fin1_ack_wrong_seq, e::fin1_fin_wrong_seq};
  case tcp_state::fin_wait2:
    return {e::fin2_invalid_ack, e::fin2_ack_wrong_seq, e::fin2_fin_wrong_seq};
  case tcp_state::closing:
    return {e::closing_invalid_ack, e::closing_ack_wrong_seq, e::closing_ack_wrong_seq};
  case tcp_state::close_wait:
    return {e::closewait_invalid_ack, e::closewait_ack_out_of_window,
            e::closewait_fin_out_of_window, e::closewait_pkt_before_last_ack};
  case tcp_state::last_ack:
    return {e::lastack_invalid_ack, e::lastack_ack_wrong_seq, e::lastack_ack_wrong_seq};
  case tcp_state::time_wait:
    return {e::timewait_invalid_ack, e::timewait_ack_wrong_seq, e::timewait_ack_wrong_seq};
  default: return {e::est_invalid_ack, e::est_packet_out_of_window, e::fin_out_of_window};
  }
}

/// How far behind the newest an old segment may lie and still be a late copy.
constexpr std::uint32_t late_reach(std::uint32_t window) noexcept {
  return std::max(window, 0xffffU);
}

} // namespace

std::string_view to_string(tcp_state state) noexcept {
  constexpr std::array<std::string_view, 11> names{
      "none",      "syn_sent", "syn_recv",   "established", "fin_wait1", "fin_wait2",
      "time_wait", "last_ack", "close_wait", "closing",     "closed"};
  return names[static_cast<std::size_t>(state)];
}

std::string_view to_string(tcp_refusal why) noexcept {
  constexpr std::array<std::string_view, tcp_refusal_count> names{
      "none",          "no_session",  "no_memory",         "bad_flags",     "bad_handshake",
      "out_of_window", "invalid_ack", "invalid_timestamp", "invalid_reset", "after_close"};
  return names[static_cast<std::size_t>(why)];
}

tcp_segment tcp_segment::from(const decoded_packet& packet) noexcept {
  const auto& tcp = *packet.tcp;
  return {tcp.sequence,
          tcp.acknowledgement,
          tcp.window,
          tcp.urgent_pointer,
          tcp.flags,
          tcp.options.window_scale,
          tcp.options.timestamp_value,
          tcp.options.fast_open_cookie_bytes.has_value(),
          packet.payload};
}

void tcp_session::open(const tcp_settings& settings, buffer_pool& pool) noexcept {
  close();
  settings_ = &settings;
  pool_ = &pool;
}

void tcp_session::close() noexcept {
  // Not `*this = {}`: the streams keep their vectors for the next connection.
  for (auto& stream : streams_)
    stream.close();
  ends_ = {};
  other_start_count_ = 0;
  state_ = tcp_state::none;
  was_established_ = midstream_ = async_ = fast_open_ = split_handshake_ = reset_ =
      client_finned_first_ = false;
}

tcp_outcome tcp_session::process(const tcp_segment& segment, direction way) noexcept {
  tcp_outcome outcome;
  const bool syn = segment.has(tcp_syn);
  const bool control = segment.has(tcp_syn | tcp_rst);
  if ((syn && segment.has(tcp_fin | tcp_rst)) || (!control && !segment.has(tcp_ack))) {
    outcome.refused = tcp_refusal::bad_flags;
    return outcome;
  }
  if (!segment.has(tcp_ack) && segment.acknowledgement != 0)
    outcome.events.add(tcp_event::pkt_broken_ack);
  switch (state_) {
  case tcp_state::none: begin(segment, way, outcome); break;
  case tcp_state::syn_sent: in_syn_sent(segment, way, outcome); break;
  case tcp_state::syn_recv: in_syn_recv(segment, way, outcome); break;
  case tcp_state::closed: after_close(segment, way, outcome); break;
  default: in_connection(segment, way, outcome); break;
  }
  return outcome;
}

void tcp_session::in_connection(const tcp_segment& segment, direction way,
                                tcp_outcome& outcome) noexcept {
  if (segment.has(tcp_syn))
    return late_syn(segment, way, outcome);
  if (segment.has(tcp_rst))
    return take_reset(segment, way, outcome);
  if (!end(way).seen)
    see_for_the_first_time(segment, way);
  if (!acknowledgement_fits(segment, way, outcome))
    return;
  if (is_keep_alive(segment, way)) {
    outcome.keep_alive = true;
    take_acknowledgement(segment, way, outcome);
    return;
  }
  if (!timestamp_fits(segment, way, outcome) || !sequence_fits(segment, way, outcome))
    return;
  take_payload(segment, way, outcome);
  take_acknowledgement(segment, way, outcome);
  if (segment.has(tcp_fin))
    take_fin(segment, way, outcome);
  advance_teardown(outcome);
}

/// A SYN inside a connection is an old one come late, or an attempt to confuse; never part of it.
void tcp_session::late_syn(const tcp_segment& segment, direction way,
                           tcp_outcome& outcome) noexcept {
  const bool to_server = way == direction::to_server;
  const bool same_start = segment.sequence == end(way).first;
  if (same_start && !to_server && segment.has(tcp_ack) &&
      segment.acknowledgement == end(direction::to_server).first + 1) {
    outcome.retransmission = true; // the server has not seen the last ACK of the handshake
    return;
  }
  outcome.refused = tcp_refusal::bad_handshake;
  if (state_ != tcp_state::established) {
    outcome.events.add(segment.has(tcp_ack) ? tcp_event::shutdown_syn_resend : tcp_event::fin_syn);
  } else if (segment.has(tcp_ack)) {
    if (to_server)
      outcome.events.add(tcp_event::est_synack_toserver);
    else if (segment.acknowledgement != end(direction::to_server).first + 1)
      outcome.events.add(tcp_event::est_synack_resend_with_different_ack);
    else
      outcome.events.add(tcp_event::est_synack_resend_with_diff_seq);
  } else if (!to_server) {
    outcome.events.add(tcp_event::est_syn_toclient);
  } else {
    outcome.events.add(same_start ? tcp_event::est_syn_resend : tcp_event::est_syn_resend_diff_seq);
  }
}

/// The byte before the next one, again or not at all (RFC 9293 section 3.8.4).
bool tcp_session::is_keep_alive(const tcp_segment& segment, direction way) const noexcept {
  const auto& sender = end(way);
  return segment.payload.size() <= 1 && !segment.has(tcp_fin) &&
         segment.sequence + 1 == sender.next && sender.acknowledged == sender.next &&
         sender.next != sender.first + 1;
}

/// PAWS (RFC 7323 section 5.3). Its rule for connections silent for 24 days does not matter: no
/// flow lives as long.
bool tcp_session::timestamp_fits(const tcp_segment& segment, direction way,
                                 tcp_outcome& outcome) noexcept {
  auto& sender = end(way);
  if (!segment.timestamp_value)
    return true;
  if (sender.has_timestamp && sequence_before(*segment.timestamp_value, sender.timestamp)) {
    outcome.refused = tcp_refusal::invalid_timestamp;
    outcome.events.add(tcp_event::pkt_invalid_timestamp);
    return false;
  }
  // Only what the receiver has taken in order moves its clock (RFC 7323 section 4.3). An
  // acknowledgement may have overtaken data on its way to us, so the stream is asked as well.
  const bool in_order = !sequence_after(segment.sequence, sender.acknowledged) &&
                        streams_[index(way)].expects(segment.sequence);
  if (!sender.has_timestamp || in_order) {
    sender.timestamp = *segment.timestamp_value;
    sender.has_timestamp = true;
  }
  return true;
}

bool tcp_session::acknowledgement_fits(const tcp_segment& segment, direction way,
                                       tcp_outcome& outcome) noexcept {
  const auto& other = end(opposite(way));
  if (!other.seen)
    return true;
  const std::uint32_t ack = segment.acknowledgement;
  const std::uint32_t furthest =
      other.has_window ? later_sequence(other.next, other.may_send_to + 1) : other.next;
  const bool too_new = sequence_after(ack, furthest) && other.has_window;
  const bool too_old = sequence_before(ack, other.acknowledged - late_reach(end(way).window));
  if (!too_new && !too_old)
    return true;
  outcome.refused = tcp_refusal::invalid_ack;
  outcome.events.add(tcp_event::pkt_invalid_ack);
  outcome.events.add(segment.has(tcp_fin) && state_ == tcp_state::established
                         ? tcp_event::fin_invalid_ack
                         : events_of(state_).invalid_ack);
  return false;
}

bool tcp_session::sequence_fits(const tcp_segment& segment, direction way,
                                tcp_outcome& outcome) noexcept {
  const auto& sender = end(way);
  const auto names = events_of(state_);
  const std::uint32_t behind = segment.payload_end();
  const bool probe = segment.payload.size() == 1 && segment.sequence == sender.may_send_to;
  const bool too_new = sender.has_window && sequence_after(behind, sender.may_send_to) && !probe;
  const bool behind_fin =
      sender.finned && sequence_after(behind, sender.fin + (segment.payload.empty() ? 1 : 0));
  const std::uint32_t reach = late_reach(end(opposite(way)).window);
  const bool too_old = sequence_before(behind, sender.acknowledged - reach);
  // A FIN before what was sent already; one late copy of a FIN that we missed is none.
  const bool fin_misplaced =
      segment.has(tcp_fin) && !sender.finned && sequence_before(behind + 1, sender.next);
  if (too_new || behind_fin || too_old || fin_misplaced) {
    outcome.refused = tcp_refusal::out_of_window;
    if (segment.has(tcp_fin) && !behind_fin)
      outcome.events.add(names.fin_out_of_window);
    else if (too_old)
      outcome.events.add(names.before_last_ack);
    else if (too_new)
      outcome.events.add(names.out_of_window);
    return false;
  }
  if (segment.payload.empty() || sequence_after(behind, sender.next))
    return true;
  if (sequence_after(behind, sender.acknowledged))
    return true;
  outcome.retransmission = true;
  // Spurious is what we have read, too; what fills a hole of ours is an ordinary one.
  const auto& stream = streams_[index(way)];
  const auto read_to = sender.first + 1 + static_cast<std::uint32_t>(stream.frontier());
  const bool fills_hole = stream.wants_bytes() && sequence_after(behind, read_to);
  outcome.events.add(!fills_hole ? tcp_event::pkt_spurious_retransmission
                                 : tcp_event::pkt_retransmission);
  return true;
}

void tcp_session::take_payload(const tcp_segment& segment, direction way,
                               tcp_outcome& outcome) noexcept {
  auto& sender = end(way);
  if (segment.payload.empty())
    return;
  auto& stream = streams_[index(way)];
  const auto gaps = stream.confirmed_gaps();
  const auto edge = stream.edge();
  const bool had_depth = stream.depth_reached();
  const auto inserted = insert_payload(segment, stream);
  sender.next = later_sequence(sender.next, segment.payload_end());
  outcome.stream_data |= inserted.added_bytes != 0;
  outcome.stream_bytes += inserted.added_bytes;
  outcome.refused_bytes += inserted.refused_bytes;
  outcome.retransmission |= inserted.added_bytes == 0 && inserted.overlapped;
  if (inserted.differed)
    outcome.events.add(tcp_event::reassembly_overlap_different_data);
  if (async_) { // nobody in sight acknowledges: bytes count as they come, holes are given up in
                // time
    stream.release_contiguous();
    stream.acknowledge(segment.payload_end() - one_sided_patience_bytes);
  }
  note_gaps(stream, gaps, had_depth, outcome);
  // What was acknowledged before it came counts at once, as all does inline.
  note_advance(way, stream.edge() != edge || stream.confirmed_gaps() != gaps, outcome);
}

void tcp_session::note_gaps(const tcp_reassembly& stream, std::uint32_t gaps_before, bool had_depth,
                            tcp_outcome& outcome) noexcept {
  outcome.gaps += stream.confirmed_gaps() - gaps_before;
  if (stream.confirmed_gaps() != gaps_before)
    outcome.events.add(tcp_event::reassembly_seq_gap);
  if (!had_depth && stream.depth_reached())
    outcome.events.add(tcp_event::reassembly_depth_reached);
}

/// An urgent byte is read beside the stream by most receivers (RFC 6093 section 2), so it must not
/// stand in it. Only in order: where the byte belongs cannot be told otherwise.
insert_outcome tcp_session::insert_payload(const tcp_segment& segment,
                                           tcp_reassembly& stream) noexcept {
  const std::size_t upto = segment.urgent_pointer;
  if (!settings_->urgent_out_of_band || !segment.has(tcp_urg) || upto == 0 ||
      upto > segment.payload.size() || !stream.expects(segment.sequence))
    return stream.insert(segment.sequence, segment.payload);
  auto before = stream.insert(segment.sequence, segment.payload.first(upto - 1));
  const auto urgent = segment.sequence + static_cast<std::uint32_t>(upto) - 1;
  if (!stream.skip(urgent))
    return before;
  const auto after = stream.insert(urgent + 1, segment.payload.subspan(upto));
  before.added_bytes += after.added_bytes;
  before.refused_bytes += after.refused_bytes;
  before.overlapped |= after.overlapped;
  before.differed |= after.differed;
  return before;
}

void tcp_session::take_acknowledgement(const tcp_segment& segment, direction way,
                                       tcp_outcome& outcome) noexcept {
  auto& sender = end(way);
  auto& other = end(opposite(way));
  const std::uint32_t ack = segment.acknowledgement;
  other.acknowledged = later_sequence(other.acknowledged, ack);
  other.next = later_sequence(other.next, ack);
  sender.window = static_cast<std::uint32_t>(segment.window) << sender.scale;
  const std::uint32_t allowed = ack + sender.window;
  other.may_send_to = other.has_window ? later_sequence(other.may_send_to, allowed) : allowed;
  other.has_window = true;
  if (other.finned && sequence_after(ack, other.fin))
    other.fin_acknowledged = true;
  if (!other.seen)
    return;
  auto& stream = streams_[index(opposite(way))];
  const auto gaps = stream.confirmed_gaps();
  const bool had_depth = stream.depth_reached();
  note_advance(opposite(way), stream.acknowledge(ack), outcome);
  note_gaps(stream, gaps, had_depth, outcome);
}

/// An end that had been silent, or invisible, speaks: its stream begins here, whatever the other
/// end acknowledged.
void tcp_session::see_for_the_first_time(const tcp_segment& segment, direction way) noexcept {
  auto& sender = end(way);
  sender.seen = true;
  sender.first = segment.sequence - 1;
  sender.next = later_sequence(sender.next, segment.sequence);
  sender.acknowledged = segment.sequence;
  auto& stream = streams_[index(way)];
  stream.close();
  stream.open(settings_->reassembly, *pool_, segment.sequence);
  async_ = false;
}

void tcp_session::note_advance(direction way, bool advanced, tcp_outcome& outcome) noexcept {
  outcome.advanced[index(way)] |= advanced;
}

void tcp_session::enter(tcp_state state, tcp_outcome& outcome) noexcept {
  outcome.state_changed |= state != state_;
  was_established_ |= state == tcp_state::established;
  state_ = state;
}

void tcp_session::finish() noexcept {
  for (auto& stream : streams_)
    stream.finish();
}

void tcp_session::swap_sides() noexcept {
  std::swap(ends_[0], ends_[1]);
  std::swap(streams_[0], streams_[1]);
  client_finned_first_ = !client_finned_first_;
  reset_way_ = opposite(reset_way_);
  tcp_outcome unused;
  if (state_ != tcp_state::closed)
    advance_teardown(unused);
}

} // namespace cresset::detect::flow
