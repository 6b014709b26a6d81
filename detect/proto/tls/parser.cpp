// A direction is a run of records, and the handshake a run of messages laid over records of type 22
// without regard to their borders:
//
//   record:   type 1 | version 2 | length 2 | content
//   message:  type 1 | length 3 | body
//
// Content is never gathered by record: handshake bytes go straight into the open message, of other
// records only the first bytes are looked at. When a direction changes keys, or sends application
// data, it is finished.
#include "detect/proto/tls/parser.hpp"

#include "capture/base/byte_reader.hpp"
#include "detect/proto/tls/certificate.hpp"
#include "detect/proto/tls/hello.hpp"

#include <algorithm>
#include <utility>

namespace cresset::detect::proto::tls {
namespace {

constexpr auto to_server = direction::to_server;
constexpr auto to_client = direction::to_client;

enum record_type : std::uint8_t {
  change_cipher_spec = 20,
  alert = 21,
  handshake_record = 22,
  application = 23,
  heartbeat = 24,
};
enum message_type : std::uint8_t {
  client_hello_message = 1,
  server_hello_message = 2,
  new_session_ticket = 4,
  certificate_message = 11,
  server_key_exchange = 12,
  server_hello_done = 14,
  client_key_exchange = 16,
};
constexpr std::size_t message_head_size = 4;
constexpr std::size_t record_limit = (1U << 14U) + 2048;
constexpr std::size_t sslv2_limit = 4096;
constexpr std::uint16_t version_1_3 = 0x0304;

progress as_progress(client_progress p) noexcept {
  return static_cast<progress>(p);
}
progress as_progress(server_progress p) noexcept {
  return static_cast<progress>(p);
}

unsigned number_at(byte_view bytes, std::size_t i) noexcept {
  return std::to_integer<unsigned>(bytes[i]);
}

/// Head and body of the message that begins here; of a head that is not whole yet, the head alone.
std::size_t size_of_message(byte_view begin) noexcept {
  if (begin.size() < message_head_size)
    return message_head_size;
  return message_head_size +
         (number_at(begin, 1) << 16 | number_at(begin, 2) << 8 | number_at(begin, 3));
}
bool is_whole(byte_view message) noexcept {
  return message.size() >= message_head_size && message.size() >= size_of_message(message);
}

} // namespace

handshake& parser::transaction_of_flow() {
  if (!one_) {
    one_ = std::make_unique<handshake>(0, settings_, from_);
    shown_ = one_.get();
  }
  return *one_;
}

std::span<transaction* const> parser::transactions() noexcept {
  if (!one_ || is_released_)
    return {};
  return {&shown_, 1};
}

void parser::release(std::uint64_t number) noexcept {
  if (one_ && number == one_->number())
    is_released_ = true;
}

parse_status parser::broken(direction way, std::string_view event) {
  halves_[index(way)].is_broken = true;
  transaction_of_flow().events_.raise(event);
  return parse_status::malformed;
}

parse_status parser::bytes(direction way, byte_view bytes, timestamp) {
  auto& mine = halves_[index(way)];
  if (mine.is_broken)
    return parse_status::malformed;
  if (mine.is_finished)
    return parse_status::finished;
  transaction_of_flow();
  frames_.take(way, bytes);
  const auto* const given = bytes.data();
  if (begins_sslv2(mine, bytes))
    if (const auto status = sslv2_bytes(way, bytes); status != parse_status::consumed)
      return status;
  while (!bytes.empty() && !mine.is_finished) {
    if (mine.head_size < record_head_size) {
      const auto taken = std::min(bytes.size(), record_head_size - mine.head_size);
      std::copy_n(bytes.begin(), taken,
                  mine.head.begin() + static_cast<std::ptrdiff_t>(mine.head_size));
      mine.head_size += taken;
      bytes = bytes.subspan(taken);
      if (mine.head_size < record_head_size)
        break;
      if (!begin_record(way))
        return parse_status::malformed;
      name_frames(way, bytes.data() - given);
    }
    const auto taken = std::min(bytes.size(), mine.record_left);
    record_bytes(way, bytes.first(taken));
    bytes = bytes.subspan(taken);
    mine.record_left -= taken;
    if (mine.record_left == 0)
      end_record(way);
    if (mine.is_broken)
      return parse_status::malformed;
  }
  if (mine.is_finished)
    return parse_status::finished;
  return mine.head_size > 0 || !mine.message.empty() ? parse_status::need_more
                                                     : parse_status::consumed;
}

/// The record whose contents begin at `at`.
void parser::name_frames(direction way, std::int64_t at) {
  if (!frames_.is_awake())
    return;
  const auto& mine = halves_[index(way)];
  const auto head = static_cast<std::int64_t>(record_head_size);
  const auto whole = record_head_size + mine.record_size;
  frames_.open(way, "pdu", at - head, whole, 0);
  frames_.open(way, "hdr", at - head, record_head_size, 0);
  frames_.open(way, "data", at, mine.record_size, 0);
  if (mine.record_type == alert)
    frames_.open(way, "alert_pdu", at - head, whole, 0);
  if (mine.record_type == heartbeat)
    frames_.open(way, "hb_pdu", at - head, whole, 0);
}

bool parser::begins_sslv2(const half& mine, byte_view bytes) const noexcept {
  if (!mine.sslv2.empty())
    return true;
  return mine.records == 0 && mine.head_size == 0 && !bytes.empty() &&
         (number_at(bytes, 0) & 0x80U) != 0;
}

/// Takes the hello of SSL 2 that a direction may begin with, whole; what follows is records again.
parse_status parser::sslv2_bytes(direction way, byte_view& bytes) {
  auto& open = halves_[index(way)].sslv2;
  const auto take = [&](std::size_t wanted) {
    const auto taken = std::min(bytes.size(), wanted - std::min(wanted, open.size()));
    open.insert(open.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(taken));
    bytes = bytes.subspan(taken);
    return open.size() >= wanted;
  };
  if (!take(2))
    return parse_status::need_more;
  const std::size_t length = (number_at(open, 0) & 0x7fU) << 8 | number_at(open, 1);
  if (length < 3 || length > sslv2_limit)
    return broken(way, "invalid_sslv2_header");
  if (!take(2 + length))
    return parse_status::need_more;
  auto& one = transaction_of_flow();
  const auto body = std::span{std::as_const(open)}.subspan(2);
  ++halves_[index(way)].records;
  if (way == to_server) {
    auto hello = read_sslv2_hello(body);
    if (!hello)
      return broken(way, "invalid_sslv2_header");
    one.versions_[index(way)] = hello->version;
    one.states_[index(way)] |= static_cast<std::uint8_t>(ssl_state::client_hello);
    one.client_ = std::move(*hello);
    one.advance(way, as_progress(client_progress::hello));
  } else {
    // SERVER-HELLO (4): its certificate is of another kind of world; what follows is not
    // understood.
    if (number_at(body, 0) != 4)
      return broken(way,
                    number_at(body, 0) == 0 ? "error_message_encountered" : "invalid_sslv2_header");
    one.versions_[index(way)] = 2;
    one.states_[index(way)] |= static_cast<std::uint8_t>(ssl_state::server_hello);
    one.advance(way, as_progress(server_progress::hello));
    finish(to_server);
    finish(to_client);
  }
  open = {};
  return halves_[index(way)].is_finished ? parse_status::finished : parse_status::consumed;
}

bool parser::begin_record(direction way) {
  auto& mine = halves_[index(way)];
  const auto type = std::to_integer<std::uint8_t>(mine.head[0]);
  const auto version =
      load_be16(std::span<const std::byte, record_head_size>{mine.head}.subspan<1, 2>());
  const auto length =
      load_be16(std::span<const std::byte, record_head_size>{mine.head}.subspan<3, 2>());
  const bool is_first = mine.records++ == 0;
  if (type < change_cipher_spec || type > heartbeat)
    return broken(way, is_first ? "invalid_tls_header" : "invalid_record_type"), false;
  if (version >> 8 != 3 && version >> 8 != 0x7f)
    return broken(way, "invalid_record_version"), false;
  if (length > record_limit)
    return broken(way, "invalid_ssl_record"), false;
  mine.record_type = type;
  mine.record_size = mine.record_left = length;
  mine.small_size = 0;
  auto& seen_version = one_->versions_[index(way)];
  if (seen_version == 0 && type == handshake_record)
    seen_version = version;
  if (type == application ||
      (mine.has_changed_keys && type != change_cipher_spec && type != heartbeat))
    finish(way);
  return true;
}

void parser::record_bytes(direction way, byte_view bytes) {
  auto& mine = halves_[index(way)];
  if (mine.is_finished)
    return;
  if (mine.record_type == handshake_record)
    return handshake_bytes(way, bytes);
  const auto taken = std::min(bytes.size(), small_limit - mine.small_size);
  std::copy_n(bytes.begin(), taken,
              mine.small.begin() + static_cast<std::ptrdiff_t>(mine.small_size));
  mine.small_size += taken;
}

void parser::end_record(direction way) {
  auto& mine = halves_[index(way)];
  mine.head_size = 0;
  if (mine.is_finished)
    return;
  if (mine.record_type == change_cipher_spec)
    on_change_of_keys(way);
  else if (mine.record_type == heartbeat)
    on_heartbeat(way);
}

void parser::handshake_bytes(direction way, byte_view bytes) {
  auto& mine = halves_[index(way)];
  while (!bytes.empty() && !mine.is_broken) {
    if (mine.message_to_skip > 0) {
      const auto skipped = std::min(bytes.size(), mine.message_to_skip);
      mine.message_to_skip -= skipped;
      bytes = bytes.subspan(skipped);
      continue;
    }
    const auto head = mine.message.empty() ? bytes : byte_view{mine.message};
    const auto wanted = size_of_message(head);
    if (head.size() >= message_head_size && wanted > message_limit_bytes) {
      one_->events_.raise("handshake_invalid_length");
      mine.message_to_skip = wanted - mine.message.size();
      mine.message.clear();
      continue;
    }
    if (mine.message.empty() && head.size() >= message_head_size && bytes.size() >= wanted) {
      on_message(way, static_cast<std::uint8_t>(number_at(bytes, 0)),
                 bytes.subspan(message_head_size, wanted - message_head_size));
      bytes = bytes.subspan(wanted);
      continue;
    }
    const auto taken = std::min(bytes.size(), wanted - mine.message.size());
    mine.message.insert(mine.message.end(), bytes.begin(),
                        bytes.begin() + static_cast<std::ptrdiff_t>(taken));
    bytes = bytes.subspan(taken);
    if (!is_whole(mine.message))
      continue;
    const auto whole = std::exchange(mine.message, {});
    on_message(way, static_cast<std::uint8_t>(number_at(whole, 0)),
               std::span{whole}.subspan(message_head_size));
  }
}

void parser::on_message(direction way, std::uint8_t type, byte_view body) {
  auto& one = *one_;
  auto& state = one.states_[index(way)];
  switch (type) {
  case client_hello_message:
  case server_hello_message: return on_hello(way, type, body);
  case certificate_message: return on_certificate(way, body);
  case server_key_exchange: state |= static_cast<std::uint8_t>(ssl_state::server_keyx); return;
  case client_key_exchange: state |= static_cast<std::uint8_t>(ssl_state::client_keyx); return;
  case server_hello_done:
    if (way == to_client)
      one.advance(way, as_progress(server_progress::hello_done));
    return;
  default:
    if (type > 24 && type != 67 && type != 203 && type != 254)
      one.events_.raise("invalid_handshake_message");
    return;
  }
}

void parser::on_hello(direction way, std::uint8_t type, byte_view body) {
  auto& one = *one_;
  if ((type == client_hello_message) != (way == to_server)) {
    one.events_.raise("invalid_handshake_message");
    return;
  }
  if (way == to_server) {
    auto hello = read_client_hello(body, one.events_);
    if (!hello) {
      broken(way, "handshake_invalid_length");
      return;
    }
    one.states_[index(way)] |= static_cast<std::uint8_t>(ssl_state::client_hello);
    if (!one.client_) { // the second, behind a HelloRetryRequest, repeats the first
      one.versions_[index(way)] = hello->version;
      one.client_ = std::move(*hello);
    }
    one.advance(way, as_progress(client_progress::hello));
    return;
  }
  auto hello = read_server_hello(body, one.events_);
  if (!hello) {
    broken(way, "handshake_invalid_length");
    return;
  }
  one.states_[index(way)] |= static_cast<std::uint8_t>(ssl_state::server_hello);
  one.versions_[index(way)] = hello->version;
  one.server_ = std::move(*hello);
  one.advance(way, as_progress(server_progress::hello));
}

void parser::on_certificate(direction way, byte_view body) {
  auto& one = *one_;
  auto& chain = one.chains_[index(way)];
  byte_reader outer{body};
  const auto size = outer.be24();
  const auto list = size ? outer.take(*size) : std::nullopt;
  if (!list) {
    one.events_.raise("certificate_invalid_length");
    return;
  }
  byte_reader in{*list};
  while (!in.empty() && chain.certificates.size() < chain_limit) {
    const auto length = in.be24();
    const auto der = length ? in.take(*length) : std::nullopt;
    if (!der || der->empty()) {
      one.events_.raise("certificate_invalid_length");
      break;
    }
    chain.certificates.emplace_back(as_text(*der));
  }
  if (!chain.certificates.empty() && chain.fingerprint.empty() &&
      !read_certificate(chain.certificates.front(), chain, one.events_))
    broken(way, "invalid_handshake_message");
  one.advance(way, way == to_server ? as_progress(client_progress::certificate)
                                    : as_progress(server_progress::certificate));
}

void parser::on_change_of_keys(direction way) {
  auto& one = *one_;
  halves_[index(way)].has_changed_keys = true;
  if (way == to_client && one.server_ && one.server_->version < version_1_3 && one.client_ &&
      one.chain(to_client).certificates.empty())
    one.resumed_ = true;
  one.advance(way, way == to_server ? as_progress(client_progress::handshake)
                                    : as_progress(server_progress::handshake));
}

/// RFC 6520 3: type 1, payload length 2, payload, padding of at least 16.
void parser::on_heartbeat(direction way) {
  auto& mine = halves_[index(way)];
  auto& events = one_->events_;
  events.raise("heartbeat_message");
  const auto asked = halves_[index(opposite(way))].heartbeat_size;
  mine.heartbeat_size = mine.record_size;
  if (mine.has_changed_keys) {
    // Encrypted: only the sizes tell. An answer longer than its question leaks.
    if (asked > 0 && mine.record_size > asked)
      events.raise("dataleak_heartbeat_mismatch");
    return;
  }
  if (mine.small_size < 3 || number_at(mine.small, 0) < 1 || number_at(mine.small, 0) > 2)
    return events.raise("invalid_heartbeat_message");
  const std::size_t payload = number_at(mine.small, 1) << 8 | number_at(mine.small, 2);
  if (number_at(mine.small, 0) == 1 && payload + 3 > mine.record_size)
    events.raise("overflow_heartbeat_message");
  if (number_at(mine.small, 0) == 2 && asked > 0 && mine.record_size > asked)
    events.raise("dataleak_heartbeat_mismatch");
}

void parser::finish(direction way) {
  auto& mine = halves_[index(way)];
  mine.is_finished = true;
  mine.message = {};
  one_->advance(way, progress_done);
}

parse_status parser::gap(direction way, std::uint64_t size) {
  frames_.skip(way, size);
  auto& mine = halves_[index(way)];
  if (mine.is_broken)
    return parse_status::malformed;
  if (mine.is_finished)
    return parse_status::finished;
  // Inside a record whose content matters no more the stream can be followed across; elsewhere it
  // is lost.
  if (mine.head_size == record_head_size && mine.record_type != handshake_record &&
      size < mine.record_left) {
    mine.record_left -= static_cast<std::size_t>(size);
    return parse_status::resynchronised;
  }
  mine.is_broken = true;
  return parse_status::malformed;
}

void parser::end(direction way) {
  frames_.end(way);
  if (one_)
    one_->advance(way, progress_done);
}

} // namespace cresset::detect::proto::tls
