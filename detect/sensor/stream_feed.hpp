#pragma once

#include "detect/flow/flow.hpp"
#include "detect/proto/catalogue/catalogue.hpp"
#include "detect/proto/identify.hpp"
#include "detect/sensor/expectations.hpp"

#include <memory>
#include <vector>

namespace cresset::detect::sensor {

/// What recognition keeps with a flow.
class identification : public flow::flow_extension {
public:
  /// Most changes of protocol of one flow; behind the last it is not looked at any more.
  static constexpr std::uint8_t limit_changes = 8;

  proto::identifier eye;
  /// Bytes that the protocol before was given and left for the next one.
  std::array<std::vector<std::byte>, 2> left_over;
  /// The parser has said that its protocol is over; its transactions are still looked at.
  bool is_changing = false;
  std::uint8_t changes = 0;
  proto::next_protocol next;
  /// The parser before, while nobody knows what comes behind it.
  std::unique_ptr<proto::stream_parser> before;
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
  /// The flow's protocol is over, and nothing is read of it before `change` was called: its
  /// transactions are still to be inspected.
  static bool is_changing(const flow::flow& of) noexcept;
  /// Leaves the old protocol behind; the next feed identifies the flow anew. Precondition:
  /// is_changing.
  void change(flow::flow& of);
  /// The flow ends: recognition gives up, the parser hears that both directions are over. True when
  /// client and server changed places on the way; what the caller keeps by direction is its to
  /// swap.
  bool finish(flow::flow& of, timestamp at);

private:
  /// Bytes of an unrecognised direction that wait while the other has said nothing yet.
  static constexpr std::size_t limit_waiting_bytes = 64 * 1024;

  enum class recognition { settled, waits, reversed, failed };
  recognition recognise(flow::flow& of, proto::direction way, byte_view bytes);
  recognition feed_left_over(flow::flow& of, proto::direction way, timestamp at);
  void give(flow::flow& of, proto::direction way, byte_view bytes, timestamp at);
  void begin_change(flow::flow& of);
  static identification& state_of(flow::flow& of);
  proto::flow_hint hint_of(const flow::flow& of) const noexcept;
  /// Null where the protocol has none.
  void make_parser(flow::flow& of, proto::app_protocol protocol,
                   const proto::catalogue::origin& from);
  void settle(flow::flow& of, proto::identifier& eye);
  void give_up(flow::flow& of) noexcept;
  /// Whether the flow was announced; then it has its parser.
  bool was_announced(flow::flow& of, timestamp at);
  void note_announcements(flow::flow& of, timestamp at);

  const proto::catalogue::parser_maker& protocols_;
  const proto::identify_settings& settings_;
  expectations expected_;
};

} // namespace cresset::detect::sensor
