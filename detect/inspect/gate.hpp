#pragma once

#include "detect/inspect/port_classes.hpp"
#include "detect/inspect/probe.hpp"
#include "detect/inspect/signature.hpp"
#include "detect/inspect/subject.hpp"

#include <span>

namespace cresset::detect::inspect {

/// What a rule asks of its traffic that does not change from packet to packet of one flow and
/// direction, as bits: most rules are refused by it before anything else of them is read.
struct gate {
  std::uint64_t protocols = 0; ///< application protocols; all bits for a rule that names none
  std::uint16_t source_ports = 0;
  std::uint16_t destination_ports = 0;
  std::uint16_t transports = 0;
  std::uint8_t ways = 0;
  std::uint8_t states : 2 = 0;
  bool both_ways : 1 = false;
  bool takes_portless : 1 = false; ///< its ports do not matter to packets that have none
  bool needs_state : 1 = false;    ///< `flowbits:isset` and the like: fails on flows without any
  bool is_whole : 1 = false;       ///< who passes the gate passes header, flow and protocol
};
static_assert(sizeof(gate) == 16);

/// The traffic at hand, in the terms of gates.
struct traffic {
  std::uint64_t protocol = 0; ///< one bit
  std::uint16_t source_ports = 0;
  std::uint16_t destination_ports = 0; ///< classes of ports
  std::uint16_t transport = 0;         ///< one bit
  std::uint8_t way = 0;                ///< one bit
  std::uint8_t state = 0;              ///< one bit
  friend bool operator==(const traffic&, const traffic&) noexcept = default;
};

/// The gates of an image's rules. Filled rule by rule, built once, immutable afterwards.
class gates {
public:
  static constexpr std::uint64_t no_protocol = std::uint64_t{1} << 63;

  void add(const signature& s);
  void build() { ports_.build(); }

  const gate& operator[](std::uint32_t rule) const noexcept { return gates_[rule]; }
  bool admits(std::uint32_t rule, const traffic& t) const noexcept {
    const auto& g = gates_[rule];
    return (g.transports & t.transport) != 0 && (g.protocols & t.protocol) != 0 &&
           (g.ways & t.way) != 0 && (g.states & t.state) != 0 && ports_admit(g, t);
  }
  const probe& probe_of(std::uint32_t rule) const noexcept { return probes_[rule]; }
  /// The subject in the terms of gates; `protocol` is what its flow speaks, `unknown` for nothing
  /// known.
  traffic of(const subject& on, proto::app_protocol protocol) const noexcept;
  static bool is_tcp(const traffic& t) noexcept;

private:
  bool ports_admit(const gate& g, const traffic& t) const noexcept {
    return (ports_.holds(g.source_ports, t.source_ports) &&
            ports_.holds(g.destination_ports, t.destination_ports)) ||
           (g.takes_portless && t.source_ports == port_classes::none) ||
           (g.both_ways && ports_.holds(g.source_ports, t.destination_ports) &&
            ports_.holds(g.destination_ports, t.source_ports));
  }

  std::vector<gate> gates_;
  std::vector<probe> probes_;
  port_classes ports_;
};
static_assert(proto::app_protocol_count < 63);

} // namespace cresset::detect::inspect
