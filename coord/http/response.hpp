#pragma once

#include "coord/http/request.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace cresset::coord::http {

/// The answer to one request. `server` adds length, date and the headers of safety that every
/// answer carries.
struct response {
  unsigned status = 200;
  std::string content_type = "application/json";
  std::vector<header> headers;
  std::string body;
};

/// A JSON answer; `body` is JSON already.
response json_response(std::string body, unsigned status = 200);
/// 204 without a body.
response no_content();

/// What went wrong, for a program and for a person (RFC 9457). `detail` says the remedy; `member`
/// names the field of the request that is wrong, if it is one.
response problem(unsigned status, std::string_view detail, std::string_view member = {});

/// The standard's words for a status ("Not Found"); "Unknown" for one we never send.
std::string_view status_text(unsigned status) noexcept;

} // namespace cresset::coord::http
