#pragma once

#include "capture/base/timestamp.hpp"
#include "capture/decode/decoded_packet.hpp"
#include "detect/flow/flow_key.hpp"
#include "detect/flow/segment_list.hpp"

#include <memory>

#include <optional>
#include <vector>

namespace cresset::detect::flow {

/// What may be set about putting datagrams together.
struct ip_reassembly_settings {
  overlap_policy policy = overlap_policy::bsd;
  std::size_t limit_datagrams = 65'535;       ///< `defrag.trackers`: open ones
  std::size_t limit_bytes = 32 * 1024 * 1024; ///< `defrag.memcap`: of fragments kept
  std::size_t limit_fragments = 1024;         ///< of one datagram
  std::chrono::seconds timeout{60};           ///< `defrag.timeout`
  flow_key_settings key; ///< VLAN and tunnel tell datagrams apart as they do flows
};

/// What became of one fragment.
enum class fragment_status : std::uint8_t {
  kept,           ///< waits for the others
  complete,       ///< `datagram` is whole
  too_large,      ///< reaches beyond the largest datagram there can be
  invalid_length, ///< not the last, and no multiple of eight bytes
  ignored,        ///< a limit stands against it
};

struct fragment_outcome {
  fragment_status status = fragment_status::kept;
  /// From its IP header, rebuilt, to its end; valid until the next fragment is given.
  byte_view datagram;
  /// At most two events: overlap, too large, invalid length, ignored, of the family's name.
  std::array<std::optional<capture::decode::decode_event>, 2> events;
};

/// One thread raises, any thread reads.
struct ip_reassembly_counters {
  counter fragments;
  counter datagrams; ///< put together
  counter timeouts;  ///< given up, too old
  counter evicted;   ///< given up, its place was needed
  counter overlaps;
  counter too_large;
  counter invalid_length;
  counter ignored; ///< a limit of bytes or of fragments
};

/// Puts fragmented IPv4 (RFC 791 section 3.2) and IPv6 (RFC 8200 section 4.5) datagrams together,
/// with bounded memory and packet time. One thread; never throws.
class ip_reassembly {
public:
  explicit ip_reassembly(const ip_reassembly_settings& settings);
  ip_reassembly(const ip_reassembly&) = delete;
  ip_reassembly& operator=(const ip_reassembly&) = delete;

  /// Precondition: `packet.is_fragment`; one that is all of its datagram is none (RFC 6946).
  fragment_outcome process(const capture::decode::decoded_packet& packet, timestamp now) noexcept;
  /// Gives up datagrams that have waited too long; call it now and then.
  std::size_t expire(timestamp now) noexcept;

  std::size_t open_datagrams() const noexcept { return used_; }
  const ip_reassembly_counters& counters() const noexcept { return counters_; }

private:
  static constexpr std::uint64_t largest_payload = 65'535;
  static constexpr std::size_t largest_header =
      1024; // IPv6 extension headers before the fragment header
  static constexpr std::uint32_t nobody = 0xffffffff;

  /// One datagram in pieces.
  struct tracker {
    flow_key key;
    segment_list pieces;
    std::vector<std::byte> header; // what stands before the payload, of the first fragment
    std::uint8_t next_header = 0;  // IPv6: what the fragment header names
    std::uint64_t covered = 0;     // bytes of payload there are
    std::uint64_t total = 0;       // length of the payload, 0 until the last fragment came
    timestamp deadline;
    std::uint32_t number = nobody;
    std::uint32_t next = nobody;  // of the same bucket
    std::uint32_t older = nobody; // by age: who is given up first
    std::uint32_t newer = nobody;
    bool has_header = false;
  };

  flow_key key_of(const capture::decode::decoded_packet& packet) const noexcept;
  std::uint32_t& bucket_of(const flow_key& key) noexcept;
  fragment_outcome take(tracker& open, const capture::decode::decoded_packet& packet) noexcept;
  tracker* find_or_open(const flow_key& key, timestamp now) noexcept;
  void drop(std::uint32_t number) noexcept;
  static bool keep_header(tracker& open, const capture::decode::decoded_packet& packet) noexcept;
  byte_view assemble(const tracker& whole) noexcept;

  ip_reassembly_settings settings_;
  buffer_pool buffers_;
  std::vector<std::unique_ptr<tracker>> trackers_;
  std::vector<std::uint32_t> free_;
  std::vector<std::uint32_t> buckets_;
  std::uint32_t oldest_ = nobody;
  std::uint32_t newest_ = nobody;
  std::size_t used_ = 0;
  std::vector<std::byte> datagram_;
  ip_reassembly_counters counters_;
};

} // namespace cresset::detect::flow
