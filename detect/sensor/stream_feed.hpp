#pragma once

#include "detect/flow/flow.hpp"
#include "detect/proto/catalogue/catalogue.hpp"
#include "detect/proto/identify.hpp"

namespace cresset::detect::sensor {

/// What recognition keeps with a flow until it is settled.
class identification : public flow::flow_extension {
public:
  proto::identifier eye;
};

/// Brings a flow's bytes to the protocol that they speak: recognises it, makes its parser, feeds
/// it. One a worker.
class stream_feed {
public:
  /// Both outlive it.
  stream_feed(const proto::catalogue::parser_maker& protocols,
              const proto::identify_settings& settings) noexcept
      : protocols_{protocols}, settings_{settings} {}

  /// Gives the parser what one direction of a connection has ready. True when the bytes show that
  /// client and server were taken wrongly; the caller swaps the flow and calls again.
  bool feed(flow::flow& of, proto::direction way, timestamp at);
  /// Gives the parser one datagram.
  void feed_datagram(flow::flow& of, proto::direction way, byte_view payload, timestamp at);
  /// The flow ends: recognition gives up, the parser hears that both directions are over.
  void finish(flow::flow& of, timestamp at);

private:
  /// Bytes of an unrecognised direction that wait while the other has said nothing yet.
  static constexpr std::size_t limit_waiting_bytes = 64 * 1024;

  enum class recognition { settled, waits, reversed, failed };
  recognition recognise(flow::flow& of, proto::direction way, byte_view bytes);
  proto::flow_hint hint_of(const flow::flow& of) const noexcept;
  void settle(flow::flow& of, proto::identifier& eye);
  void give_up(flow::flow& of) noexcept;

  const proto::catalogue::parser_maker& protocols_;
  const proto::identify_settings& settings_;
};

} // namespace cresset::detect::sensor
