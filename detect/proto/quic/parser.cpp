#include "detect/proto/quic/parser.hpp"

#include "detect/proto/tls/hello.hpp"

#include <utility>

namespace cresset::detect::proto::quic {
namespace {

constexpr auto to_server = direction::to_server;
constexpr std::size_t message_head_size = 4;
constexpr std::byte client_hello_message{1};
constexpr std::byte server_hello_message{2};

std::uint32_t number_of(byte_view version) noexcept {
  return version.size() == 4 ? load_be32(version.first<4>()) : 0;
}

} // namespace

message* parser::make(direction way, std::uint32_t version) {
  if (live_.size() >= transaction_limit)
    return nullptr;
  return &live_.add(std::make_unique<message>(live_.next_number(), way, version, logs_ja4_));
}

parse_status parser::bytes(direction way, byte_view bytes, timestamp) {
  auto& mine = halves_[index(way)];
  // Behind its hello a side says nothing that can be read.
  if (mine.has_hello || mine.attempts >= attempts_limit)
    return parse_status::consumed;
  ++mine.attempts;
  if (const auto version = gquic_version(bytes); !version.empty()) {
    auto hello = way == to_server ? read_gquic_hello(bytes) : std::nullopt;
    if (!hello) {
      on_hidden(way, number_of(version), {});
      return parse_status::consumed;
    }
    mine.has_hello = true;
    if (auto* one = make(way, number_of(version)))
      one->gquic = std::move(hello);
    return parse_status::consumed;
  }
  for (std::size_t i = 0; i < packets_limit && !bytes.empty() && !mine.has_hello; ++i) {
    const auto packet = read_long_packet(bytes);
    if (!packet)
      break;
    if (packet->type == packet_type::initial)
      on_initial(way, *packet);
    else if (packet->type == packet_type::unknown)
      on_hidden(way, packet->version, {});
    bytes = bytes.subspan(packet->bytes.size());
  }
  return parse_status::consumed;
}

std::optional<std::vector<std::byte>> parser::open(direction way, const long_packet& packet) {
  auto& mine = halves_[index(way)];
  if (mine.keys)
    if (auto frames = mine.keys->open(packet.bytes, packet.number_at))
      return frames;
  if (way != to_server)
    return std::nullopt;
  // The first packet of the client, or the first behind a Retry: its id makes the keys of both.
  auto keys = initial_keys::derive(packet.version, packet.destination, true);
  auto frames = keys ? keys->open(packet.bytes, packet.number_at) : std::nullopt;
  if (!frames)
    return std::nullopt;
  mine.keys = std::move(keys);
  halves_[index(direction::to_client)].keys =
      initial_keys::derive(packet.version, packet.destination, false);
  return frames;
}

void parser::on_initial(direction way, const long_packet& packet) {
  auto& mine = halves_[index(way)];
  const auto frames = open(way, packet);
  if (!frames)
    return on_hidden(way, packet.version, "failed_decrypt");
  std::vector<crypto_piece> pieces;
  bool is_whole = read_crypto_frames(*frames, pieces);
  for (const auto& [offset, bytes] : pieces)
    if (!mine.crypto.insert(offset, bytes))
      on_hidden(way, packet.version, "crypto_frag_too_long");
  if (!is_whole)
    on_hidden(way, packet.version, "error_on_data");
  if (mine.crypto.message())
    on_hello(way, packet.version);
}

void parser::on_hello(direction way, std::uint32_t version) {
  auto& mine = halves_[index(way)];
  mine.has_hello = true;
  const auto whole = *mine.crypto.message();
  const auto body = whole.subspan(message_head_size);
  auto* one = make(way, version);
  if (one == nullptr)
    return;
  event_list odd; // TLS's own, which have no place here
  if (whole.front() == client_hello_message && way == to_server)
    one->client = tls::read_client_hello(body, odd);
  else if (whole.front() == server_hello_message && way != to_server)
    one->server = tls::read_server_hello(body, odd);
  if (!one->client && !one->server)
    one->oddities.raise("error_on_data");
}

/// One transaction a direction tells of all that could not be read.
void parser::on_hidden(direction way, std::uint32_t version, std::string_view event) {
  if (std::exchange(halves_[index(way)].is_named, true))
    return;
  auto* one = make(way, version);
  if (one != nullptr && !event.empty())
    one->oddities.raise(event);
}

} // namespace cresset::detect::proto::quic
