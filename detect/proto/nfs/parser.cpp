#include "detect/proto/nfs/parser.hpp"

namespace cresset::detect::proto::nfs {

parse_status parser::bytes(direction way, byte_view bytes, timestamp) {
  if (over_ == transport::udp)
    return of_.message(way, bytes, false) ? parse_status::consumed : parse_status::resynchronised;
  auto& stream = streams_[index(way)];
  bool is_understood = true;
  stream.feed(bytes, [&](byte_view message, bool is_cut) {
    is_understood = of_.message(way, message, is_cut) && is_understood;
  });
  return !is_understood     ? parse_status::resynchronised
         : stream.is_open() ? parse_status::need_more
                            : parse_status::consumed;
}

parse_status parser::gap(direction way, std::uint64_t size) {
  if (over_ == transport::tcp)
    streams_[index(way)].lose(
        size, [&](byte_view message, bool is_cut) { of_.message(way, message, is_cut); });
  return parse_status::resynchronised;
}

void parser::end(direction way) {
  if (over_ == transport::tcp)
    streams_[index(way)].end(
        [&](byte_view message, bool is_cut) { of_.message(way, message, is_cut); });
  of_.end(way);
}

} // namespace cresset::detect::proto::nfs
