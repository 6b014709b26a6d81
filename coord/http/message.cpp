#include "coord/http/message.hpp"

#include <algorithm>

namespace cresset::coord::http {

namespace {

bool contains_token(std::string_view list, std::string_view token) noexcept {
  const auto same = [](char a, char b) { return (a | 0x20) == (b | 0x20); };
  return std::search(list.begin(), list.end(), token.begin(), token.end(), same) != list.end();
}

bool has(const std::vector<header>& headers, std::string_view name) noexcept {
  return std::ranges::any_of(headers, [&](const header& h) { return h.name == name; });
}

} // namespace

expected<request, response> request_from(raw_message raw) {
  request r;
  r.method = method_from(raw.method);
  if (raw.headers.size() > header_limit)
    return unexpected{problem(431, "the request has more headers than this server takes")};
  if (raw.target.size() > target_limit_bytes)
    return unexpected{problem(414, "the address is longer than this server takes")};
  if (!read_target(raw.target, r))
    return unexpected{problem(400, "the address of the request is malformed")};
  r.headers = std::move(raw.headers);
  const auto hosts = std::ranges::count_if(r.headers, [](const header& h) {
    return h.name.size() == 4 && contains_token(h.name, "host");
  });
  if (hosts > 1 || (hosts == 0 && raw.minor_version > 0))
    return unexpected{problem(400, "the request needs exactly one Host header")};
  return r;
}

bool asks_for_websocket(const request& r) noexcept {
  return r.method == method::get && contains_token(r.header_value("upgrade"), "websocket") &&
         contains_token(r.header_value("connection"), "upgrade");
}

bool origin_is_own(const request& r) noexcept {
  const auto origin = r.header_value("origin");
  if (origin.empty())
    return true;
  constexpr std::string_view scheme = "https://";
  return origin.starts_with(scheme) && origin.substr(scheme.size()) == r.header_value("host");
}

std::vector<header> headers_of(const response& answer) {
  std::vector<header> all = answer.headers;
  if (!answer.content_type.empty())
    all.push_back({"Content-Type", answer.content_type});
  if (!has(all, "Cache-Control"))
    all.push_back({"Cache-Control", "no-store"});
  all.push_back({"X-Content-Type-Options", "nosniff"});
  all.push_back({"Content-Security-Policy",
                 "default-src 'self'; base-uri 'none'; form-action 'self'; "
                 "frame-ancestors 'none'; object-src 'none'"});
  all.push_back({"X-Frame-Options", "DENY"});
  all.push_back({"Referrer-Policy", "no-referrer"});
  all.push_back({"Cross-Origin-Opener-Policy", "same-origin"});
  all.push_back({"Cross-Origin-Resource-Policy", "same-origin"});
  return all;
}

} // namespace cresset::coord::http
