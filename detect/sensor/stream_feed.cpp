#include "detect/sensor/stream_feed.hpp"

namespace cresset::detect::sensor {

using flow::stream_chunk;
using proto::app_protocol;
using proto::direction;

proto::flow_hint stream_feed::hint_of(const flow::flow& of) const noexcept {
  return {of.tuple().protocol == ip_protocol::tcp ? proto::transport::tcp : proto::transport::udp,
          of.tuple().source_port, of.tuple().destination_port};
}

void stream_feed::settle(flow::flow& of, proto::identifier& eye) {
  of.set_app_protocol(proto::name_of(eye.protocol()));
  of.parser = protocols_.make(eye.protocol(), hint_of(of));
  if (!of.parser && of.session)
    for (const auto way : {direction::to_server, direction::to_client})
      of.session->stream(way).stop_chunks();
}

void stream_feed::give_up(flow::flow& of) noexcept {
  of.set_app_protocol("failed");
  if (of.session)
    for (const auto way : {direction::to_server, direction::to_client})
      of.session->stream(way).stop_chunks();
}

stream_feed::recognition stream_feed::recognise(flow::flow& of, direction way, byte_view bytes) {
  if (!of.identification)
    of.identification = std::make_unique<identification>();
  auto& eye = static_cast<identification&>(*of.identification).eye;
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

bool stream_feed::feed(flow::flow& of, direction way, timestamp at) {
  auto& stream = of.session->stream(way);
  for (;;) {
    const auto chunk = stream.next_chunk();
    if (chunk.what == stream_chunk::kind::none)
      return false;
    if (chunk.what == stream_chunk::kind::bytes) {
      if (!of.parser) {
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
      const auto status = of.parser->bytes(way, chunk.bytes, at);
      stream.consume(chunk.bytes.size());
      if (status == proto::parse_status::malformed || status == proto::parse_status::finished)
        stream.stop_chunks();
      continue;
    }
    if (of.parser && chunk.what == stream_chunk::kind::gap)
      of.parser->gap(way, chunk.gap_bytes);
    else if (of.parser && chunk.what == stream_chunk::kind::end)
      of.parser->end(way);
    stream.consume(0);
  }
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

void stream_feed::finish(flow::flow& of, timestamp at) {
  if (of.session) {
    of.session->finish();
    for (const auto way : {direction::to_server, direction::to_client})
      feed(of, way, at);
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
}

} // namespace cresset::detect::sensor
