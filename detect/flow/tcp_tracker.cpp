#include "detect/flow/tcp_tracker.hpp"

namespace cresset::detect::flow {
namespace {

using namespace capture::decode;
using proto::direction;

flow_state state_for(tcp_state state) noexcept {
  switch (state) {
  case tcp_state::none:
  case tcp_state::syn_sent:
  case tcp_state::syn_recv: return flow_state::new_flow;
  case tcp_state::last_ack:
  case tcp_state::time_wait:
  case tcp_state::closed: return flow_state::closed;
  default: return flow_state::established;
  }
}

} // namespace

tcp_tracker::tcp_tracker(const tcp_tracker_settings& settings)
    : settings_{settings}, buffers_{settings.limit_stream_bytes}, sessions_{
                                                                      settings.limit_sessions} {}

/// Whether a segment is worth a session when there is none: the session itself decides in the same
/// way.
bool tcp_tracker::opens_session(const tcp_segment& segment) const noexcept {
  if (segment.has(tcp_rst) || segment.has(tcp_fin))
    return false;
  return (segment.has(tcp_syn) && (!segment.has(tcp_ack) || settings_.tcp.async_oneside)) ||
         settings_.tcp.midstream;
}

tcp_outcome tcp_tracker::refuse_without_session(const tcp_segment& segment) noexcept {
  tcp_outcome outcome;
  outcome.refused = tcp_refusal::no_session;
  if (segment.has(tcp_rst))
    outcome.events.add(tcp_event::rst_but_no_session);
  else if (segment.has(tcp_fin))
    outcome.events.add(tcp_event::fin_but_no_session);
  return outcome;
}

tcp_outcome tcp_tracker::process(flow& of, const decoded_packet& packet, direction& way) noexcept {
  const auto segment = tcp_segment::from(packet);
  tcp_outcome outcome;
  if (!of.session && !opens_session(segment)) {
    outcome = refuse_without_session(segment);
    count(segment, outcome);
    return outcome;
  }
  if (!of.session) {
    of.session = sessions_.acquire();
    if (!of.session) {
      outcome.refused = tcp_refusal::no_memory;
      count(segment, outcome);
      return outcome;
    }
    of.session->open(settings_.tcp, buffers_);
  }
  const bool was_midstream = of.session->is_midstream();
  const bool was_one_sided = of.session->is_one_sided();
  const bool was_open = of.session->state() != tcp_state::none;
  outcome = of.session->process(segment, way);
  if (of.session->state() == tcp_state::none) {
    of.session.reset();
  } else {
    if (outcome.reversed) {
      way = proto::opposite(way);
      of.swap_without_session();
    }
    of.state_ = state_for(of.session->state());
    counters_.sessions.add(was_open ? 0 : 1);
    counters_.midstream_pickups.add(!was_midstream && of.session->is_midstream() ? 1 : 0);
    counters_.one_sided.add(!was_one_sided && of.session->is_one_sided() ? 1 : 0);
  }
  count(segment, outcome);
  return outcome;
}

void tcp_tracker::count(const tcp_segment& segment, const tcp_outcome& outcome) noexcept {
  counters_.segments.add();
  counters_.stream_bytes.add(outcome.stream_bytes);
  if (segment.has(tcp_syn))
    (segment.has(tcp_ack) ? counters_.syn_ack : counters_.syn).add();
  if (segment.has(tcp_rst))
    counters_.rst.add();
  if (outcome.retransmission)
    counters_.retransmissions.add();
  if (outcome.keep_alive)
    counters_.keep_alives.add();
  if (outcome.refused != tcp_refusal::none)
    counters_.refused[static_cast<std::size_t>(outcome.refused)].add();
  if (outcome.gaps != 0)
    counters_.gaps.add(outcome.gaps);
  if (outcome.refused_bytes != 0)
    counters_.stream_bytes_refused.add(outcome.refused_bytes);
  for (const auto event : outcome.events.all())
    counters_.by_event[static_cast<std::size_t>(event)].add();
}

} // namespace cresset::detect::flow
