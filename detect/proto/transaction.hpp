#pragma once

#include "capture/base/byte_order.hpp"
#include "capture/base/json_writer.hpp"
#include "detect/proto/direction.hpp"

#include <array>
#include <optional>
#include <span>
#include <string_view>

namespace cresset::detect::proto {

class file_meter;

/// How far one direction of a transaction has come: a number that only grows. 0 is "nothing yet";
/// what the others mean is each protocol's own (its `progress` enum); `progress_done` is the same
/// for all.
using progress = std::uint8_t;
inline constexpr progress progress_done = 255;

/// One buffer that rules can name, as a protocol offers it. A protocol publishes a constant table
/// of these; a buffer's index in that table is its `buffer_id` within the protocol.
using buffer_id = std::uint8_t;
struct buffer_description {
  std::string_view name;     ///< canonical keyword: "http.uri"
  direction way{};           ///< the direction it belongs to
  progress available_at = 0; ///< its bytes are final from this progress on
  bool several = false;      ///< has instances, each inspected by itself ("dns.query")
  bool gathered = false; ///< grows while the transaction goes on: a body; see transaction::body()
  /// A keyword that exists in both directions has two entries with one name.
};

/// One number that rules can compare ("dns.opcode", "tls.version"), published in a table like
/// buffers.
using field_id = std::uint8_t;
struct field_description {
  std::string_view name;
  direction way{};
  progress available_at = 0;
  bool several = false;
};

/// A body or file as far as it has come. `bytes` is the retained run; it begins `offset` bytes into
/// the body. Bytes over the protocol's limit are counted in `total` and not retained.
struct body_view {
  byte_view bytes;
  std::uint64_t offset = 0;
  std::uint64_t total = 0;
  bool complete = false;
  bool has_gap = false;              ///< bytes of it were lost
  file_meter* meter = nullptr;       ///< of a file, where its digests or the whole of it are wanted
  /// All of it is here.
  bool is_whole() const noexcept { return complete && !has_gap && offset == 0 && total == bytes.size(); }
};

/// A file carried by a transaction, for file.data, filename, hashes and the fileinfo event.
struct file_view {
  std::string_view name;
  body_view content;
  bool truncated = false; ///< ended before its end, or has a gap
  /// Of a part of a larger file: its first and last byte there.
  std::optional<std::uint64_t> start{};
  std::optional<std::uint64_t> end{};
};

/// One request and its answer, or whatever the protocol counts as one exchange. Owned by its
/// parser; references and views stay valid until the parser is fed again or the transaction is
/// released.
class transaction {
public:
  explicit transaction(std::uint64_t number) noexcept : number_{number} {}
  transaction(const transaction&) = delete;
  transaction& operator=(const transaction&) = delete;
  virtual ~transaction() = default;

  /// 0 for the first of the flow.
  std::uint64_t number() const noexcept { return number_; }
  progress progress_of(direction way) const noexcept { return progress_[index(way)]; }
  /// False when nothing of this transaction goes this way: a message that is a transaction of its
  /// own.
  virtual bool concerns(direction /*way*/) const noexcept { return true; }
  bool is_done(direction way) const noexcept { return progress_of(way) == progress_done; }
  bool is_done() const noexcept {
    return is_done(direction::to_server) && is_done(direction::to_client);
  }

  /// How many instances the buffer has so far; 0 when the transaction does not carry it.
  virtual std::size_t instances(buffer_id id) const noexcept = 0;
  /// Bytes of one instance; nothing when there is none. Not for gathered buffers.
  virtual std::optional<byte_view> buffer(buffer_id id, std::size_t instance) const noexcept = 0;
  /// A gathered buffer as far as it has come.
  virtual body_view body(buffer_id) const noexcept { return {}; }
  virtual std::size_t field_instances(field_id) const noexcept { return 0; }
  virtual std::optional<std::uint64_t> field(field_id, std::size_t /*instance*/) const noexcept {
    return std::nullopt;
  }
  virtual std::size_t files(direction) const noexcept { return 0; }
  virtual file_view file(direction, std::size_t) const noexcept { return {}; }

  /// The order of bytes that the protocol's own header announces: `byte_test` with `dce` asks.
  virtual bool numbers_are_little_endian() const noexcept { return true; }

  /// Names of what was wrong with it, as `app-layer-event` names them behind the protocol
  /// ("dns.malformed_data" is written "malformed_data"); they live as long as the program.
  virtual std::span<const std::string_view> events() const noexcept { return {}; }

  /// Whether the event log shows it; one that is not logged still has its events.
  virtual bool is_logged() const noexcept { return true; }
  /// Under which name the event log shows it, where that is not its protocol's; else empty.
  virtual std::string_view event_name() const noexcept { return {}; }
  /// Writes the protocol's object of the event log ("http": {…}): the members, between begin and
  /// end of the object.
  virtual void write_members(json_writer& json) const = 0;
  /// Members of the event that stand beside the protocol's object ("email" beside "smtp"), each
  /// with its key.
  virtual void write_siblings(json_writer& /*json*/) const {}

protected:
  void advance(direction way, progress to) noexcept {
    if (to > progress_[index(way)])
      progress_[index(way)] = to;
  }

private:
  std::uint64_t number_;
  std::array<progress, 2> progress_{};
};

} // namespace cresset::detect::proto
