#pragma once

#include "capture/base/counter.hpp"
#include "capture/base/expected.hpp"

#include <string>

namespace cresset::coord::delivery {

/// POSTs a JSON text to an address a lead configured. Any thread; a `curl_library` has to be alive.
class webhook_sender {
public:
  /// `ca_file` replaces the system's authorities when it is not empty. `secret`, when it is not
  /// empty, signs each body: `X-Cresset-Signature: sha256=<hex of HMAC-SHA-256>`.
  webhook_sender(std::string ca_file, std::string secret)
      : ca_file_{std::move(ca_file)}, secret_{std::move(secret)} {}

  /// Done when the answer was 2xx; redirections are not followed. The error is one line.
  expected<void, std::string> post(const std::string& url, const std::string& json);

  const counter& sent() const noexcept { return sent_; }
  const counter& failed() const noexcept { return failed_; }

private:
  expected<void, std::string> try_post(const std::string& url, const std::string& json) const;

  const std::string ca_file_;
  const std::string secret_;
  counter sent_;
  counter failed_;
};

} // namespace cresset::coord::delivery
