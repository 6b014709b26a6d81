#pragma once

#include "detect/rule/text/lexer.hpp"
#include "detect/rule/variables.hpp"

#include <memory>
#include <string>

namespace cresset::detect::rule {

enum class action : std::uint8_t {
  alert,
  pass,
  drop,
  reject,
  reject_source,
  reject_destination,
  reject_both,
  config
};

/// What the protocol word of a header asks of the packet below any application protocol.
enum class transport : std::uint8_t {
  ip, ///< any packet
  ipv4,
  ipv6,
  tcp,
  udp,
  icmp, ///< both versions
  icmpv4,
  icmpv6,
  sctp,
  other, ///< the IP protocol of `ip_protocol`
};

/// Which bytes of a TCP rule are looked at, by the header's word alone.
enum class tcp_bytes : std::uint8_t {
  by_options,
  packet /**< tcp-pkt */,
  stream /**< tcp-stream */
};

enum class header_direction : std::uint8_t {
  one_way,     ///< ->
  both_ways,   ///< <>: either end may be the source
  transaction, ///< =>: buffers of requests and answers in one rule
};

/// The words before the parenthesis, resolved.
struct header {
  rule::action action{};
  std::string protocol; ///< as written, lower case: "tcp-pkt", "http2"
  rule::transport transport{};
  rule::tcp_bytes tcp_bytes{};
  bool decoder_only = false;    ///< pkthdr: also packets too damaged to have a protocol
  std::uint8_t ip_protocol = 0; ///< with transport::other
  std::string app_protocol;     ///< "http" (either version), "http1", "dns", …; empty for none
  std::string hook;             ///< what follows a ':' behind the protocol; empty for none
  header_direction direction{};
  std::shared_ptr<const address_set> source;
  std::shared_ptr<const address_set> destination;
  std::shared_ptr<const port_set> source_port;
  std::shared_ptr<const port_set> destination_port;

  bool has_any_address() const noexcept { return source->is_any() && destination->is_any(); }
  bool has_any_port() const noexcept { return source_port->is_any() && destination_port->is_any(); }
};

/// The engine's word for an application protocol as rules write it ("ssl" is "tls"); empty when
/// there is none.
std::string_view app_protocol_named(std::string_view word) noexcept;

text::parsed<header> parse_header(const text::raw_rule& cut, variables& names);

} // namespace cresset::detect::rule
