#pragma once

#include "capture/base/byte_order.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cresset::detect::proto::nfs {

inline constexpr std::uint32_t nfs_program = 100003; // RFC 1094, 1813, 7530

/// Who calls, as the call says (RFC 5531 8.2, appendix A).
struct credentials {
  static constexpr std::size_t limit_machine_bytes = 255;

  std::uint32_t flavour = 0;
  std::string machine; ///< AUTH_SYS only, as the two below
  std::uint32_t uid = 0;
  std::uint32_t gid = 0;
  bool is_known = false; ///< AUTH_SYS that could be read
};

/// How RPCSEC_GSS protects what stands behind the head (RFC 2203 5.3).
enum class protection : std::uint8_t { none, integrity, privacy, handshake };

/// A call (RFC 5531 9). Views of the message it was read from.
struct rpc_call {
  std::uint32_t xid = 0;
  std::uint32_t program = 0;
  std::uint32_t version = 0;
  std::uint32_t procedure = 0;
  credentials who;
  protection kept = protection::none;
  byte_view arguments; ///< the program's own; empty where they cannot be read
};

/// A reply.
struct rpc_reply {
  std::uint32_t xid = 0;
  bool is_accepted = false;
  bool is_success = false; ///< accepted, and the program answered
  byte_view results;       ///< the program's own; still wrapped where the call was protected
};

/// Which of both a message is; nothing for one that is neither.
std::optional<bool> is_call(byte_view message) noexcept;
std::optional<rpc_call> read_call(byte_view message);
std::optional<rpc_reply> read_reply(byte_view message) noexcept;
/// The content of what was protected; nothing where it cannot be read.
std::optional<byte_view> unwrap(byte_view bytes, protection kept) noexcept;

/// "UNIX"; of a number without a name "UNKNOWN".
std::string_view flavour_name(std::uint32_t flavour) noexcept;

} // namespace cresset::detect::proto::nfs
