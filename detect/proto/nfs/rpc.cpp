// RFC 5531 9, everything in units of four bytes:
//
//   call:  xid | 0 | 2 | program | version | procedure | credentials | verifier | arguments
//   reply: xid | 1 | 0 accepted | verifier | 0 success | results
//   reply: xid | 1 | 1 denied | …
//
// Credentials and verifier: flavour | length | bytes. With RPCSEC_GSS (RFC 2203) the arguments may
// be wrapped: length | sequence number, arguments | length | checksum.
#include "detect/proto/nfs/rpc.hpp"

#include "detect/proto/nfs/xdr.hpp"

namespace cresset::detect::proto::nfs {
namespace {

constexpr std::uint32_t auth_sys = 1;
constexpr std::uint32_t auth_gss = 6;
constexpr std::uint32_t rpc_version = 2;

void read_system_credentials(byte_view bytes, credentials& who) {
  xdr_reader in{bytes};
  in.u32(); // stamp
  const auto machine = in.opaque();
  const auto uid = in.u32();
  const auto gid = in.u32();
  if (in.has_failed() || machine.size() > credentials::limit_machine_bytes)
    return;
  who.machine = as_text(machine);
  who.uid = uid;
  who.gid = gid;
  who.is_known = true;
}

protection read_gss(byte_view bytes) noexcept {
  xdr_reader in{bytes};
  in.u32(); // version
  const auto procedure = in.u32();
  in.u32(); // sequence number
  const auto service = in.u32();
  if (in.has_failed())
    return protection::privacy;
  if (procedure != 0)
    return protection::handshake;
  return service == 1   ? protection::none
         : service == 2 ? protection::integrity
                        : protection::privacy;
}

} // namespace

std::optional<bool> is_call(byte_view message) noexcept {
  xdr_reader in{message};
  in.u32();
  const auto type = in.u32();
  if (in.has_failed() || type > 1)
    return std::nullopt;
  return type == 0;
}

std::optional<rpc_call> read_call(byte_view message) {
  xdr_reader in{message};
  rpc_call made;
  made.xid = in.u32();
  const auto type = in.u32();
  const auto version = in.u32();
  made.program = in.u32();
  made.version = in.u32();
  made.procedure = in.u32();
  made.who.flavour = in.u32();
  const auto who = in.opaque();
  in.u32();
  in.opaque(); // verifier
  if (in.has_failed() || type != 0 || version != rpc_version)
    return std::nullopt;
  if (made.who.flavour == auth_sys)
    read_system_credentials(who, made.who);
  if (made.who.flavour == auth_gss)
    made.kept = read_gss(who);
  made.arguments = unwrap(in.rest(), made.kept).value_or(byte_view{});
  return made;
}

std::optional<rpc_reply> read_reply(byte_view message) noexcept {
  xdr_reader in{message};
  rpc_reply made;
  made.xid = in.u32();
  const auto type = in.u32();
  const auto denied = in.u32();
  if (in.has_failed() || type != 1 || denied > 1)
    return std::nullopt;
  if (denied != 0)
    return made;
  in.u32();
  in.opaque(); // verifier
  const auto status = in.u32();
  if (in.has_failed())
    return std::nullopt;
  made.is_accepted = true;
  made.is_success = status == 0;
  made.results = in.rest();
  return made;
}

std::optional<byte_view> unwrap(byte_view bytes, protection kept) noexcept {
  switch (kept) {
  case protection::none: return bytes;
  case protection::integrity: {
    xdr_reader in{bytes};
    std::uint64_t size = 0;
    const auto wrapped = in.opaque_cut(size);
    if (in.has_failed() || wrapped.size() < 4)
      return std::nullopt;
    return wrapped.subspan(4); // behind the sequence number
  }
  case protection::privacy:
  case protection::handshake: return std::nullopt;
  }
  return std::nullopt;
}

std::string_view flavour_name(std::uint32_t flavour) noexcept {
  switch (flavour) {
  case 0: return "NULL";
  case auth_sys: return "UNIX";
  case 2: return "SHORT";
  case 3: return "DES";
  case 4: return "KERB4";
  case auth_gss: return "GSSAPI";
  default: return "UNKNOWN";
  }
}

} // namespace cresset::detect::proto::nfs
