#include "coord/delivery/mail_sender.hpp"

#include "coord/delivery/curl_handle.hpp"

#include <fmt/format.h>

#include <fstream>

namespace cresset::coord::delivery {
namespace {

/// Empty when the message may go.
std::string objection(const mail_relay& relay, const mail& message) {
  if (relay.url.empty())
    return "no relay for mail is configured";
  if (!is_mail_address(relay.from))
    return "the configured sender's address is none";
  if (message.to.empty() || message.to.size() > recipients_limit)
    return fmt::format("a message has 1 to {} recipients", recipients_limit);
  for (const auto& address : message.to)
    if (!is_mail_address(address))
      return "a recipient's address is none";
  std::size_t size = message.text.size();
  for (const auto& one : message.attachments)
    size += one.bytes.size();
  if (size > mail_bytes_limit)
    return fmt::format("the message is longer than {} bytes", mail_bytes_limit);
  return {};
}

expected<std::string, std::string> password_of(const std::filesystem::path& file) {
  std::ifstream in{file};
  std::string line;
  if (!std::getline(in, line) || line.empty())
    return unexpected{std::string{"the relay's password cannot be read"}};
  return line;
}

curl_list headers_of(const mail_relay& relay, const mail& message) {
  curl_list headers;
  std::string to;
  for (const auto& address : message.to)
    to += (to.empty() ? "" : ", ") + address;
  append(headers, "From: " + relay.from);
  append(headers, "To: " + to);
  append(headers, "Subject: " + header_text(message.subject));
  append(headers, "Date: " + header_date(message.date));
  // So that no out-of-office answer comes back (RFC 3834, section 5).
  append(headers, "Auto-Submitted: auto-generated");
  if (!message.message_id.empty())
    append(headers, fmt::format("Message-ID: <{}>", header_text(message.message_id)));
  return headers;
}

curl_message body_of(CURL* handle, const mail& message) {
  curl_message body{curl_mime_init(handle)};
  auto* text = curl_mime_addpart(body.get());
  curl_mime_data(text, message.text.data(), message.text.size());
  curl_mime_type(text, "text/plain; charset=utf-8");
  curl_mime_encoder(text, "quoted-printable");
  for (const auto& one : message.attachments) {
    auto* part = curl_mime_addpart(body.get());
    curl_mime_data(part, one.bytes.data(), one.bytes.size());
    curl_mime_type(part, one.type.c_str());
    curl_mime_filename(part, one.name.c_str());
    curl_mime_encoder(part, "base64");
  }
  return body;
}

} // namespace

expected<void, std::string> mail_sender::send(const mail& message) {
  auto done = try_send(message);
  (done ? sent_ : failed_).add();
  return done;
}

expected<void, std::string> mail_sender::try_send(const mail& message) const {
  if (auto no = objection(relay_, message); !no.empty())
    return unexpected{std::move(no)};
  curl_handle transfer{relay_.url, "smtp,smtps", relay_.ca_file};
  auto* const h = transfer.get();
  if (!relay_.user.empty()) {
    const auto password = password_of(relay_.password_file);
    if (!password)
      return unexpected{password.error()};
    curl_easy_setopt(h, CURLOPT_USERNAME, relay_.user.c_str());
    curl_easy_setopt(h, CURLOPT_PASSWORD, password->c_str());
  }
  curl_easy_setopt(h, CURLOPT_USE_SSL,
                   static_cast<long>(relay_.require_tls ? CURLUSESSL_ALL : CURLUSESSL_TRY));
  curl_easy_setopt(h, CURLOPT_MAIL_FROM, fmt::format("<{}>", relay_.from).c_str());
  curl_list to;
  for (const auto& address : message.to)
    append(to, fmt::format("<{}>", address));
  curl_easy_setopt(h, CURLOPT_MAIL_RCPT, to.get());
  const auto headers = headers_of(relay_, message);
  curl_easy_setopt(h, CURLOPT_HTTPHEADER, headers.get());
  const auto body = body_of(h, message);
  curl_easy_setopt(h, CURLOPT_MIMEPOST, body.get());
  return transfer.perform();
}

} // namespace cresset::coord::delivery
