#include "detect/proto/nfs/exchange.hpp"
#include "detect/proto/nfs/names.hpp"

#include <zlib.h>

namespace cresset::detect::proto::nfs {
namespace {

/// A handle is known to its server only; its CRC-32 says whether two events speak of the same file.
std::string hash_of(const std::string& handle) {
  constexpr std::string_view digits = "0123456789abcdef";
  const auto sum = crc32_z(0, reinterpret_cast<const unsigned char*>(handle.data()), handle.size());
  std::string text;
  for (int shift = 28; shift >= 0; shift -= 4)
    text += digits[sum >> shift & 0xfU];
  return text;
}

} // namespace

void exchange::write_members(json_writer& json) const {
  json.member("version", version_).member("procedure", operation_name(version_, operation_));
  json.member("filename", file_name);
  if (!handle.empty())
    json.member("hhash", hash_of(handle));
  json.member("id", number() + 1).member("file_tx", transfer.has_value());
  json.member("type", is_accepted ? "response" : "request");
  if (status)
    json.member("status", status_name(*status));
  if (transfer) {
    json.key(transfer->way == direction::to_server ? "write" : "read").begin_object();
    json.member("first", transfer->has_first).member("last", transfer->has_last);
    json.member("last_xid", transfer->last_xid).member("chunks", transfer->chunks).end_object();
  }
  if (!to_name.empty())
    json.key("rename").begin_object().member("from", file_name).member("to", to_name).end_object();
}

void exchange::write_siblings(json_writer& json) const {
  json.key("rpc").begin_object().member("xid", xid);
  if (is_accepted)
    json.member("status", *is_accepted ? "ACCEPTED" : "DENIED");
  json.member("auth_type", flavour_name(who.flavour));
  if (who.is_known) {
    json.key("creds").begin_object().member("machine_name", who.machine);
    json.member("uid", who.uid).member("gid", who.gid).end_object();
  }
  json.end_object();
}

} // namespace cresset::detect::proto::nfs
