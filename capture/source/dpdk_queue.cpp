#include "capture/source/dpdk_queue.hpp"

#include <fmt/format.h>

#include <cstring>
#include <rte_ethdev.h>
#include <rte_mbuf.h>
#include <rte_mbuf_dyn.h>
#include <stdexcept>

namespace cresset::capture::source {
namespace {

// Frames in several buffers are rare, and a batch of nothing else still has room for sixteen of the
// longest.
constexpr std::size_t joined_bytes = 16 * dpdk_queue::limit_frame_bytes;

} // namespace

dpdk_queue::dpdk_queue(const dpdk_port& port, std::uint16_t queue,
                       std::optional<std::chrono::milliseconds> end_after_idle)
    : port_{port}, queue_{queue},
      end_after_idle_{end_after_idle}, name_{fmt::format("dpdk {} queue {}", port.name(), queue)},
      joined_(joined_bytes) {
  if (queue >= port.queues())
    throw std::runtime_error{fmt::format("{}: the port has {} queues", name_, port.queues())};
  if (!port.has_utc_timestamps())
    return;
  timestamp_offset_ = rte_mbuf_dynfield_lookup(RTE_MBUF_DYNFIELD_TIMESTAMP_NAME, nullptr);
  const int flag = rte_mbuf_dynflag_lookup(RTE_MBUF_DYNFLAG_RX_TIMESTAMP_NAME, nullptr);
  if (timestamp_offset_ >= 0 && flag >= 0)
    timestamp_flag_ = std::uint64_t{1} << flag;
}

dpdk_queue::~dpdk_queue() {
  give_back();
}

void dpdk_queue::give_back() noexcept {
  rte_pktmbuf_free_bulk(held_.data(), held_count_);
  held_count_ = 0;
  joined_used_ = 0;
}

void dpdk_queue::release(packet_batch& batch) noexcept {
  batch.clear();
  give_back();
}

bool dpdk_queue::is_over() noexcept {
  if (!end_after_idle_)
    return false;
  const auto moment = std::chrono::steady_clock::now();
  if (!idle_since_)
    idle_since_ = moment;
  is_over_ = moment - *idle_since_ >= *end_after_idle_;
  return is_over_;
}

std::optional<byte_view> dpdk_queue::whole_frame(const rte_mbuf& first) noexcept {
  if (first.nb_segs == 1)
    return byte_view{rte_pktmbuf_mtod(&first, const std::byte*), first.data_len};
  const std::size_t size = first.pkt_len;
  if (size > limit_frame_bytes || size > joined_.size() - joined_used_)
    return std::nullopt;
  const auto to = std::span{joined_}.subspan(joined_used_, size);
  std::size_t done = 0;
  for (const auto* part = &first; part != nullptr && done + part->data_len <= size;
       part = part->next) {
    std::memcpy(to.data() + done, rte_pktmbuf_mtod(part, const std::byte*), part->data_len);
    done += part->data_len;
  }
  joined_used_ += size;
  return to.first(done);
}

// NICs stamp in ticks of a clock of their own; only what is known to be UTC is taken.
timestamp dpdk_queue::moment_of(const rte_mbuf& buffer, timestamp otherwise) const noexcept {
  if (timestamp_flag_ == 0 || (buffer.ol_flags & timestamp_flag_) == 0)
    return otherwise;
  const auto microseconds =
      *RTE_MBUF_DYNFIELD(&buffer, timestamp_offset_, const rte_mbuf_timestamp_t*);
  return timestamp_from_ns(static_cast<std::int64_t>(microseconds) * 1'000);
}

read_status dpdk_queue::read(packet_batch& batch) noexcept {
  release(batch);
  if (is_over_)
    return read_status::end;
  held_count_ =
      rte_eth_rx_burst(port_.id(), queue_, held_.data(), static_cast<std::uint16_t>(held_.size()));
  if (held_count_ == 0)
    return is_over() ? read_status::end : read_status::idle;
  idle_since_.reset();
  const auto arrived_at = now();
  for (std::uint16_t i = 0; i < held_count_; ++i) {
    const auto frame = whole_frame(*held_[i]);
    ++packets_;
    if (!frame) {
      ++refused_packets_;
      continue;
    }
    bytes_ += frame->size();
    batch.push({*frame, moment_of(*held_[i], arrived_at), packets_, held_[i]->pkt_len, 0,
                link_type::ethernet});
  }
  return batch.empty() ? read_status::idle : read_status::packets;
}

source_counters dpdk_queue::counters() const noexcept {
  source_counters counters;
  counters.received_packets = packets_;
  counters.received_bytes = bytes_;
  counters.refused_packets = refused_packets_;
  // A port counts its losses, not a queue: they stand with the first, so that a sum over queues is
  // right.
  counters.dropped_packets = queue_ == 0 || !port_.dropped_packets() ? port_.dropped_packets() : 0;
  return counters;
}

} // namespace cresset::capture::source
