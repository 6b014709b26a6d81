#include "detect/flow/tcp_session.hpp"

#include <algorithm>

// How a connection begins (RFC 9293 section 3.5), and how else we may come to know of one:
//
//   SYN, SYN/ACK, ACK           the common way; SYNs may carry data (RFC 7413), each may be
//   repeated SYN from both ends          simultaneous open, or a split handshake: the server
//   answers with ACK and SYN apart SYN/ACK first               midstream: we missed the SYN; its
//   sender is the server SYN, then ACK of the same   one side is never seen (async-oneside), or its
//   answer was missed (midstream) anything with ACK           midstream: taken as it comes, its
//   sender for the client
//
// Several SYNs or SYN/ACKs with different numbers may be in flight; one of them is answered in the
// end. The others are remembered, up to a limit, so that who injects a wrong one cannot make us
// lose the connection.
namespace cresset::detect::flow {
namespace {

using namespace capture::decode;
constexpr auto to_server = direction::to_server;
constexpr auto to_client = direction::to_client;

bool lies_between(std::uint32_t first, std::uint32_t number, std::uint32_t last) noexcept {
  return !sequence_before(number, first) && !sequence_after(number, last);
}

void refuse(tcp_outcome& outcome, tcp_event event) noexcept {
  outcome.refused = tcp_refusal::bad_handshake;
  outcome.events.add(event);
}

} // namespace

void tcp_session::begin(const tcp_segment& segment, direction way, tcp_outcome& outcome) noexcept {
  if (segment.has(tcp_rst) || segment.has(tcp_fin)) {
    outcome.refused = tcp_refusal::no_session;
    outcome.events.add(segment.has(tcp_rst) ? tcp_event::rst_but_no_session
                                            : tcp_event::fin_but_no_session);
  } else if (segment.has(tcp_syn) && !segment.has(tcp_ack)) {
    outcome.reversed = way == to_client;
    begin_with_syn(segment, outcome);
  } else if (!settings_->midstream && !(settings_->async_oneside && segment.has(tcp_syn))) {
    outcome.refused = tcp_refusal::no_session;
  } else if (segment.has(tcp_syn)) {
    outcome.reversed = way == to_server;
    begin_with_syn_ack(segment, outcome);
  } else {
    begin_midstream(segment, way, outcome);
  }
}

/// What a SYN or SYN/ACK tells of its sender, whose stream begins behind it.
void tcp_session::take_start(const tcp_segment& segment, direction way) noexcept {
  auto& sender = end(way);
  sender = {};
  sender.seen = true;
  sender.first = segment.sequence;
  sender.next = sender.acknowledged = segment.sequence + 1;
  sender.window = segment.window; // never scaled in a SYN (RFC 7323 section 2.2)
  sender.offers_scale = segment.window_scale.has_value();
  sender.scale = std::min(segment.window_scale.value_or(0), largest_scale);
  sender.has_timestamp = segment.timestamp_value.has_value();
  sender.timestamp = segment.timestamp_value.value_or(0);
  auto& stream = streams_[index(way)];
  stream.close();
  stream.open(settings_->reassembly, *pool_, segment.sequence + 1);
}

/// Data on a SYN stands behind the SYN's own number.
void tcp_session::take_start_payload(const tcp_segment& segment, direction way,
                                     tcp_outcome& outcome) noexcept {
  tcp_segment data = segment;
  data.sequence += 1;
  take_payload(data, way, outcome);
}

void tcp_session::begin_with_syn(const tcp_segment& segment, tcp_outcome& outcome) noexcept {
  take_start(segment, to_server);
  fast_open_ = segment.fast_open && !segment.payload.empty();
  take_start_payload(segment, to_server, outcome);
  enter(tcp_state::syn_sent, outcome);
}

void tcp_session::begin_with_syn_ack(const tcp_segment& segment, tcp_outcome& outcome) noexcept {
  midstream_ = true;
  take_start(segment, to_client);
  expect_end(segment, to_server);
  take_start_payload(segment, to_client, outcome);
  // nobody in sight may be there to answer it
  async_ = settings_->async_oneside;
  enter(async_ ? tcp_state::established : tcp_state::syn_recv, outcome);
}

/// Nothing was seen of the end `way`; what the other end's `segment` acknowledges tells where it
/// is. Windows may have been scaled by anything, so the most is taken.
void tcp_session::expect_end(const tcp_segment& segment, direction way) noexcept {
  auto& unseen = end(way);
  unseen = {};
  unseen.first = segment.acknowledgement - 1;
  unseen.next = unseen.acknowledged = segment.acknowledgement;
  unseen.scale = largest_scale;
  auto& stream = streams_[index(way)];
  stream.close();
  stream.open(settings_->reassembly, *pool_, segment.acknowledgement);
}

void tcp_session::begin_midstream(const tcp_segment& segment, direction way,
                                  tcp_outcome& outcome) noexcept {
  midstream_ = true;
  async_ = settings_->async_oneside;
  auto& sender = end(way);
  sender = {};
  sender.next = sender.acknowledged = segment.sequence;
  sender.scale = largest_scale;
  expect_end(segment, opposite(way));
  const bool one_sided = async_;
  see_for_the_first_time(segment, way);
  async_ = one_sided;
  enter(tcp_state::established, outcome);
  in_connection(segment, way, outcome);
}

void tcp_session::in_syn_sent(const tcp_segment& segment, direction way,
                              tcp_outcome& outcome) noexcept {
  if (segment.has(tcp_rst))
    return take_reset(segment, way, outcome);
  if (segment.has(tcp_fin)) {
    outcome.refused = tcp_refusal::bad_handshake;
  } else if (segment.has(tcp_syn)) {
    if (!segment.has(tcp_ack))
      return way == to_server ? repeat_syn(segment, outcome) : answer_with_syn(segment, outcome);
    if (way == to_client)
      return answer_syn(segment, outcome);
    refuse(outcome, tcp_event::handshake_synack_in_wrong_direction);
  } else {
    go_on_without_answer(segment, way, outcome);
  }
}

void tcp_session::repeat_syn(const tcp_segment& segment, tcp_outcome& outcome) noexcept {
  if (segment.sequence == end(to_server).first)
    outcome.retransmission = true;
  else if (!remember_other_start(segment.sequence))
    refuse(outcome, tcp_event::handshake_syn_flood);
}

/// The server opens as well. Whoever is called client keeps the name: it was first.
void tcp_session::answer_with_syn(const tcp_segment& segment, tcp_outcome& outcome) noexcept {
  split_handshake_ = true;
  take_start(segment, to_client);
  agree_on_windows();
  take_start_payload(segment, to_client, outcome);
  enter(tcp_state::syn_recv, outcome);
}

void tcp_session::answer_syn(const tcp_segment& segment, tcp_outcome& outcome) noexcept {
  auto& client = end(to_server);
  const std::uint32_t ack = segment.acknowledgement;
  if (!lies_between(client.first + 1, ack, client.next)) {
    const auto others = std::span{other_starts_}.first(other_start_count_);
    if (std::find(others.begin(), others.end(), ack - 1) == others.end())
      return refuse(outcome, tcp_event::handshake_synack_with_wrong_ack);
    // Another of the client's SYNs is the one that counts.
    client.first = ack - 1;
    client.next = client.acknowledged = ack;
    streams_[index(to_server)].close();
    streams_[index(to_server)].open(settings_->reassembly, *pool_, ack);
  }
  other_start_count_ = 0;
  take_start(segment, to_client);
  agree_on_windows();
  client.may_send_to = ack + segment.window;
  client.has_window = true;
  if (ack != client.next) { // data came with the SYN and is not taken, or not all of it
    if (fast_open_ && ack == client.first + 1)
      outcome.events.add(tcp_event::handshake_synack_tfo_data_ignored);
    client.next = ack;
    fast_open_ = false;
    note_advance(to_server, streams_[index(to_server)].acknowledge(ack), outcome);
    streams_[index(to_server)].discard_unacknowledged();
  } else {
    note_advance(to_server, streams_[index(to_server)].acknowledge(ack), outcome);
  }
  client.acknowledged = ack;
  take_start_payload(segment, to_client, outcome);
  enter(tcp_state::syn_recv, outcome);
}

/// Both SYNs are known: windows are scaled if both ends offered it, and the server may send what
/// the SYN allowed.
void tcp_session::agree_on_windows() noexcept {
  auto& client = end(to_server);
  auto& server = end(to_client);
  if (!client.offers_scale || !server.offers_scale)
    client.scale = server.scale = 0;
  server.may_send_to = server.first + 1 + client.window;
  client.may_send_to = client.first + 1 + server.window;
  server.has_window = client.has_window = true;
}

/// An ACK although no SYN/ACK was seen: that side is out of sight, or its answer was lost on the
/// way to us.
void tcp_session::go_on_without_answer(const tcp_segment& segment, direction way,
                                       tcp_outcome& outcome) noexcept {
  const auto& client = end(to_server);
  const bool allowed = settings_->async_oneside || settings_->midstream;
  if (way == to_server && allowed) {
    if (!lies_between(client.first + 1, segment.sequence, client.next))
      return refuse(outcome, tcp_event::handshake_async_wrong_seq);
    async_ = settings_->async_oneside;
    expect_end(segment, to_client);
    end(to_server).scale = end(to_server).offers_scale ? end(to_server).scale : 0;
  } else if (way == to_client && settings_->midstream && !segment.payload.empty() &&
             segment.acknowledgement == client.next) {
    end(to_client).scale = largest_scale;
    end(to_client).next = end(to_client).acknowledged = segment.sequence;
  } else {
    outcome.refused = tcp_refusal::bad_handshake;
    return;
  }
  enter(tcp_state::established, outcome);
  in_connection(segment, way, outcome);
}

void tcp_session::in_syn_recv(const tcp_segment& segment, direction way,
                              tcp_outcome& outcome) noexcept {
  if (segment.has(tcp_rst))
    return take_reset(segment, way, outcome);
  if (segment.has(tcp_syn)) {
    if (segment.has(tcp_ack))
      return split_handshake_ ? split_syn_ack(segment, way, outcome)
                              : repeat_syn_ack(segment, way, outcome);
    if (segment.sequence == end(way).first && end(way).seen)
      outcome.retransmission = true;
    else
      refuse(outcome, way == to_client ? tcp_event::handshake_syn_toclient_on_syn_recv
                                       : tcp_event::handshake_syn_resend_diff_seq_on_syn_recv);
    return;
  }
  if (!completes_handshake(segment, way, outcome))
    return;
  enter(tcp_state::established, outcome);
  in_connection(segment, way, outcome);
}

void tcp_session::repeat_syn_ack(const tcp_segment& segment, direction way,
                                 tcp_outcome& outcome) noexcept {
  const auto& client = end(to_server);
  if (way == to_server)
    return refuse(outcome, tcp_event::handshake_synack_toserver_on_syn_recv);
  if (!lies_between(client.first + 1, segment.acknowledgement, client.next))
    return refuse(outcome, tcp_event::handshake_synack_resend_with_different_ack);
  if (segment.sequence == end(to_client).first) {
    outcome.retransmission = true;
    return;
  }
  outcome.events.add(tcp_event::handshake_synack_resend_with_diff_seq);
  if (!remember_other_start(segment.sequence))
    refuse(outcome, tcp_event::handshake_synack_flood);
}

/// After SYNs from both ends each may answer the other with a SYN/ACK that repeats its own number.
void tcp_session::split_syn_ack(const tcp_segment& segment, direction way,
                                tcp_outcome& outcome) noexcept {
  auto& sender = end(way);
  auto& other = end(opposite(way));
  if (segment.sequence != sender.first)
    return refuse(outcome, tcp_event::split_handshake_synack_with_wrong_syn);
  if (segment.acknowledgement != other.first + 1)
    return refuse(outcome, tcp_event::split_handshake_synack_with_wrong_ack);
  other.may_send_to = later_sequence(other.may_send_to, segment.acknowledgement + segment.window);
}

/// True when an ACK ends the handshake; the same segment is then the first of the connection.
bool tcp_session::completes_handshake(const tcp_segment& segment, direction way,
                                      tcp_outcome& outcome) noexcept {
  const auto& sender = end(way);
  const auto& other = end(opposite(way));
  const std::uint32_t ack = segment.acknowledgement;
  const bool right_sequence =
      !sender.has_window || lies_between(sender.first + 1, segment.sequence,
                                         later_sequence(sender.next, sender.may_send_to));
  const bool right_ack =
      !sequence_before(ack, other.first + 1) &&
      (!other.has_window || !sequence_after(ack, later_sequence(other.next, other.may_send_to)));
  if (split_handshake_) {
    if (right_sequence && right_ack)
      return true;
    refuse(outcome, right_sequence ? tcp_event::split_handshake_invalid_ack
                                   : tcp_event::split_handshake_wrong_seq);
    return false;
  }
  if (way == to_client) {
    // The client is ready once it has sent its ACK, which we may have missed: data of the server,
    // or its acknowledging data of the client, tells so. It counts only when the client
    // acknowledges it, so there is nothing to gain from injecting it here.
    const bool tells =
        !segment.payload.empty() || segment.has(tcp_fin) || sequence_after(ack, other.first + 1);
    if (right_sequence && right_ack &&
        (midstream_ || fast_open_ || tells || settings_->async_oneside))
      return true;
    refuse(outcome,
           tells ? tcp_event::handshake_ack_data_inject : tcp_event::handshake_ack_in_wrong_dir);
    return false;
  }
  if (right_sequence && (right_ack || answers_other_start(ack)))
    return true;
  refuse(outcome, right_sequence ? tcp_event::handshake_right_seq_wrong_ack_evasion
                                 : tcp_event::handshake_wrong_seq_wrong_ack);
  return false;
}

/// The client acknowledges another SYN/ACK than the first: that one is the server's start.
bool tcp_session::answers_other_start(std::uint32_t ack) noexcept {
  const auto others = std::span{other_starts_}.first(other_start_count_);
  if (std::find(others.begin(), others.end(), ack - 1) == others.end())
    return false;
  auto& server = end(to_client);
  server.first = ack - 1;
  server.next = server.acknowledged = ack;
  server.may_send_to = ack + end(to_server).window;
  streams_[index(to_client)].close();
  streams_[index(to_client)].open(settings_->reassembly, *pool_, ack);
  return true;
}

bool tcp_session::remember_other_start(std::uint32_t sequence) noexcept {
  const auto others = std::span{other_starts_}.first(other_start_count_);
  if (std::find(others.begin(), others.end(), sequence) != others.end())
    return true;
  if (other_start_count_ == limit_other_starts)
    return false;
  other_starts_[other_start_count_++] = sequence;
  return true;
}

} // namespace cresset::detect::flow
