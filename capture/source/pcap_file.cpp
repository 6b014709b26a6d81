#include "capture/source/pcap_file.hpp"

#include "capture/source/link_types.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <stdexcept>
#include <unistd.h>

// The buffer slides over the file: packets of a batch point into it, so it moves only when the next
// batch is asked for and no whole packet is left inside. It is read and not mapped, because a
// mapped file that somebody shortens ends the process.

namespace cresset::capture::source {
namespace {

[[noreturn]] void refuse(const std::string& path, std::string_view why) {
  throw std::runtime_error{fmt::format("capture {}: {}", path, why)};
}

} // namespace

pcap_file::pcap_file(const std::filesystem::path& path)
    : name_{fmt::format("file {}", path.string())}, path_{path.string()}, buffer_(buffer_bytes) {
  if (std::filesystem::is_directory(path))
    refuse(path_, "is a folder, not a capture file");
  owns_file_ = path_ != "-";
  file_ = owns_file_ ? ::open(path_.c_str(), O_RDONLY | O_CLOEXEC) : STDIN_FILENO;
  if (file_ < 0)
    refuse(path_, fmt::format("cannot be opened: {}", std::strerror(errno)));
  try {
    while (stop_ < pcap_format::header_size && refill()) {
    }
    if (!failure_.empty())
      throw std::runtime_error{failure_};
    if (stop_ == 0)
      refuse(path_, "is empty, not even a file header is there");
    if (pcapng_format::is_magic(unread())) {
      format_ = pcapng_format{};
      return;
    }
    if (!pcap_format::is_magic(unread()))
      refuse(path_, "is neither pcap nor pcapng (a compressed file must be unpacked first)");
    const auto format = pcap_format::from(unread());
    if (!format)
      refuse(path_, "ends within its file header");
    if (!is_link_type_known(format->link()))
      refuse(path_, fmt::format("link type {} is not known here", format->link()));
    format_ = *format;
    start_ = pcap_format::header_size;
  } catch (...) {
    if (owns_file_)
      ::close(file_);
    throw;
  }
}

pcap_file::~pcap_file() {
  if (owns_file_)
    ::close(file_);
}

bool pcap_file::refill() noexcept {
  if (at_end_)
    return false;
  if (start_ > 0) {
    std::memmove(buffer_.data(), buffer_.data() + start_, stop_ - start_);
    stop_ -= start_;
    start_ = 0;
  }
  for (;;) {
    const auto got = ::read(file_, buffer_.data() + stop_, buffer_.size() - stop_);
    if (got > 0) {
      stop_ += static_cast<std::size_t>(got);
      return true;
    }
    if (got < 0 && errno == EINTR)
      continue;
    at_end_ = true;
    is_broken_ = got < 0;
    if (is_broken_)
      finish(fmt::format("cannot be read on: {}", std::strerror(errno)));
    return false;
  }
}

void pcap_file::step_over(std::size_t bytes) noexcept {
  const auto here = std::min(bytes, stop_ - start_);
  start_ += here;
  to_step_over_ += bytes - here;
}

record_result pcap_file::next_record() noexcept {
  if (to_step_over_ > 0) {
    const auto left = static_cast<std::size_t>(to_step_over_);
    to_step_over_ = 0;
    step_over(left);
    if (to_step_over_ > 0) {
      record_result result;
      result.status = record_status::need_more;
      return result;
    }
  }
  if (auto* classic = std::get_if<pcap_format>(&format_))
    return classic->read(unread());
  return std::get_if<pcapng_format>(&format_)->read(unread());
}

void pcap_file::fill(packet_batch& batch) noexcept {
  while (!batch.full()) {
    const auto result = next_record();
    switch (result.status) {
    case record_status::packet: {
      step_over(result.consumed);
      const auto& record = result.record;
      ++packets_;
      bytes_ += record.bytes.size();
      if (!is_link_type_known(static_cast<std::uint16_t>(record.link)))
        ++refused_packets_;
      batch.push({record.bytes, record.captured_at, packets_, record.wire_length_bytes,
                  record.interface_index, record.link});
      break;
    }
    case record_status::skipped: step_over(result.consumed); break;
    case record_status::malformed:
      return finish(fmt::format("damaged after packet {}: what follows is no record", packets_));
    case record_status::need_more:
      // Packets of this batch lie in the buffer: it may not move under them.
      if (!batch.empty())
        return;
      if (refill())
        break;
      if (stop_ != start_ || to_step_over_ != 0)
        return finish(fmt::format("truncated after packet {}", packets_));
      return finish({});
    }
  }
}

void pcap_file::finish(std::string why) noexcept {
  finished_ = true;
  if (!why.empty() && failure_.empty())
    failure_ = fmt::format("capture {}: {}", path_, why);
}

read_status pcap_file::read(packet_batch& batch) noexcept {
  batch.clear();
  if (!finished_)
    fill(batch);
  if (!batch.empty())
    return read_status::packets;
  return is_broken_ ? read_status::failed : read_status::end;
}

source_counters pcap_file::counters() const noexcept {
  source_counters counters;
  counters.received_packets = packets_;
  counters.received_bytes = bytes_;
  counters.dropped_packets = 0; // a file loses nothing
  counters.refused_packets = refused_packets_;
  return counters;
}

} // namespace cresset::capture::source
