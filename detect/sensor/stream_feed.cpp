#include "detect/sensor/stream_feed.hpp"

#include <utility>

namespace cresset::detect::sensor {

using flow::stream_chunk;
using proto::app_protocol;
using proto::direction;

identification& stream_feed::state_of(flow::flow& of) {
  if (!of.identification)
    of.identification = std::make_unique<identification>();
  return static_cast<identification&>(*of.identification);
}

proto::flow_hint stream_feed::hint_of(const flow::flow& of) const noexcept {
  auto port = of.tuple().destination_port;
  if (of.identification)
    if (const auto& next = static_cast<const identification&>(*of.identification).next;
        next.port != 0)
      port = next.port;
  return {of.tuple().protocol == ip_protocol::tcp ? proto::transport::tcp : proto::transport::udp,
          of.tuple().source_port, port, of.session && of.session->is_midstream(),
          of.tuple().source};
}

void stream_feed::make_parser(flow::flow& of, app_protocol protocol,
                              const proto::catalogue::origin& from) {
  of.parser = protocols_.make(protocol, hint_of(of), from);
  const auto depth = protocols_.stream_depth_bytes(protocol);
  if (!of.parser || !of.session || !depth)
    return;
  for (const auto way : {direction::to_server, direction::to_client})
    of.session->stream(way).set_depth(*depth);
}

void stream_feed::settle(flow::flow& of, proto::identifier& eye) {
  of.set_app_protocol(proto::name_of(eye.protocol()));
  auto& state = state_of(of);
  make_parser(of, eye.protocol(), {.before = state.before.get()});
  state.before.reset();
  if (!of.parser && of.session)
    for (const auto way : {direction::to_server, direction::to_client})
      of.session->stream(way).stop_chunks();
}

bool stream_feed::was_announced(flow::flow& of, timestamp at) {
  if (expected_.empty() || of.identification)
    return false;
  auto found = expected_.take(of.tuple(), at);
  if (!found)
    return false;
  const auto name = proto::name_of(found->protocol);
  of.set_app_protocol(name);
  for (const auto way : {direction::to_server, direction::to_client})
    of.set_app_protocol(way, name);
  make_parser(of, found->protocol, {.by = std::move(found->what)});
  return of.parser != nullptr;
}

void stream_feed::note_announcements(flow::flow& of, timestamp at) {
  for (const auto& one : of.parser->take_announcements())
    expected_.add(one, of.tuple(), at);
}

void stream_feed::give_up(flow::flow& of) noexcept {
  of.set_app_protocol("failed");
  if (of.identification)
    static_cast<identification&>(*of.identification).before.reset();
  if (of.session)
    for (const auto way : {direction::to_server, direction::to_client})
      of.session->stream(way).stop_chunks();
}

stream_feed::recognition stream_feed::recognise(flow::flow& of, direction way, byte_view bytes) {
  auto& eye = state_of(of).eye;
  const bool settled_before = eye.is_settled();
  if (eye.state_of(way) == proto::identity::need_more)
    eye.feed(settings_, hint_of(of), way, bytes);
  if (const auto found = eye.protocol_of(way); found != app_protocol::unknown)
    of.set_app_protocol(way, proto::name_of(found));
  else if (eye.state_of(way) == proto::identity::unknown)
    of.set_app_protocol(way, "failed");
  if (eye.is_reversed() && !settled_before) {
    eye.restart();
    return recognition::reversed;
  }
  if (eye.protocol() != app_protocol::unknown) {
    if (!settled_before)
      settle(of, eye);
    return recognition::settled;
  }
  const bool both_unknown = eye.is_settled();
  if (both_unknown || bytes.size() >= limit_waiting_bytes) {
    give_up(of);
    return recognition::failed;
  }
  return recognition::waits;
}

bool stream_feed::is_changing(const flow::flow& of) noexcept {
  return of.identification && static_cast<const identification&>(*of.identification).is_changing;
}

/// Both directions leave the old protocol at once. What its parser has not read waits here, and all
/// later bytes in their streams, until its transactions were inspected.
void stream_feed::begin_change(flow::flow& of) {
  auto& state = state_of(of);
  state.is_changing = true;
  state.next = of.parser->next();
  for (const auto way : {direction::to_server, direction::to_client}) {
    const auto left = of.parser->left_over(way);
    state.left_over[proto::index(way)].assign(left.begin(), left.end());
  }
  for (const auto way : {direction::to_server, direction::to_client})
    of.parser->end(way);
}

void stream_feed::change(flow::flow& of) {
  auto& state = state_of(of);
  state.is_changing = false;
  const auto expected = state.next.expected;
  of.change_app_protocol(expected == app_protocol::unknown ? std::string_view{}
                                                           : proto::name_of(expected));
  state.before = std::move(of.parser);
  state.eye.restart();
  if (++state.changes > identification::limit_changes)
    return give_up(of);
  if (!state.next.is_certain)
    return;
  of.set_app_protocol(proto::name_of(expected));
  make_parser(of, expected, {.before = state.before.get()});
  state.before.reset();
  if (!of.parser)
    for (const auto way : {direction::to_server, direction::to_client})
      of.session->stream(way).stop_chunks();
}

/// Reads what the protocol before left, with what came since while nobody knows the protocol.
stream_feed::recognition stream_feed::feed_left_over(flow::flow& of, direction way, timestamp at) {
  auto& held = state_of(of).left_over[proto::index(way)];
  auto& stream = of.session->stream(way);
  while (!of.parser && held.size() < limit_waiting_bytes) {
    const auto chunk = stream.next_chunk();
    if (chunk.what != stream_chunk::kind::bytes)
      break;
    held.insert(held.end(), chunk.bytes.begin(), chunk.bytes.end());
    stream.consume(chunk.bytes.size());
  }
  if (!of.parser) {
    const auto seen = recognise(of, way, held);
    if (seen != recognition::settled)
      return seen;
  }
  const auto bytes = std::exchange(held, {});
  if (of.parser)
    give(of, way, bytes, at);
  return recognition::settled;
}

void stream_feed::give(flow::flow& of, direction way, byte_view bytes, timestamp at) {
  const auto status = of.parser->bytes(way, bytes, at);
  note_announcements(of, at);
  if (status == proto::parse_status::changed)
    begin_change(of);
  else if (status == proto::parse_status::malformed || status == proto::parse_status::finished)
    of.session->stream(way).stop_chunks();
  if (status == proto::parse_status::malformed)
    of.note_parser_gave_up();
}

bool stream_feed::feed(flow::flow& of, direction way, timestamp at) {
  auto& stream = of.session->stream(way);
  if (is_changing(of))
    return false;
  if (of.identification && !state_of(of).left_over[proto::index(way)].empty()) {
    const auto seen = feed_left_over(of, way, at);
    if (seen != recognition::settled || !of.parser)
      return seen == recognition::reversed;
  }
  while (!is_changing(of)) {
    const auto chunk = stream.next_chunk();
    if (chunk.what == stream_chunk::kind::none)
      return false;
    if (chunk.what == stream_chunk::kind::bytes) {
      if (!of.parser && !was_announced(of, at)) {
        switch (recognise(of, way, chunk.bytes)) {
        case recognition::reversed: return true;
        case recognition::waits:
        case recognition::failed: return false;
        case recognition::settled: break;
        }
        if (!of.parser)
          return false;
        // what the other side said before is heard first where it is the client's
        if (way == direction::to_client && feed(of, direction::to_server, at))
          return true;
      }
      const auto size = chunk.bytes.size();
      give(of, way, chunk.bytes, at);
      stream.consume(size);
      continue;
    }
    if (of.parser && chunk.what == stream_chunk::kind::gap)
      of.parser->gap(way, chunk.gap_bytes);
    else if (of.parser && chunk.what == stream_chunk::kind::depth)
      of.parser->gap(way, 0); // nothing more will come, and nobody knows how much there is
    else if (of.parser && chunk.what == stream_chunk::kind::end)
      of.parser->end(way);
    stream.consume(0);
  }
  return false;
}

void stream_feed::feed_datagram(flow::flow& of, direction way, byte_view payload, timestamp at) {
  if (payload.empty())
    return;
  if (!of.parser) {
    if (of.app_protocol() == "failed" || (!of.app_protocol().empty() && of.identification))
      return;
    switch (recognise(of, way, payload)) {
    case recognition::settled: break;
    case recognition::reversed: // a datagram tells for itself; the flow keeps its sides
    case recognition::waits:
    case recognition::failed: return;
    }
    if (!of.parser)
      return;
  }
  of.parser->bytes(way, payload, at);
}

bool stream_feed::finish(flow::flow& of, timestamp at) {
  bool reversed = false;
  if (of.session) {
    of.session->finish();
    for (const auto way : {direction::to_server, direction::to_client})
      if (feed(of, way, at)) {
        of.swap_sides();
        reversed = true;
        feed(of, proto::opposite(way), at);
      }
    if (of.identification && !of.parser && of.app_protocol().empty()) {
      auto& eye = static_cast<identification&>(*of.identification).eye;
      eye.end(direction::to_server);
      eye.end(direction::to_client);
      if (eye.state_of(direction::to_server) == proto::identity::unknown ||
          eye.state_of(direction::to_client) == proto::identity::unknown)
        give_up(of);
    }
  }
  if (of.parser)
    for (const auto way : {direction::to_server, direction::to_client})
      of.parser->end(way);
  return reversed;
}

} // namespace cresset::detect::sensor
