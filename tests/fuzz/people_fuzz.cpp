// What a stranger may show to be somebody: Authorization and Cookie headers, tokens, codes of an
// authenticator, recovery codes, fingerprints, scopes of a policy. First byte: which reader; the
// rest: its input.
#include "coord/http/message.hpp"
#include "coord/people/credential.hpp"
#include "coord/people/secret_box.hpp"
#include "coord/people/totp.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

using namespace cresset;
using namespace cresset::coord;

namespace {

void require(bool holds) {
  if (!holds)
    std::abort();
}

void read_headers(std::string_view text) {
  const auto line_end = std::min(text.find('\n'), text.size());
  http::raw_message raw;
  raw.method = "GET";
  raw.target = "/";
  raw.headers.push_back({"Host", "here"});
  raw.headers.push_back({"Authorization", std::string{text.substr(0, line_end)}});
  raw.headers.push_back({"Cookie", std::string{text.substr(line_end)}});
  const auto read = http::request_from(std::move(raw));
  require(read.has_value());
  const auto token = read->bearer_token();
  require(token.has_value() && token->size() <= line_end);
  if (people::is_token(*token))
    require(people::prefix_of_token(*token).size() < token->size());
  const auto cookie = read->cookie("__Host-cresset");
  require(!cookie || cookie->find(';') == std::string_view::npos);
}

void read_code(std::string_view text) {
  constexpr people::totp_secret secret{};
  const timestamp at{std::chrono::seconds{1'000'000'000}};
  const auto step = people::find_totp_step(secret, text, at, 0);
  require(!step || text == people::hotp(secret, *step, people::totp_digits));
  require(!step || !people::find_totp_step(secret, text, at, *step));
  if (const auto code = people::recovery_code_from(text))
    require(people::recovery_code_from(*code) == code && code->size() == 11);
}

void read_written(std::string_view text) {
  if (const auto print = people::fingerprint_from(text))
    require(print->size() == 64 && people::fingerprint_from(*print) == print);
  if (const auto bytes = people::from_base32(text))
    require(people::from_base32(people::to_base32(as_bytes(*bytes))) == bytes);
  static const people::secret_box box{people::secret_box::key{}};
  require(!box.open(as_bytes(text), 1));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0)
    return 0;
  const std::string_view rest{reinterpret_cast<const char*>(bytes) + 1, size - 1};
  switch (bytes[0] % 3) {
  case 0: read_headers(rest); break;
  case 1: read_code(rest); break;
  default: read_written(rest); break;
  }
  return 0;
}
