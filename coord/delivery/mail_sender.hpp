#pragma once

#include "capture/base/counter.hpp"
#include "capture/base/expected.hpp"
#include "coord/delivery/mail.hpp"

#include <filesystem>
#include <string>

namespace cresset::coord::delivery {

/// The relay that takes our mail.
struct mail_relay {
  /// "smtp://relay.cirt.example:25" or "smtps://…:465". Empty: no mail is sent, and each attempt
  /// says so.
  std::string url;
  /// Of the envelope and of `From`.
  std::string from;
  /// Empty for a relay that asks for no name; the password is the first line of a file only its
  /// owner may read.
  std::string user;
  std::filesystem::path password_file;
  /// With smtp://: go on only once STARTTLS has encrypted the connection.
  bool require_tls = true;
  /// Authorities for the relay's certificate; the system's when empty.
  std::string ca_file;
};

/// Hands messages to the relay, one at a time, waiting for its answer (RFC 5321). Any thread; a
/// `curl_library` has to be alive.
class mail_sender {
public:
  explicit mail_sender(mail_relay relay) : relay_{std::move(relay)} {}

  bool is_configured() const noexcept { return !relay_.url.empty(); }
  /// Done when the relay took the message for all recipients. The error is one line and names no
  /// secret.
  expected<void, std::string> send(const mail& message);

  const counter& sent() const noexcept { return sent_; }
  const counter& failed() const noexcept { return failed_; }

private:
  expected<void, std::string> try_send(const mail& message) const;

  const mail_relay relay_;
  counter sent_;
  counter failed_;
};

} // namespace cresset::coord::delivery
