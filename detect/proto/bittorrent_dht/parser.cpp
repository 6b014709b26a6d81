#include "detect/proto/bittorrent_dht/parser.hpp"

namespace cresset::detect::proto::bittorrent_dht {

constinit const protocol_description description{"bittorrent-dht", {}, {}};

parse_status parser::bytes(direction way, byte_view bytes, timestamp) {
  if (live_.size() >= transaction_limit) {
    ++refused_;
    return parse_status::resynchronised;
  }
  auto& one = live_.add(std::make_unique<message>(live_.next_number(), way));
  return one.read(as_text(bytes)) ? parse_status::consumed : parse_status::resynchronised;
}

} // namespace cresset::detect::proto::bittorrent_dht
