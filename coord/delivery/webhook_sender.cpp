#include "coord/delivery/webhook_sender.hpp"

#include "coord/delivery/curl_handle.hpp"

#include <fmt/format.h>
#include <sodium.h>

#include <array>

namespace cresset::coord::delivery {
namespace {

std::string signature(const std::string& secret, const std::string& body) {
  std::array<unsigned char, crypto_auth_hmacsha256_BYTES> mac{};
  crypto_auth_hmacsha256_state state;
  crypto_auth_hmacsha256_init(&state, reinterpret_cast<const unsigned char*>(secret.data()),
                              secret.size());
  crypto_auth_hmacsha256_update(&state, reinterpret_cast<const unsigned char*>(body.data()),
                                body.size());
  crypto_auth_hmacsha256_final(&state, mac.data());
  std::string hex;
  for (const auto byte : mac)
    hex += fmt::format("{:02x}", byte);
  return hex;
}

} // namespace

expected<void, std::string> webhook_sender::post(const std::string& url, const std::string& json) {
  auto done = try_post(url, json);
  (done ? sent_ : failed_).add();
  return done;
}

expected<void, std::string> webhook_sender::try_post(const std::string& url,
                                                     const std::string& json) const {
  curl_handle transfer{url, "http,https", ca_file_};
  auto* const h = transfer.get();
  curl_list headers;
  append(headers, "Content-Type: application/json");
  append(headers, "User-Agent: cresset-coord");
  if (!secret_.empty())
    append(headers, "X-Cresset-Signature: sha256=" + signature(secret_, json));
  curl_easy_setopt(h, CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(h, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(json.size()));
  curl_easy_setopt(h, CURLOPT_POSTFIELDS, json.data());
  if (auto done = transfer.perform(); !done)
    return done;
  if (const auto code = transfer.answer_code(); code < 200 || code > 299)
    return unexpected{fmt::format("the answer was {}", code)};
  return {};
}

} // namespace cresset::coord::delivery
