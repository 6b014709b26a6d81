#pragma once

#include "capture/base/byte_order.hpp"
#include "capture/base/timestamp.hpp"
#include "detect/alert/epoch_id.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// The messages between a sensor and its server (docs/wire-format.md section 2): values, and their
/// bytes. No sockets.
namespace cresset::detect::alert {

inline constexpr std::uint16_t uplink_version = 1;
inline constexpr std::size_t uplink_message_limit_bytes = std::size_t{2} << 20;
inline constexpr std::size_t uplink_batch_limit_entries = 2000;

/// Why sequences are missing from a batch. The numbers are those of the wire.
enum class drop_reason : std::uint8_t { spool_full = 1, acknowledged = 2, spool_damaged = 3 };

/// Why a server ends a session.
enum class bye_reason : std::uint8_t {
  malformed = 1,
  superseded = 2,
  version = 3,
  unknown_session = 4,
  shutting_down = 5,
};

struct hello_message {
  std::uint16_t version = uplink_version;
  epoch_id epoch{};
  std::uint64_t first = 1;
  std::uint64_t next = 1;
  std::string software{}; ///< at most 255 bytes
  timestamp clock{};      ///< the sensor's clock as it sends this; the epoch's zero: not told
};

/// One entry of a batch as read: a record, or (with `record` empty) a declared drop of first…last.
struct batch_entry {
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  std::optional<drop_reason> dropped;
  byte_view record; ///< bytes of the message, valid as long as it
};

struct batch_message {
  std::uint32_t round = 0;
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  std::vector<batch_entry> entries;
};

struct sensor_heartbeat {
  std::uint64_t next = 0;
  timestamp clock{}; ///< as in hello
};

struct welcome_message {
  std::uint16_t version = uplink_version;
  std::uint64_t resume_from = 1;
  std::uint16_t max_batch_alerts = uplink_batch_limit_entries;
  std::uint32_t max_message_bytes = 1U << 20;
  std::uint16_t window_batches = 8;
  std::uint32_t heartbeat_ms = 2000;
};
struct ack_message {
  std::uint64_t through = 0;
};
struct resume_message {
  std::uint32_t round = 0;
  std::uint64_t from = 0;
};
struct busy_message {
  std::uint32_t round = 0;
  std::uint64_t from = 0;
  std::uint32_t retry_ms = 0;
};
struct bye_message {
  bye_reason reason = bye_reason::malformed;
  std::string text{}; ///< for a log line, at most 255 bytes
};
struct server_heartbeat {};
/// A kind this version does not know: passed over and counted.
struct unknown_message {
  std::uint8_t kind = 0;
};

using sensor_body = std::variant<hello_message, batch_message, sensor_heartbeat, unknown_message>;
using server_body = std::variant<welcome_message, ack_message, resume_message, busy_message,
                                 bye_message, server_heartbeat, unknown_message>;

template <typename Body>
struct uplink_message {
  std::uint64_t session = 0;
  Body body;
};

/// Reads what a sensor sent. Nothing when it is malformed; never throws on input, reads nothing
/// past its end. Views in a batch point into `bytes`.
std::optional<uplink_message<sensor_body>> read_sensor_message(byte_view bytes);
/// Reads what a server sent.
std::optional<uplink_message<server_body>> read_server_message(byte_view bytes);

std::vector<std::byte> write_message(std::uint64_t session, const hello_message& hello);
std::vector<std::byte> write_message(std::uint64_t session, const sensor_heartbeat& heartbeat);
std::vector<std::byte> write_message(std::uint64_t session, const welcome_message& welcome);
std::vector<std::byte> write_message(std::uint64_t session, const ack_message& ack);
std::vector<std::byte> write_message(std::uint64_t session, const resume_message& resume);
std::vector<std::byte> write_message(std::uint64_t session, const busy_message& busy);
std::vector<std::byte> write_message(std::uint64_t session, const bye_message& bye);
std::vector<std::byte> write_message(std::uint64_t session, const server_heartbeat& heartbeat);

/// Writes a batch entry by entry into one buffer. The caller keeps within the limits above;
/// `full()` tells.
class batch_writer {
public:
  batch_writer(std::uint64_t session, std::uint32_t round, std::uint64_t first);

  void add_record(byte_view record);
  /// The sequences from the next one to `last` are declared dropped.
  void add_dropped(drop_reason why, std::uint64_t last);

  std::uint64_t first() const noexcept { return first_; }
  /// The sequence behind the last entry.
  std::uint64_t next() const noexcept { return next_; }
  std::size_t entries() const noexcept { return entries_; }
  std::size_t size_bytes() const noexcept { return bytes_.size(); }

  /// The message; the writer is empty afterwards.
  std::vector<std::byte> finish() &&;

private:
  std::vector<std::byte> bytes_;
  std::uint64_t first_;
  std::uint64_t next_;
  std::uint16_t entries_ = 0;
};

} // namespace cresset::detect::alert
