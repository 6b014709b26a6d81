// The bytes of the uplink protocol (docs/wire-format.md section 2). Big-endian throughout; 13 bytes
// of head, then the body of its kind. What is longer than a known body is passed over: a later
// version added it.
#include "detect/alert/uplink_message.hpp"

#include "capture/base/byte_reader.hpp"
#include "detect/alert/alert.hpp"

#include <algorithm>
#include <cassert>

namespace cresset::detect::alert {
namespace {

constexpr std::uint32_t magic = 0x43525531;               // "CRU1"
constexpr std::size_t entries_offset = 4 + 1 + 8 + 4 + 8; // where a batch keeps its count
constexpr std::uint8_t record_tag = 0;
constexpr std::uint8_t dropped_tag = 1;

enum class kind : std::uint8_t {
  hello = 1,
  batch = 2,
  sensor_heartbeat = 3,
  welcome = 17,
  ack = 18,
  resume = 19,
  busy = 20,
  bye = 21,
  server_heartbeat = 22,
};

class writer {
public:
  writer(kind of, std::uint64_t session) {
    u32(magic).u8(static_cast<std::uint8_t>(of)).u64(session);
  }

  writer& u8(std::uint8_t value) {
    bytes_.push_back(std::byte{value});
    return *this;
  }
  writer& u16(std::uint16_t value) {
    return u8(static_cast<std::uint8_t>(value >> 8)).u8(value & 0xffU);
  }
  writer& u32(std::uint32_t value) {
    return u16(static_cast<std::uint16_t>(value >> 16))
        .u16(static_cast<std::uint16_t>(value & 0xffffU));
  }
  writer& u64(std::uint64_t value) {
    return u32(static_cast<std::uint32_t>(value >> 32))
        .u32(static_cast<std::uint32_t>(value & 0xffffffffU));
  }
  writer& bytes(byte_view more) {
    bytes_.insert(bytes_.end(), more.begin(), more.end());
    return *this;
  }
  writer& text(std::string_view text) {
    text = text.substr(0, 255);
    return u8(static_cast<std::uint8_t>(text.size())).bytes(as_bytes(text));
  }
  std::vector<std::byte> take() { return std::move(bytes_); }

private:
  std::vector<std::byte> bytes_;
};

/// Reads fields one after the other; the first that is not there makes `failed()` true and the rest
/// zero.
class fields {
public:
  explicit fields(byte_view bytes) noexcept : in_{bytes} {}

  std::uint8_t u8() noexcept { return take(in_.u8()); }
  std::uint16_t u16() noexcept { return take(in_.be16()); }
  std::uint32_t u32() noexcept { return take(in_.be32()); }
  std::uint64_t u64() noexcept { return take(in_.be64()); }
  byte_view bytes(std::size_t size) noexcept { return take(in_.take(size)); }
  /// A time that older sensors do not send; zero for what is no time of ours. A part of one is a
  /// truncated message.
  timestamp clock() noexcept {
    const auto told = in_.empty() ? 0 : u64();
    return told <= latest_ns ? timestamp_from_ns(static_cast<std::int64_t>(told)) : timestamp{};
  }
  std::string text() { return std::string{as_text(bytes(u8()))}; }
  bool failed() const noexcept { return failed_; }

private:
  template <typename Value>
  Value take(std::optional<Value> value) noexcept {
    if (!value)
      failed_ = true;
    return value.value_or(Value{});
  }

  static constexpr std::uint64_t latest_ns = ~std::uint64_t{0} >> 1;
  byte_reader in_;
  bool failed_ = false;
};

std::optional<hello_message> read_hello(fields& in) {
  hello_message hello;
  hello.version = in.u16();
  const auto epoch = in.bytes(16);
  std::copy(epoch.begin(), epoch.end(), hello.epoch.bytes.begin());
  hello.first = in.u64();
  hello.next = in.u64();
  hello.software = in.text();
  hello.clock = in.clock();
  if (in.failed() || hello.version == 0 || hello.epoch.is_none() || hello.first == 0 ||
      hello.first > hello.next)
    return std::nullopt;
  return hello;
}

std::optional<batch_entry> read_entry(fields& in, std::uint64_t first) {
  batch_entry entry{.first = first, .last = first, .dropped = {}, .record = {}};
  const auto tag = in.u8();
  if (tag == record_tag) {
    const std::uint32_t size = in.u32();
    if (size == 0 || size > limits::record_bytes)
      return std::nullopt;
    entry.record = in.bytes(size);
  } else if (tag == dropped_tag) {
    const auto why = in.u8();
    if (why < 1 || why > 3)
      return std::nullopt;
    entry.dropped = static_cast<drop_reason>(why);
    entry.last = in.u64();
  } else {
    return std::nullopt;
  }
  // ~0 is kept free so that "the one behind" always exists
  if (in.failed() || entry.last < first || entry.last == ~std::uint64_t{0})
    return std::nullopt;
  return entry;
}

std::optional<batch_message> read_batch(fields& in) {
  batch_message batch;
  batch.round = in.u32();
  batch.first = in.u64();
  const std::uint16_t count = in.u16();
  if (in.failed() || batch.first == 0 || count == 0 || count > uplink_batch_limit_entries)
    return std::nullopt;
  batch.entries.reserve(count);
  std::uint64_t next = batch.first;
  for (std::uint16_t i = 0; i < count; ++i) {
    const auto entry = read_entry(in, next);
    if (!entry)
      return std::nullopt;
    batch.entries.push_back(*entry);
    next = entry->last + 1;
  }
  batch.last = next - 1;
  return batch;
}

std::optional<welcome_message> read_welcome(fields& in) {
  welcome_message welcome;
  welcome.version = in.u16();
  welcome.resume_from = in.u64();
  welcome.max_batch_alerts = in.u16();
  welcome.max_message_bytes = in.u32();
  welcome.window_batches = in.u16();
  welcome.heartbeat_ms = in.u32();
  if (in.failed() || welcome.resume_from == 0 || welcome.max_batch_alerts == 0 ||
      welcome.window_batches == 0 || welcome.heartbeat_ms < 10 || welcome.heartbeat_ms > 60'000 ||
      welcome.max_message_bytes < 1024)
    return std::nullopt;
  return welcome;
}

std::optional<bye_message> read_bye(fields& in) {
  bye_message bye;
  const auto reason = in.u8();
  bye.text = in.text();
  if (in.failed() || reason < 1 || reason > 5)
    return std::nullopt;
  bye.reason = static_cast<bye_reason>(reason);
  return bye;
}

std::optional<sensor_body> read_sensor_body(std::uint8_t of, fields& in) {
  const auto wrap = [](auto&& body) -> std::optional<sensor_body> {
    return body ? std::optional<sensor_body>{std::move(*body)} : std::nullopt;
  };
  switch (static_cast<kind>(of)) {
  case kind::hello: return wrap(read_hello(in));
  case kind::batch: return wrap(read_batch(in));
  case kind::sensor_heartbeat: {
    const auto next = in.u64();
    const auto clock = in.clock();
    return sensor_heartbeat{next, clock};
  }
  default: return unknown_message{of};
  }
}

std::optional<server_body> read_server_body(std::uint8_t of, fields& in) {
  const auto wrap = [](auto&& body) -> std::optional<server_body> {
    return body ? std::optional<server_body>{std::move(*body)} : std::nullopt;
  };
  switch (static_cast<kind>(of)) {
  case kind::welcome: return wrap(read_welcome(in));
  case kind::ack: return ack_message{in.u64()};
  case kind::resume: {
    const auto round = in.u32();
    return resume_message{round, in.u64()};
  }
  case kind::busy: {
    const auto round = in.u32();
    const auto from = in.u64();
    return busy_message{round, from, in.u32()};
  }
  case kind::bye: return wrap(read_bye(in));
  case kind::server_heartbeat: return server_heartbeat{};
  default: return unknown_message{of};
  }
}

template <typename Body, typename Read>
std::optional<uplink_message<Body>> read_message(byte_view bytes, Read read) {
  fields in{bytes};
  const bool ours = in.u32() == magic;
  const auto of = in.u8();
  const auto session = in.u64();
  if (in.failed() || !ours || bytes.size() > uplink_message_limit_bytes)
    return std::nullopt;
  auto body = read(of, in);
  if (!body || in.failed())
    return std::nullopt;
  return uplink_message<Body>{session, std::move(*body)};
}

} // namespace

std::optional<uplink_message<sensor_body>> read_sensor_message(byte_view bytes) {
  return read_message<sensor_body>(bytes, read_sensor_body);
}

std::optional<uplink_message<server_body>> read_server_message(byte_view bytes) {
  return read_message<server_body>(bytes, read_server_body);
}

std::vector<std::byte> write_message(std::uint64_t session, const hello_message& hello) {
  writer out{kind::hello, session};
  return out.u16(hello.version)
      .bytes(hello.epoch.bytes)
      .u64(hello.first)
      .u64(hello.next)
      .text(hello.software)
      .u64(static_cast<std::uint64_t>(to_ns(hello.clock)))
      .take();
}
std::vector<std::byte> write_message(std::uint64_t session, const sensor_heartbeat& heartbeat) {
  return writer{kind::sensor_heartbeat, session}
      .u64(heartbeat.next)
      .u64(static_cast<std::uint64_t>(to_ns(heartbeat.clock)))
      .take();
}
std::vector<std::byte> write_message(std::uint64_t session, const welcome_message& welcome) {
  writer out{kind::welcome, session};
  out.u16(welcome.version).u64(welcome.resume_from).u16(welcome.max_batch_alerts);
  return out.u32(welcome.max_message_bytes)
      .u16(welcome.window_batches)
      .u32(welcome.heartbeat_ms)
      .take();
}
std::vector<std::byte> write_message(std::uint64_t session, const ack_message& ack) {
  return writer{kind::ack, session}.u64(ack.through).take();
}
std::vector<std::byte> write_message(std::uint64_t session, const resume_message& resume) {
  return writer{kind::resume, session}.u32(resume.round).u64(resume.from).take();
}
std::vector<std::byte> write_message(std::uint64_t session, const busy_message& busy) {
  return writer{kind::busy, session}.u32(busy.round).u64(busy.from).u32(busy.retry_ms).take();
}
std::vector<std::byte> write_message(std::uint64_t session, const bye_message& bye) {
  return writer{kind::bye, session}.u8(static_cast<std::uint8_t>(bye.reason)).text(bye.text).take();
}
std::vector<std::byte> write_message(std::uint64_t session, const server_heartbeat&) {
  return writer{kind::server_heartbeat, session}.take();
}

batch_writer::batch_writer(std::uint64_t session, std::uint32_t round, std::uint64_t first)
    : bytes_{writer{kind::batch, session}.u32(round).u64(first).u16(0).take()}, first_{first},
      next_{first} {}

void batch_writer::add_record(byte_view record) {
  assert(entries_ < uplink_batch_limit_entries && !record.empty() &&
         record.size() <= limits::record_bytes);
  std::array<std::byte, 5> head{std::byte{record_tag}};
  store_be32(std::span{head}.last<4>(), static_cast<std::uint32_t>(record.size()));
  bytes_.insert(bytes_.end(), head.begin(), head.end());
  bytes_.insert(bytes_.end(), record.begin(), record.end());
  ++next_;
  ++entries_;
}

void batch_writer::add_dropped(drop_reason why, std::uint64_t last) {
  assert(entries_ < uplink_batch_limit_entries && last >= next_);
  std::array<std::byte, 10> entry{std::byte{dropped_tag}, static_cast<std::byte>(why)};
  store_be32(std::span{entry}.subspan<2, 4>(), static_cast<std::uint32_t>(last >> 32));
  store_be32(std::span{entry}.subspan<6, 4>(), static_cast<std::uint32_t>(last & 0xffffffffU));
  bytes_.insert(bytes_.end(), entry.begin(), entry.end());
  next_ = last + 1;
  ++entries_;
}

std::vector<std::byte> batch_writer::finish() && {
  store_be16(std::span{bytes_}.subspan<entries_offset, 2>(), entries_);
  return std::move(bytes_);
}

} // namespace cresset::detect::alert
