#pragma once

#include "capture/base/timestamp.hpp"
#include "detect/proto/app_protocol.hpp"
#include "detect/proto/frame_list.hpp"
#include "detect/proto/transaction.hpp"

#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace cresset::detect::proto {

/// What a parser says about the bytes it was given.
enum class parse_status : std::uint8_t {
  consumed,       ///< all bytes are taken
  need_more,      ///< all bytes are taken, a message is open
  malformed,      ///< these bytes are not this protocol; the parser takes no more of this direction
  resynchronised, ///< something was skipped (a gap, a damaged message); parsing goes on behind it
  finished, ///< nothing after this can be understood (TLS after its handshake); bytes need not be
            ///< given any more
  changed, ///< the flow speaks another protocol from here on (STARTTLS, CONNECT, Upgrade): identify
           ///< it anew, from left_over() on
};

/// What a parser that answered `changed` knows of the protocol behind its own.
struct next_protocol {
  app_protocol expected = app_protocol::unknown;
  /// Both sides agreed on it by name, and it has no mark of its own: it is not identified but
  /// taken.
  bool is_certain = false;
  /// The port of the server that is spoken to from here on (CONNECT); 0: the flow's own.
  std::uint16_t port = 0;
};

/// What the parser that announced a connection has to say to the parser of that connection.
class announced {
public:
  virtual ~announced() = default;
};

/// A connection that the bytes of another one announce, as FTP does its data connections (RFC
/// 959 3.2).
struct announcement {
  app_protocol protocol{};
  /// Who will be connected to: `to_server`, the server of the announcing flow.
  direction listener{};
  std::uint16_t port = 0;
  std::shared_ptr<const announced> what;
};

/// The parser of one flow, both directions: it turns bytes into transactions and knows neither
/// packets nor rules. It is given each direction's bytes in order, exactly once; a datagram
/// protocol gets one datagram a call. It never throws on input, allocates within the limits it was
/// made with, and counts what it refuses as transaction events.
class stream_parser {
public:
  virtual ~stream_parser() = default;

  /// As event logs write it: "http", "dns", "tls".
  virtual std::string_view protocol() const noexcept = 0;

  virtual parse_status bytes(direction way, byte_view bytes, timestamp at) = 0;
  /// `size` bytes of this direction were lost; 0: how many is unknown, and nothing more will come.
  virtual parse_status gap(direction way, std::uint64_t size) = 0;
  /// The direction has ended; open messages become what they are.
  virtual void end(direction way) = 0;

  /// After `changed`: the bytes of this direction that were given and not read, because the next
  /// protocol's begin there. Valid as long as the bytes of the call that answered `changed`.
  virtual byte_view left_over(direction) const noexcept { return {}; }
  /// After `changed`: what comes.
  virtual next_protocol next() const noexcept { return {}; }
  /// Connections announced since this was last asked.
  virtual std::vector<announcement> take_announcements() { return {}; }

  /// Where the parser names frames; null for one that names none (docs/inspection-model.md section
  /// 8).
  virtual frame_list* frames() noexcept { return nullptr; }

  /// Live transactions, oldest first. The span is valid until the parser is fed or a transaction is
  /// released.
  virtual std::span<transaction* const> transactions() noexcept = 0;
  /// Nobody looks at this transaction any more: it is freed. Unknown numbers are ignored.
  virtual void release(std::uint64_t number) noexcept = 0;
};

/// What a protocol offers to rules and to the recogniser: one constant per protocol, in its folder.
struct protocol_description {
  std::string_view name;
  std::span<const buffer_description> buffers;
  std::span<const field_description> fields;
  std::span<const std::string_view> frames{}; ///< the types of frames it names: "pdu", "data"
};

} // namespace cresset::detect::proto
