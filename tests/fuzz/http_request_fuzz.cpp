// What a stranger can send before anybody knows who it is: the target, headers and cookies of a
// request, and a JSON body with its members, queries and cursors. First byte: which reader; the
// rest: its input.
#include "coord/api/cursor.hpp"
#include "coord/api/json_input.hpp"
#include "coord/api/query_input.hpp"
#include "coord/http/message.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

using namespace cresset::coord;

namespace {

void require(bool holds) {
  if (!holds)
    std::abort();
}

void read_request(std::string_view text) {
  http::raw_message raw;
  const auto line_end = std::min(text.find('\n'), text.size());
  raw.method = "POST";
  raw.target = text.substr(0, line_end);
  raw.headers.push_back({"Host", "here"});
  raw.headers.push_back({"Cookie", std::string{text.substr(line_end)}});
  auto read = http::request_from(std::move(raw));
  if (!read) {
    require(read.error().status >= 400 && read.error().status < 500);
    return;
  }
  (void)read->cookie("__Host-cresset");
  require(read->segments.size() <= http::segment_limit + 1 &&
          read->query.size() <= http::query_limit);
  for (const auto& segment : read->segments)
    require(segment != ".." && segment.find('\0') == std::string::npos);
  api::query_input query{*read};
  (void)query.number("limit", 50, 1, 200);
  if (const auto after = query.text("after")) {
    const auto key = api::queue_key_from(*after);
    require(!key || api::queue_key_from(api::to_cursor(*key)).has_value());
  }
  (void)query.mistake();
}

void read_body(std::string_view text) {
  http::request r;
  r.body = std::string{text};
  auto in = api::json_input::body_of(r);
  const auto name = in.text("name", {.most = 64});
  require(!name || (name->size() <= 64 && name->find('\0') == std::string::npos));
  const auto seen = in.number("seen", 1, INT64_MAX);
  require(!seen || *seen >= 1);
  if (in.has("stands")) {
    auto stands = in.object("stands");
    (void)stands.number("hours", 1, 720);
    (void)stands.mistake();
  }
  const auto wrong = in.mistake();
  require(!wrong || wrong->status == 400);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0)
    return 0;
  const std::string_view rest{reinterpret_cast<const char*>(bytes) + 1, size - 1};
  if (bytes[0] % 2 == 0)
    read_request(rest);
  else
    read_body(rest);
  return 0;
}
