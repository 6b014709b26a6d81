#include "capture/source/pcap_live.hpp"

#include "capture/source/link_types.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <linux/if_packet.h>
#include <pcap/pcap.h>
#include <poll.h>
#include <stdexcept>
#include <sys/socket.h>

namespace cresset::capture::source {
namespace {

// Room for a full batch of ordinary packets; one of the longest kind always fits beside them.
constexpr std::size_t ordinary_buffer_bytes = 512 * 1024;

std::string names_of_interfaces() {
  std::string names;
  pcap_if_t* all = nullptr;
  char error[PCAP_ERRBUF_SIZE];
  if (pcap_findalldevs(&all, error) != 0)
    return names;
  for (const auto* one = all; one != nullptr; one = one->next)
    if ((one->flags & PCAP_IF_UP) != 0 && std::strcmp(one->name, "any") != 0)
      names += fmt::format("{}{}", names.empty() ? "" : ", ", one->name);
  pcap_freealldevs(all);
  return names;
}

} // namespace

void pcap_live::closer::operator()(pcap* handle) const noexcept {
  pcap_close(handle);
}

void pcap_live::refuse(std::string_view why) const {
  throw std::runtime_error{fmt::format("interface {}: {}", interface_name_, why)};
}

pcap_live::pcap_live(const live_settings& settings)
    : name_{fmt::format("interface {}", settings.interface_name)}, interface_name_{
                                                                       settings.interface_name} {
  char error[PCAP_ERRBUF_SIZE] = "";
  handle_.reset(pcap_create(interface_name_.c_str(), error));
  if (!handle_)
    refuse(error);
  pcap_set_snaplen(handle_.get(), settings.snap_length_bytes);
  pcap_set_promisc(handle_.get(), settings.promiscuous ? 1 : 0);
  pcap_set_buffer_size(handle_.get(), settings.ring_bytes);
  // Not immediate mode: that falls back to TPACKET_V2 and halves the rate.
  pcap_set_timeout(handle_.get(), longest_wait_ms);
  pcap_set_tstamp_precision(handle_.get(), PCAP_TSTAMP_PRECISION_NANO);
  switch (const int status = pcap_activate(handle_.get())) {
  case PCAP_ERROR_NO_SUCH_DEVICE:
    refuse(fmt::format("is not on this machine (which has {})", names_of_interfaces()));
  case PCAP_ERROR_PERM_DENIED:
    refuse("may not be opened: the sensor needs CAP_NET_RAW, or to be started as root");
  case PCAP_ERROR_IFACE_NOT_UP: refuse(fmt::format("is down (ip link set {} up)", interface_name_));
  default:
    if (status < 0)
      refuse(fmt::format("{}: {}", pcap_statustostr(status), pcap_geterr(handle_.get())));
  }
  const int link = pcap_datalink(handle_.get());
  if (link < 0 || !is_link_type_known(static_cast<std::uint32_t>(link)))
    refuse(fmt::format("link type {} is not known here", link));
  link_ = static_cast<link_type>(link);
  if (settings.fanout_group)
    join_fanout(*settings.fanout_group);
  if (pcap_setnonblock(handle_.get(), 1, error) != 0)
    refuse(error);
  wait_on_ = pcap_get_selectable_fd(handle_.get());
  longest_packet_bytes_ = static_cast<std::size_t>(pcap_snapshot(handle_.get()));
  buffer_.resize(ordinary_buffer_bytes + longest_packet_bytes_);
}

pcap_live::~pcap_live() = default;

// By hash of addresses and ports, the same for both directions. Fragments are put together for the
// hash alone, so that they go where their flow goes; rollover is left out, because it would split
// flows under load.
void pcap_live::join_fanout(std::uint16_t group) {
  const int how = PACKET_FANOUT_HASH | PACKET_FANOUT_FLAG_DEFRAG;
  const int option = static_cast<int>(group) | how << 16;
  if (::setsockopt(pcap_fileno(handle_.get()), SOL_PACKET, PACKET_FANOUT, &option, sizeof option) !=
      0)
    refuse(fmt::format("cannot share its packets in fanout group {}: {}", group,
                       std::strerror(errno)));
}

bool pcap_live::fill(packet_batch& batch) noexcept {
  std::size_t used = 0;
  while (!batch.full() && buffer_.size() - used >= longest_packet_bytes_) {
    pcap_pkthdr* header = nullptr;
    const u_char* bytes = nullptr;
    const int got = pcap_next_ex(handle_.get(), &header, &bytes);
    if (got == 0)
      return true;
    if (got < 0) {
      failure_ = fmt::format("interface {}: {}", interface_name_, pcap_geterr(handle_.get()));
      return false;
    }
    const std::size_t size = std::min<std::size_t>(header->caplen, longest_packet_bytes_);
    std::memcpy(buffer_.data() + used, bytes, size);
    // The field is called microseconds and holds nanoseconds, as asked for.
    const auto at =
        timestamp_from_ns(std::int64_t{header->ts.tv_sec} * 1'000'000'000 + header->ts.tv_usec);
    batch.push({byte_view{buffer_}.subspan(used, size), at, ++packets_,
                std::max(header->len, header->caplen), 0, link_});
    used += size;
    bytes_ += size;
  }
  return true;
}

read_status pcap_live::read(packet_batch& batch) noexcept {
  batch.clear();
  if (failure_.empty() && fill(batch) && batch.empty()) {
    pollfd waiting{wait_on_, POLLIN, 0};
    ::poll(&waiting, 1, longest_wait_ms);
    fill(batch);
  }
  if (!batch.empty())
    return read_status::packets;
  return failure_.empty() ? read_status::idle : read_status::failed;
}

source_counters pcap_live::counters() const noexcept {
  source_counters counters;
  counters.received_packets = packets_;
  counters.received_bytes = bytes_;
  pcap_stat seen{};
  if (pcap_stats(handle_.get(), &seen) != 0)
    return counters;
  const auto go_on = [](std::uint32_t now, std::uint32_t& last, std::uint64_t& total) {
    total += now - last; // in 32 bits, so that a turn of the counter counts
    last = now;
    return total;
  };
  counters.dropped_packets = go_on(seen.ps_drop, last_dropped_, dropped_);
  counters.interface_dropped_packets =
      go_on(seen.ps_ifdrop, last_interface_dropped_, interface_dropped_);
  return counters;
}

} // namespace cresset::capture::source
