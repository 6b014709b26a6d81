#pragma once

#include "capture/base/counter.hpp"
#include "capture/decode/decoder.hpp"
#include "capture/source/packet_batch.hpp"

#include <array>
#include <cstdint>
#include <vector>

namespace cresset::detect::sensor {

/// Which of several workers a packet belongs to: the one of its two addresses, whichever way it
/// goes. So a worker has all flows of a pair of hosts, their fragments (which have no ports) and
/// what one conversation announces of the next (FTP's data). Packets without addresses are the
/// first worker's.
std::uint32_t worker_of(const capture::decode::decoded_packet& packet,
                        std::uint32_t workers) noexcept;

/// The part of one burst that one worker is to look at, with bytes of its own.
struct dealt_batch {
  std::vector<capture::source::packet> packets; ///< their views are set by `settle`
  std::vector<std::size_t> begins;              ///< of each packet's bytes
  std::vector<std::byte> bytes;
  timestamp until{};      ///< capture time of the burst's last packet, whose worker it ever is
  std::uint64_t last = 0; ///< its number

  void add(const capture::source::packet& one);
  /// Points the packets at their bytes. Call it once, behind the last add.
  void settle() noexcept;
};

/// Deals bursts to workers. A frame goes to the worker of each packet in it: of a tunnel's outer
/// packet and of the inner one, which both read it and each look at their own.
class dealer {
public:
  static constexpr std::uint32_t limit_workers = 64;

  dealer(const capture::decode::decoder_settings& settings, std::uint32_t workers);

  /// One batch a worker, empty where nothing is for it: every burst ends for everybody.
  std::vector<dealt_batch> deal(const capture::source::packet_batch& burst);
  const capture::decode::decoder_counters& decoder_counters() const noexcept {
    return decoder_.counters();
  }

private:
  capture::decode::decoder decoder_;
  std::uint32_t workers_;
  std::array<capture::decode::decoded_packet, capture::decode::decoder::limit_packets> decoded_;
};

} // namespace cresset::detect::sensor
