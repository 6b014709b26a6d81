#include "detect/proto/pgsql/exchange.hpp"

#include <algorithm>

namespace cresset::detect::proto::pgsql {
namespace {

void write_list(json_writer& json, std::string_view key, std::span<const named_text> all) {
  if (all.empty())
    return;
  json.key(key).begin_array();
  for (const auto& [name, value] : all)
    json.begin_object().member(name, std::string_view{value}).end_object();
  json.end_array();
}

void write_startup(json_writer& json, const std::string& version,
                   std::span<const named_text> parameters) {
  json.member("protocol_version", version).key("startup_parameters").begin_object();
  std::vector<named_text> others;
  for (const auto& one : parameters) {
    if (one.first == "user")
      json.member("user", std::string_view{one.second});
    else
      others.push_back(one);
  }
  write_list(json, "optional_parameters", others);
  json.end_object();
}

/// Names of the fields of an ErrorResponse that the event log shows (manual, "Error and Notice
/// Message Fields").
std::string_view error_field(char code) noexcept {
  switch (code) {
  case 'S': return "severity_localizable";
  case 'V': return "severity_non_localizable";
  case 'C': return "code";
  case 'M': return "message";
  case 'F': return "file";
  case 'L': return "line";
  case 'R': return "routine";
  default: return {};
  }
}

} // namespace

std::size_t exchange::instances(buffer_id id) const noexcept {
  const bool is_query = what_ == request_kind::query || what_ == request_kind::extended_query;
  return static_cast<buffer_index>(id) == buffer_index::query && is_query && !request.text.empty()
             ? 1
             : 0;
}

std::optional<byte_view> exchange::buffer(buffer_id id, std::size_t instance) const noexcept {
  if (instance >= instances(id))
    return std::nullopt;
  return as_bytes(request.text);
}

void exchange::write_members(json_writer& json) const {
  json.member("tx_id", number());
  if (what_ != request_kind::none) {
    json.key("request").begin_object();
    write_request(json);
    json.end_object();
  }
  if (!has_response_)
    return;
  json.key("response").begin_object();
  write_response(json);
  json.end_object();
}

void exchange::write_request(json_writer& json) const {
  switch (what_) {
  case request_kind::none: break;
  case request_kind::ssl: json.member("message", "SSL Request"); break;
  case request_kind::gss: json.member("message", "GSSENC Request"); break;
  case request_kind::cancel:
    json.member("message", "cancel_request").member("process_id", request.process_id);
    json.member("secret_key", request.secret_key);
    break;
  case request_kind::startup: write_startup(json, request.version, request.parameters); break;
  case request_kind::password:
    if (settings_.log_passwords)
      json.member("password", request.text);
    else
      json.member("password_redacted", true);
    break;
  case request_kind::sasl_initial:
    json.member("sasl_authentication_mechanism", request.mechanism);
    json.member("sasl_param", request.text);
    break;
  case request_kind::sasl_response: json.member("sasl_response", request.text); break;
  case request_kind::query: json.member("simple_query", request.text); break;
  case request_kind::extended_query:
    json.member("message", "extended_query");
    if (!request.text.empty())
      json.member("query", request.text);
    break;
  case request_kind::copy_data:
    json.key("copy_data_in").begin_object().member("msg_count", request.messages);
    json.member("data_size", request.bytes).end_object();
    break;
  case request_kind::terminate: json.member("message", "terminate"); break;
  }
}

void exchange::write_response(json_writer& json) const {
  if (response.ssl_accepted)
    json.member("ssl_accepted", *response.ssl_accepted);
  if (!response.authentication_text.empty())
    json.member(response.authentication, response.authentication_text);
  else if (!response.authentication.empty())
    json.member("message", response.authentication);
  write_list(json, "parameter_status", response.parameters);
  if (response.process_id)
    json.member("process_id", *response.process_id).member("secret_key", *response.secret_key);
  for (const auto& [code, text] : response.error)
    if (const auto name = error_field(code); !name.empty())
      json.member(name, text);
  if (response.fields)
    json.member("field_count", *response.fields);
  if (response.rows != 0 || response.fields)
    json.member("data_rows", response.rows).member("data_size", response.row_bytes);
  if (response.copy_in_columns) {
    json.key("copy_in_response").begin_object().member("columns", *response.copy_in_columns);
    json.end_object();
  }
  if (response.copy_out_columns) {
    json.key("copy_out_response").begin_object().member("columns", *response.copy_out_columns);
    json.end_object().key("copy_data_out").begin_object().member("row_cnt", response.copied);
    json.member("data_size", response.copied_bytes).end_object();
  }
  if (!response.completed.empty())
    json.member("command_completed", response.completed);
}

} // namespace cresset::detect::proto::pgsql
