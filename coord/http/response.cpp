#include "coord/http/response.hpp"

#include "capture/base/json_writer.hpp"

namespace cresset::coord::http {

response json_response(std::string body, unsigned status) {
  response answer;
  answer.status = status;
  answer.body = std::move(body);
  return answer;
}

response no_content() {
  response answer;
  answer.status = 204;
  answer.content_type.clear();
  return answer;
}

response problem(unsigned status, std::string_view detail, std::string_view member) {
  response answer;
  answer.status = status;
  answer.content_type = "application/problem+json";
  json_writer json{answer.body};
  json.begin_object()
      .member("type", "about:blank")
      .member("title", status_text(status))
      .member("status", status)
      .member("detail", detail);
  if (!member.empty())
    json.member("member", member);
  json.end_object();
  return answer;
}

std::string_view status_text(unsigned status) noexcept {
  switch (status) {
  case 200: return "OK";
  case 201: return "Created";
  case 204: return "No Content";
  case 304: return "Not Modified";
  case 400: return "Bad Request";
  case 401: return "Unauthorized";
  case 403: return "Forbidden";
  case 404: return "Not Found";
  case 405: return "Method Not Allowed";
  case 408: return "Request Timeout";
  case 409: return "Conflict";
  case 410: return "Gone";
  case 413: return "Content Too Large";
  case 414: return "URI Too Long";
  case 415: return "Unsupported Media Type";
  case 422: return "Unprocessable Content";
  case 426: return "Upgrade Required";
  case 429: return "Too Many Requests";
  case 431: return "Request Header Fields Too Large";
  case 500: return "Internal Server Error";
  case 503: return "Service Unavailable";
  default: return "Unknown";
  }
}

} // namespace cresset::coord::http
