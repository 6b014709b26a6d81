#include "detect/sensor/dealer.hpp"

#include <cstring>

namespace cresset::detect::sensor {
namespace {

std::uint64_t mix(const ip_address& address) noexcept {
  std::array<std::uint64_t, 2> words;
  static_assert(sizeof words == 16);
  std::memcpy(words.data(), address.storage().data(), sizeof words);
  std::uint64_t h = (words[0] ^ 0xa0761d6478bd642f) * 0x9e3779b97f4a7c15;
  h = (h ^ h >> 29 ^ words[1]) * 0xd1b54a32d192ed03;
  return h ^ h >> 32;
}

} // namespace

std::uint32_t worker_of(const capture::decode::decoded_packet& packet,
                        std::uint32_t workers) noexcept {
  using capture::decode::decode_status;
  if (workers < 2 || !packet.is_ip() || packet.status == decode_status::damaged_link ||
      packet.status == decode_status::damaged_network)
    return 0;
  const auto both = mix(packet.tuple.source) + mix(packet.tuple.destination); // either way round
  return static_cast<std::uint32_t>((both ^ both >> 31) % workers);
}

void dealt_batch::add(const capture::source::packet& one) {
  begins.push_back(bytes.size());
  bytes.insert(bytes.end(), one.bytes.begin(), one.bytes.end());
  packets.push_back(one);
}

void dealt_batch::settle() noexcept {
  for (std::size_t i = 0; i < packets.size(); ++i)
    packets[i].bytes = byte_view{bytes}.subspan(begins[i], packets[i].bytes.size());
}

dealer::dealer(const capture::decode::decoder_settings& settings, std::uint32_t workers)
    : decoder_{settings}, workers_{workers} {}

std::vector<dealt_batch> dealer::deal(const capture::source::packet_batch& burst) {
  std::vector<dealt_batch> hands(workers_);
  for (const auto& one : burst) {
    const auto count = decoder_.decode(one.bytes, one.link, decoded_);
    std::uint64_t given = 0; // a bit a worker
    for (std::size_t i = 0; i < count; ++i) {
      const auto to = worker_of(decoded_[i], workers_);
      if ((given >> to & 1U) == 0)
        hands[to].add(one);
      given |= std::uint64_t{1} << to;
    }
  }
  for (auto& hand : hands) {
    hand.settle();
    if (!burst.empty()) {
      hand.until = burst[burst.size() - 1].captured_at;
      hand.last = burst[burst.size() - 1].number;
    }
  }
  return hands;
}

} // namespace cresset::detect::sensor
