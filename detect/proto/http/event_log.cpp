// The object "http" of the event log.
#include "detect/proto/http/exchange.hpp"
#include "detect/proto/http/header_value.hpp"

namespace cresset::detect::proto::http {

void exchange::write_members(json_writer& json) const {
  const auto member = [&](const char* name, std::optional<std::string_view> value) {
    if (value)
      json.member(name, *value);
  };
  const auto bstr_member = [&](const char* name, const bstr* value) {
    if (value != nullptr)
      json.member(name, text_of(value));
  };
  bstr_member("hostname", tx_->request_hostname);
  if (tx_->request_port_number > 0)
    json.member("http_port", tx_->request_port_number);
  bstr_member("url", tx_->request_uri);
  member("http_user_agent", header(direction::to_server, "User-Agent"));
  if (const auto type = header(direction::to_client, "Content-Type"))
    json.member("http_content_type", type->substr(0, type->find(';')));
  if (const auto raw = header(direction::to_client, "Content-Range")) {
    json.key("content_range").begin_object().member("raw", *raw);
    if (const auto range = parse_content_range(*raw)) {
      if (range->start >= 0)
        json.member("start", range->start);
      if (range->end >= 0)
        json.member("end", range->end);
      if (range->size >= 0)
        json.member("size", range->size);
    }
    json.end_object();
  }
  member("http_refer", header(direction::to_server, "Referer"));
  bstr_member("http_method", tx_->request_method);
  bstr_member("protocol", tx_->request_protocol);
  if (tx_->response_status_number > 0) {
    json.member("status", tx_->response_status_number);
    if (tx_->response_status_number > 300 && tx_->response_status_number < 303)
      member("redirect", header(direction::to_client, "Location"));
  }
  json.member("length", std::max<std::int64_t>(tx_->response_message_len, 0));
}

} // namespace cresset::detect::proto::http
