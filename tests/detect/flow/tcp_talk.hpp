#pragma once

#include "detect/flow/tcp_session.hpp"

#include <string>
#include <string_view>

namespace cresset::detect::flow::test {

using namespace capture::decode;

inline constexpr auto to_server = direction::to_server;
inline constexpr auto to_client = direction::to_client;

/// A session under test and two ends that know what they have sent. Each call sends one segment and
/// gives its outcome; what the protocol reader gets is gathered in `text`, "<n>" for gaps.
struct tcp_talk {
  static constexpr std::uint32_t client_start = 1000;
  static constexpr std::uint32_t server_start = 5000;

  tcp_settings settings;
  buffer_pool pool{16 << 20};
  tcp_session session;
  std::array<std::uint32_t, 2> next{client_start, server_start};
  std::array<std::string, 2> text;
  std::array<bool, 2> ended{};

  explicit tcp_talk(tcp_settings s = {}) : settings{s} { session.open(settings, pool); }

  std::uint32_t& next_of(direction way) { return next[proto::index(way)]; }

  tcp_segment segment(direction way, std::uint8_t flags, std::string_view payload = {}) {
    tcp_segment made;
    made.sequence = next_of(way);
    made.acknowledgement = (flags & tcp_ack) != 0 ? next_of(proto::opposite(way)) : 0;
    made.window = 8000;
    made.flags = flags;
    made.payload = as_bytes(payload);
    return made;
  }
  /// Sends as it is, and reads what counts.
  tcp_outcome send(direction way, const tcp_segment& sent) {
    const auto outcome = session.process(sent, way);
    read();
    return outcome;
  }
  /// Sends the next segment in order.
  tcp_outcome send(direction way, std::uint8_t flags, std::string_view payload = {}) {
    const auto sent = segment(way, flags, payload);
    next_of(way) +=
        static_cast<std::uint32_t>(payload.size()) + ((flags & (tcp_syn | tcp_fin)) != 0 ? 1 : 0);
    return send(way, sent);
  }
  void shake_hands() {
    send(to_server, tcp_syn);
    send(to_client, tcp_syn | tcp_ack);
    send(to_server, tcp_ack);
  }
  void finish() {
    session.finish();
    read();
  }
  void read() {
    for (const auto way : {to_server, to_client}) {
      auto& stream = session.stream(way);
      for (auto chunk = stream.next_chunk(); chunk.what != stream_chunk::kind::none;
           chunk = stream.next_chunk()) {
        if (chunk.what == stream_chunk::kind::gap)
          text[proto::index(way)] += "<" + std::to_string(chunk.gap_bytes) + ">";
        ended[proto::index(way)] |= chunk.what == stream_chunk::kind::end;
        text[proto::index(way)] += as_text(chunk.bytes);
        stream.consume(chunk.bytes.size());
        stream.raw_done(stream.window().end());
      }
    }
  }
  const std::string& said(direction way) const { return text[proto::index(way)]; }
};

inline bool only(const tcp_outcome& outcome, tcp_event event) {
  return outcome.events.all().size() == 1 && outcome.events.has(event);
}

} // namespace cresset::detect::flow::test
