#pragma once

#include "capture/base/byte_order.hpp"
#include "capture/base/ip_address.hpp"
#include "detect/proto/app_protocol.hpp"
#include "detect/proto/direction.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace cresset::detect::proto {

enum class transport : std::uint8_t { tcp, udp };

/// What is known of a flow beside its bytes. Ports are a hint: a recogniser with weak evidence
/// (DNS, SNMP, …) is asked only where its port is one of the flow's.
struct flow_hint {
  transport over{};
  std::uint16_t client_port = 0;
  std::uint16_t server_port = 0;
  /// The flow was picked up in its middle: who opened it is a guess, and bytes that only the other
  /// side would send show that the guess was wrong.
  bool may_be_reversed = false;
  std::optional<ip_address> client{}; ///< where it matters to a parser and is known
};

/// What one recogniser says of the bytes it was shown.
enum class likeness : std::uint8_t { no, need_more, yes, yes_but_reversed };

/// One protocol's eye: shown the first bytes of one direction it says whether they are its own.
/// `reversed` means "yes, and these bytes come from the server": the sensor took the sides wrongly
/// (pick-up in the middle). It is a pure function: the same bytes give the same answer, and more
/// bytes never turn `yes` into `no`.
struct recogniser {
  app_protocol protocol{};
  transport over{};
  std::span<const std::uint16_t> ports; ///< asked only for flows with one of these; empty: for all
  likeness (*to_server)(byte_view first_bytes) noexcept =
      nullptr; ///< null: this direction tells nothing
  likeness (*to_client)(byte_view first_bytes) noexcept = nullptr;
};

/// All recognisers, strongest evidence first. The list a new protocol adds its line to.
std::span<const recogniser> recognisers() noexcept;

/// A port to look for a protocol on, beside the built-in ones:
/// `app-layer.protocols.dns.tcp.detection-ports`.
struct extra_port {
  app_protocol protocol{};
  transport over{};
  std::uint16_t port = 0;
};
/// Which recognisers are asked, made once from the configuration and shared by all flows.
struct identify_settings {
  std::uint64_t disabled = 0; ///< bit n set: app_protocol n is not looked for
  std::vector<extra_port> extra_ports;

  void disable(app_protocol protocol) noexcept {
    disabled |= std::uint64_t{1} << static_cast<unsigned>(protocol);
  }
  bool is_enabled(app_protocol protocol) const noexcept {
    return (disabled >> static_cast<unsigned>(protocol) & 1U) == 0;
  }
};

/// How the recognition of one direction stands.
enum class identity : std::uint8_t {
  need_more, ///< call again with more bytes
  found,     ///< `protocol` is it
  unknown,   ///< no recogniser claims these bytes, or the limit is reached
};

/// The state of recognition of one flow: one small value per flow and no bytes of its own. The
/// caller shows each direction's bytes from its beginning (the datagram, or the retained head of
/// the stream) whenever more have come, until both directions have answered. A protocol found in
/// one direction counts for both; what the other direction is then found to be is kept for the
/// event log's app_proto_ts/_tc and the mismatch event.
class identifier {
public:
  /// A stream's direction that says nothing within so many bytes is unknown.
  static constexpr std::size_t limit_bytes = 4096;
  /// Datagrams are looked at one by one; a direction whose first ones say nothing is unknown.
  static constexpr std::uint8_t limit_datagrams = 8;

  identity feed(const identify_settings& settings, const flow_hint& hint, direction way,
                byte_view from_start) noexcept;
  /// The direction ends: who needs more gets no more.
  void end(direction way) noexcept;

  /// What the flow speaks: the first direction that was found.
  app_protocol protocol() const noexcept { return protocol_; }
  /// What this direction alone was found to be.
  app_protocol protocol_of(direction way) const noexcept { return found_[index(way)]; }
  identity state_of(direction way) const noexcept { return state_[index(way)]; }
  bool is_settled() const noexcept {
    return protocol_ != app_protocol::unknown ||
           (state_[0] == identity::unknown && state_[1] == identity::unknown);
  }
  /// Both directions were found, and to be different protocols.
  bool is_mismatch() const noexcept {
    return found_[0] != app_protocol::unknown && found_[1] != app_protocol::unknown &&
           found_[0] != found_[1];
  }
  /// The bytes seen as the client's are the server's: swap the sides of the flow before parsing.
  bool is_reversed() const noexcept { return reversed_; }
  /// Begins anew after STARTTLS, CONNECT or Upgrade, at the bytes that follow.
  void restart() noexcept { *this = identifier{}; }

private:
  std::array<identity, 2> state_{};
  std::array<app_protocol, 2> found_{};
  std::array<std::uint8_t, 2> datagrams_{};
  app_protocol protocol_ = app_protocol::unknown;
  bool reversed_ = false;
};

} // namespace cresset::detect::proto
