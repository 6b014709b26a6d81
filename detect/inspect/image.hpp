#pragma once

#include "capture/base/five_tuple.hpp"
#include "detect/inspect/address_index.hpp"
#include "detect/inspect/gate.hpp"
#include "detect/inspect/literal_index.hpp"
#include "detect/inspect/place_index.hpp"
#include "detect/inspect/signature.hpp"

#include <deque>
#include <memory>
#include <span>

namespace cresset::detect::inspect {

/// The rules that look at one kind of bytes, by what leads to them.
struct unit_rules {
  literal_index by_literal;
  place_index by_place; ///< of payloads and streams alone: bytes that stand in one place
  /// Without a literal, but for one size of payload alone (`dsize:8`): by that size.
  std::vector<std::vector<std::uint32_t>> by_size;
  std::vector<std::uint32_t> without_literal; ///< tried on all bytes there are
  std::vector<std::uint32_t> without_bytes;   ///< could match where there are none: always tried
  std::vector<std::uint32_t> all;             ///< for the naive plan and for scans that failed

  void add(const signature& s);
  /// Of a payload or stream, which may have its bytes in one place.
  void add(const signature& s, const probe& p);
};

/// Rules that look at no bytes: found by an address where they name one, else always tried.
struct header_rules {
  address_index by_source;
  address_index by_destination; ///< those with any source
  std::vector<std::uint32_t> always;
  std::vector<std::uint32_t> all; ///< for the naive plan

  void add(const signature& s);
};

/// The rules led by one buffer of one protocol in one direction.
struct buffer_rules {
  std::uint8_t buffer = 0; ///< its place in the protocol's table
  proto::progress available_at = 0;
  bool several = false;
  bool gathered = false;
  file_part part = file_part::none;
  const buffer::transformer* transforms = nullptr; ///< never null
  unit_rules rules;
};

/// The rules about one type of a protocol's frames.
struct frame_rules {
  std::string_view type;
  unit_rules rules;
};

/// Rules that need an event, by the event: there is nothing to try until it was raised.
struct event_rules {
  std::vector<std::uint32_t> all;    ///< for the naive plan
  std::vector<std::uint32_t> always; ///< of no single event

  void add(std::string_view event, std::uint32_t rule);
  std::span<const std::uint32_t> of(std::string_view event) const noexcept;

private:
  std::vector<std::pair<std::string, std::vector<std::uint32_t>>> by_event_; ///< in order of names
};

/// What looks at the transactions of one protocol in one direction.
struct transaction_rules {
  std::deque<buffer_rules> buffers;
  std::vector<std::uint32_t> growing;      ///< places of the buffers that grow: bodies and files
  std::vector<std::uint32_t> without_lead; ///< only numbers, events or files
  event_rules by_event; ///< of these, those that no other packet or flow decides about than the
                        ///< one with which the transaction was first seen
  bool empty() const noexcept { return buffers.empty() && without_lead.empty(); }
};

/// A rule that was read but cannot be matched.
struct unusable_rule {
  const rule::rule* source = nullptr;
  std::string reason;
};

/// What an image is made with beside its rules.
struct image_inputs {
  /// The lists that rules name; without any, an empty library that loads what rules say.
  std::shared_ptr<lists::library> lists{};
  rule::threshold_config thresholds{};
};

/// A rule set compiled into what workers follow: which rules to try on which bytes. Immutable,
/// shared by all workers.
class image {
public:
  /// Compiles the rules and keeps them. `priorities` has one entry a rule: its own, or its class's.
  image(std::span<const std::shared_ptr<const rule::rule>> rules,
        const std::vector<std::uint8_t>& priorities, pattern::database_cache& cache,
        image_inputs inputs = {});

  std::span<const signature> signatures() const noexcept { return signatures_; }
  const std::vector<unusable_rule>& unusable() const noexcept { return unusable_; }
  /// Rules that are matched, but ask for something after the match that is not done.
  const std::vector<unusable_rule>& limited() const noexcept { return limited_; }
  const gates& gates_of_rules() const noexcept { return gates_; }
  std::size_t literals() const noexcept;
  const lists::library& lists() const noexcept { return *lists_; }

  /// Whether a header rule names one of these two addresses, as it goes here.
  bool names_address(const five_tuple& tuple) const noexcept;

  /// Makes a scanner fit for every database of the image.
  void fit(pattern::scanner& with) const;

  // What is tried on which bytes.
  event_rules decoder_rules;
  std::vector<std::uint32_t> ip_rules; ///< any source and destination
  address_index ip_rules_by_source;
  address_index ip_rules_by_destination; ///< those with any source
  std::array<std::vector<std::uint32_t>, proto::app_protocol_count> protocol_rules;
  std::vector<std::uint32_t> protocol_test_rules; ///< app-layer-protocol alone: for every protocol
  /// Rules on a packet's header alone, by kind of transport; in the last place those for any.
  std::array<header_rules, 5> header;
  event_rules stream_event_rules;       ///< tried on packets that raised a stream event
  std::array<unit_rules, 2> tcp_packet; ///< packet, and packet_and_stream, by direction
  std::array<unit_rules, 2> stream;     ///< stream, and packet_and_stream, by direction
  std::array<unit_rules, 2> datagram;   ///< everything that is not TCP
  std::array<std::array<transaction_rules, 2>, proto::app_protocol_count> transaction;
  std::array<std::deque<frame_rules>, proto::app_protocol_count> frames;

  static constexpr std::size_t any_transport = 4;
  static std::size_t transport_class(ip_protocol p) noexcept {
    return p == ip_protocol::tcp                                ? 0
           : p == ip_protocol::udp                              ? 1
           : p == ip_protocol::icmp || p == ip_protocol::icmpv6 ? 2
                                                                : 3;
  }

private:
  void override_thresholds(signature& s) const;
  void note_limits(const rule::rule& from);
  void place(const signature& s);
  void place_ip_only(const signature& s);
  void place_payload(const signature& s);
  void place_header_only(const signature& s);
  void place_transaction(const signature& s);
  void place_frame(const signature& s);
  template <typename Self, typename F>
  static void each_index(Self& self, F&& visit);

  std::vector<std::shared_ptr<const rule::rule>> rules_;
  std::shared_ptr<lists::library> lists_;
  rule::threshold_config thresholds_;
  std::vector<signature> signatures_;
  gates gates_;
  std::vector<unusable_rule> unusable_;
  std::vector<unusable_rule> limited_;
};

} // namespace cresset::detect::inspect
