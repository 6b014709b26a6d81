#include "detect/proto/smb/exchange.hpp"
#include "detect/proto/smb/names.hpp"

namespace cresset::detect::proto::smb {
namespace {

void write(const std::monostate&, json_writer&) {}

void write(const negotiation& of, json_writer& json) {
  if (!of.client_dialects.empty()) {
    json.key("client_dialects").begin_array();
    for (const auto& one : of.client_dialects)
      json.text(one);
    json.end_array();
  }
  if (of.client_guid)
    json.member("client_guid", to_text(*of.client_guid));
  if (of.server_guid)
    json.member("server_guid", to_text(*of.server_guid));
  if (of.max_read_size)
    json.member("max_read_size", *of.max_read_size);
  if (of.max_write_size)
    json.member("max_write_size", *of.max_write_size);
}

void write(const session_setup& of, json_writer& json) {
  if (const auto& ntlm = of.who.ntlm) {
    json.key("ntlmssp").begin_object().member("domain", ntlm->domain);
    json.member("user", ntlm->user).member("host", ntlm->host);
    if (!ntlm->version.empty())
      json.member("version", ntlm->version);
    json.end_object();
  }
  if (const auto& kerberos = of.who.kerberos) {
    json.key("kerberos").begin_object().member("realm", kerberos->realm);
    json.key("snames").begin_array();
    for (const auto& part : kerberos->service)
      json.text(part);
    json.end_array().end_object();
  }
  const auto native = [&](const char* key, bool has, const std::string& os, const std::string& lm) {
    if (has)
      json.key(key).begin_object().member("native_os", os).member("native_lm", lm).end_object();
  };
  native("request", of.has_native_request, of.request_os, of.request_lm);
  native("response", of.has_native_response, of.response_os, of.response_lm);
}

void write(const tree_connect& of, json_writer& json) {
  json.member(of.is_pipe ? "named_pipe" : "share", of.share);
  if (!of.service_request.empty() || !of.service_response.empty()) {
    json.key("service").begin_object();
    if (!of.service_request.empty())
      json.member("request", of.service_request);
    if (!of.service_response.empty())
      json.member("response", of.service_response);
    json.end_object();
  }
  json.member("share_type", of.type.empty() ? "UNKNOWN" : of.type);
}

void write(const opening& of, json_writer& json) {
  json.member(of.is_directory ? "directory" : "filename",
              of.name.empty() ? "<share_root>" : std::string_view{of.name});
  json.member("disposition", disposition_name(of.disposition));
  json.member("access", of.deletes_on_close ? "delete on close" : "normal");
  json.member("created", of.created).member("accessed", of.accessed);
  json.member("modified", of.modified).member("changed", of.changed).member("size", of.size);
  if (!of.handle.empty())
    json.member("fuid", of.handle);
  if (!of.service.empty())
    json.key("service").begin_object().member("request", of.service).end_object();
}

void write(const control& of, json_writer& json) {
  const auto name = function_name(of.function);
  json.member("function", name.empty() ? hex(of.function, 8) : std::string{name});
  if (of.dfs_path) {
    json.key("get_dfs_referral").begin_object();
    if (of.dfs_level)
      json.member("max_level", *of.dfs_level);
    json.member("filename", *of.dfs_path).end_object();
  }
}

void write(const renaming& of, json_writer& json) {
  json.key("rename").begin_object().member("from", of.from).member("to", of.to).end_object();
  if (!of.handle.empty())
    json.member("fuid", of.handle);
}

void write(const attribute_setting& of, json_writer& json) {
  if (!of.name.empty())
    json.member("filename", of.name);
  json.key("set_info").begin_object().member("class", of.kind);
  json.member("info_level", of.level).end_object();
  if (of.deletes)
    json.member("access", *of.deletes ? "delete on close" : "normal");
  if (!of.handle.empty())
    json.member("fuid", of.handle);
}

void write(const file_transfer& of, json_writer& json) {
  json.member("filename", of.file.name).member("share", of.share);
  json.member("fuid", of.handle);
}

void write(const pipe_call& of, json_writer& json) {
  json.key("dcerpc").begin_object();
  of.what.write_members(json);
  if (of.what.is_operation())
    json.member("opnum", of.what.operation());
  json.member("call_id", of.what.id()).end_object();
  if (!of.handle.empty())
    json.member("fuid", of.handle);
}

} // namespace

void write_detail(const exchange::detail& carries, json_writer& json) {
  std::visit([&](const auto& of) { write(of, json); }, carries);
}

} // namespace cresset::detect::proto::smb
