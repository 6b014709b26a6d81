#pragma once

#include "detect/rule/text/text_cursor.hpp"

#include <cstdint>
#include <string>

/// What happens after a rule matched, besides its alert.
namespace cresset::detect::rule::options {

/// `tag:session|host[,count,packets|seconds|bytes[,src|dst]]`.
struct tag {
  enum class scope : std::uint8_t { session, source_host, destination_host };
  enum class unit : std::uint8_t { packets, seconds, bytes };
  scope of{};
  std::uint32_t count = 256;
  unit counted = unit::packets;
};

/// `filestore[:direction[,scope]]`.
struct filestore {
  enum class side : std::uint8_t { rule, to_server, to_client, both };
  enum class scope : std::uint8_t { file, transaction, flow };
  side of = side::rule;
  scope what = scope::file;
};

/// `config:logging disable, type tx, scope tx`.
struct config {
  enum class subject : std::uint8_t { logging, tracking };
  enum class type : std::uint8_t { transaction, flow };
  enum class scope : std::uint8_t { transaction, flow, packet };
  subject what = subject::logging;
  bool enable = false;
  type of{};
  scope in{};
};

/// `bypass`, `tls_store`: no argument.
struct bypass {};
struct tls_store {};

/// `nfq_set_mark:value/mask`.
struct packet_mark {
  std::uint32_t value = 0;
  std::uint32_t mask = 0;
};

text::parsed<tag> parse_tag(text::text_cursor in);
text::parsed<filestore> parse_filestore(text::text_cursor in);
text::parsed<config> parse_config(text::text_cursor in);
text::parsed<packet_mark> parse_packet_mark(text::text_cursor in);

} // namespace cresset::detect::rule::options
