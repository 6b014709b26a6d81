#pragma once

#include "capture/base/timestamp.hpp"
#include "detect/flow/flow_key.hpp"
#include "detect/flow/tcp_session_pool.hpp"
#include "detect/proto/stream_parser.hpp"

#include <array>
#include <memory>
#include <optional>
#include <string_view>

namespace cresset::detect::flow {

/// How far a flow has come, which says how long it may be silent. The names are those of the event
/// log.
enum class flow_state : std::uint8_t { new_flow, established, closed };
/// "new", "established", "closed"
std::string_view to_string(flow_state state) noexcept;

/// Why a flow ended, as the event log's `flow.reason` names it.
enum class flow_end : std::uint8_t {
  timeout,
  forced,    ///< its place was needed
  shutdown,  ///< the sensor stops, or the capture file ends
  tcp_reuse, ///< a new connection on the same tuple
};
std::string_view to_string(flow_end why) noexcept;

/// What a room above keeps with a flow; it goes when the flow goes.
class flow_extension {
public:
  flow_extension() = default;
  flow_extension(const flow_extension&) = delete;
  flow_extension& operator=(const flow_extension&) = delete;
  virtual ~flow_extension() = default;
};

struct flow_totals {
  std::uint64_t packets = 0;
  std::uint64_t bytes = 0; ///< of the frames, or of the inner packet in a tunnel
};

/// One conversation: who, since when, how much, and what the layers above know of it. Owned by the
/// table; a reference is good until the flow ends.
class flow {
public:
  // Who.
  /// Client to server, as far as is known now; for ICMP the ports are type and code of the client's
  /// first message.
  const five_tuple& tuple() const noexcept { return tuple_; }
  const flow_key& key() const noexcept { return key_; }
  /// As the first packet carried them, from the outside in.
  std::span<const std::uint16_t> vlans() const noexcept {
    return std::span{vlan_ids_}.first(vlan_count_);
  }
  std::uint8_t tunnel_depth() const noexcept { return tunnel_depth_; }
  /// Unique in the run up to chance (53 bits, so that JSON readers keep it), the same for the same
  /// input whatever the number of workers.
  std::uint64_t id() const noexcept { return id_; }
  /// ICMP only: type and code of the first message of the server.
  struct icmp_answer {
    std::uint8_t type = 0;
    std::uint8_t code = 0;
  };
  std::optional<icmp_answer> response() const noexcept { return response_; }

  // When and how much.
  timestamp first_seen() const noexcept { return first_seen_; }
  timestamp last_seen() const noexcept { return last_seen_; }
  const flow_totals& totals(proto::direction way) const noexcept {
    return totals_[proto::index(way)];
  }
  /// All flags of TCP seen in that direction, or'ed.
  std::uint8_t tcp_flags(proto::direction way) const noexcept {
    return tcp_flags_[proto::index(way)];
  }
  flow_state state() const noexcept { return state_; }
  /// The flow is inspected no more, only counted.
  bool is_shunted() const noexcept { return shunted_; }
  void shunt() noexcept { shunted_ = true; }
  bool is_alerted() const noexcept { return alerted_; }
  void set_alerted() noexcept { alerted_ = true; }

  // What it speaks.
  /// A name that lives as long as the program; empty while unknown.
  std::string_view app_protocol() const noexcept { return app_protocol_; }
  std::string_view app_protocol(proto::direction way) const noexcept {
    return app_protocol_by_way_[proto::index(way)];
  }
  void set_app_protocol(std::string_view name) noexcept { app_protocol_ = name; }
  /// Of a flow that changed its protocol: what it spoke first, and what was announced; else empty.
  std::string_view original_protocol() const noexcept { return original_protocol_; }
  std::string_view expected_protocol() const noexcept { return expected_protocol_; }
  /// The flow speaks something else from here on, `expected` if that is known.
  void change_app_protocol(std::string_view expected) noexcept {
    if (original_protocol_.empty())
      original_protocol_ = app_protocol_;
    expected_protocol_ = expected;
    app_protocol_ = {};
    app_protocol_by_way_ = {};
  }
  void set_app_protocol(proto::direction way, std::string_view name) noexcept {
    app_protocol_by_way_[proto::index(way)] = name;
  }
  /// The parser found bytes that are not its protocol and reads no more of a direction.
  bool parser_gave_up() const noexcept { return parser_gave_up_; }
  void note_parser_gave_up() noexcept { parser_gave_up_ = true; }

  /// Which way a packet with this key goes. Precondition: the packet is of this flow.
  proto::direction way_of(const keyed_packet& packet) const noexcept {
    return packet.reversed == client_is_high_ ? proto::direction::to_server
                                              : proto::direction::to_client;
  }
  /// Counts a packet of this flow; once for each. Both directions seen make a flow without sessions
  /// established.
  void count(const capture::decode::decoded_packet& packet, proto::direction way,
             timestamp at) noexcept;
  /// Client and server change places, with all that is kept by direction here and in the session;
  /// what rooms above keep by direction is theirs to swap.
  void swap_sides() noexcept;

  // What the layers above keep here; all of it goes when the flow ends.
  std::unique_ptr<proto::stream_parser> parser;
  std::unique_ptr<flow_extension> identification;
  std::unique_ptr<flow_extension> extension;
  /// Set by tcp_tracker with the first segment that opens a session.
  tcp_session_pool::handle session;

private:
  friend class flow_table;
  friend class tcp_tracker;

  void begin(const keyed_packet& key, const capture::decode::decoded_packet& packet,
             timestamp at) noexcept;
  void clear() noexcept;
  void swap_without_session() noexcept;

  flow_key key_;
  five_tuple tuple_;
  std::uint64_t hash_ = 0;
  std::uint64_t id_ = 0;
  timestamp first_seen_;
  timestamp last_seen_;
  std::array<flow_totals, 2> totals_{};
  std::string_view app_protocol_;
  std::array<std::string_view, 2> app_protocol_by_way_{};
  std::string_view original_protocol_;
  std::string_view expected_protocol_;
  std::optional<icmp_answer> response_;
  std::array<std::uint16_t, 3> vlan_ids_{};
  std::uint8_t vlan_count_ = 0;
  std::uint8_t tunnel_depth_ = 0;
  std::array<std::uint8_t, 2> tcp_flags_{};
  flow_state state_ = flow_state::new_flow;
  bool client_is_high_ = false;
  bool shunted_ = false;
  bool alerted_ = false;
  bool parser_gave_up_ = false;
  bool used_ = false;
  std::uint32_t number_ = 0; // its place in the table
};

} // namespace cresset::detect::flow
