#include "detect/proto/dns/parser.hpp"

#include <algorithm>

namespace cresset::detect::proto::dns {
namespace {

constexpr auto to_server = direction::to_server;
constexpr auto to_client = direction::to_client;

constexpr buffer_description several(std::string_view name, direction way) {
  return {.name = name, .way = way, .available_at = progress_done, .several = true};
}

constexpr std::array buffers{several("dns.query", to_server),
                             several("dns.queries.rrname", to_server),
                             several("dns.queries.rrname", to_client),
                             several("dns.answers.rrname", to_server),
                             several("dns.answers.rrname", to_client),
                             several("dns.authorities.rrname", to_server),
                             several("dns.authorities.rrname", to_client),
                             several("dns.additionals.rrname", to_server),
                             several("dns.additionals.rrname", to_client),
                             several("dns.response.rrname", to_client),
                             several("dns.query.name", to_server),
                             several("dns.query.name", to_client),
                             several("dns.answer.name", to_server),
                             several("dns.answer.name", to_client)};
static_assert(buffers.size() == static_cast<std::size_t>(buffer_index::response_rrname_ts));

constexpr std::array fields{field_description{"dns.opcode", to_server, progress_done},
                            field_description{"dns.opcode", to_client, progress_done},
                            field_description{"dns.rcode", to_server, progress_done},
                            field_description{"dns.rcode", to_client, progress_done},
                            field_description{"dns.rrtype", to_server, progress_done, true},
                            field_description{"dns.rrtype", to_client, progress_done, true}};

constexpr std::array<std::string_view, 1> frame_types{"pdu"};

constexpr std::size_t length_size = 2;

std::size_t length_at(byte_view bytes) noexcept {
  return load_be16(bytes.first<length_size>());
}

} // namespace

const protocol_description description{"dns", buffers, fields, frame_types};

parse_status parser::bytes(direction way, byte_view bytes, timestamp) {
  frames_.take(way, bytes);
  given_ = bytes;
  if (over_ == transport::udp)
    frames_.open(way, frame_types[0], 0, bytes.size(), live_.next_number());
  return over_ == transport::udp ? one_message(way, bytes) : stream_bytes(way, bytes);
}

parse_status parser::one_message(direction way, byte_view bytes) {
  if (live_.size() >= transaction_limit) {
    ++refused_;
    return parse_status::resynchronised;
  }
  auto one = std::make_unique<message>(live_.next_number(), way);
  if (!one->read(bytes)) {
    // There is no transaction to carry the event of a message that is none; it goes to the one
    // before it.
    if (!live_.empty() && !one->refusal().empty())
      live_.newest().raise(one->refusal());
    return parse_status::resynchronised;
  }
  live_.add(std::move(one));
  return parse_status::consumed;
}

parse_status parser::stream_bytes(direction way, byte_view bytes) {
  auto& [open, lost_sync] = halves_[index(way)];
  if (lost_sync) {
    // Behind a gap a segment that begins with a plausible message is taken for the beginning of
    // one.
    if (bytes.size() < length_size + header::size ||
        !is_plausible(bytes.subspan(length_size), length_at(bytes)))
      return parse_status::resynchronised;
    lost_sync = false;
  }
  auto status = parse_status::consumed;
  while (!bytes.empty()) {
    if (open.empty() && bytes.size() >= length_size &&
        bytes.size() - length_size >= length_at(bytes)) {
      const auto length = length_at(bytes);
      if (length > 0)
        open_frame(way, bytes.data() - given_.data() + std::ptrdiff_t{length_size}, length);
      if (length > 0)
        status = one_message(way, bytes.subspan(length_size, length));
      bytes = bytes.subspan(length_size + length);
      continue;
    }
    const auto wanted = open.size() < length_size ? length_size : length_size + length_at(open);
    const auto taken = bytes.first(std::min(bytes.size(), wanted - open.size()));
    open.insert(open.end(), taken.begin(), taken.end());
    bytes = bytes.subspan(taken.size());
    if (wanted == length_size && open.size() == length_size && length_at(open) > 0)
      open_frame(way, bytes.data() - given_.data(), length_at(open));
    if (open.size() < length_size || open.size() < length_size + length_at(open))
      continue;
    if (open.size() > length_size)
      status = one_message(way, std::span{open}.subspan(length_size));
    open.clear();
  }
  return open.empty() ? status : parse_status::need_more;
}

void parser::open_frame(direction way, std::ptrdiff_t at, std::size_t length) {
  frames_.open(way, frame_types[0], at, length, live_.next_number());
}

parse_status parser::gap(direction way, std::uint64_t size) {
  frames_.skip(way, size);
  if (over_ == transport::tcp)
    halves_[index(way)] = {{}, true};
  return parse_status::resynchronised;
}

void parser::end(direction way) {
  frames_.end(way);
  halves_[index(way)].open.clear();
}

void parser::release(std::uint64_t number) noexcept {
  live_.take(number);
}

} // namespace cresset::detect::proto::dns
