// Protocols that greet or ask in words. A word list is compared with the first bytes: all of a word
// there is a yes, a part of one that may still become whole is need_more.
#include "detect/proto/recognise.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>

namespace cresset::detect::proto::recognise {
namespace {

enum class letters : bool { as_written, any_case };

likeness begins_with(byte_view bytes, std::string_view word, letters how) noexcept {
  const auto text = as_text(bytes).substr(0, word.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto seen = static_cast<unsigned char>(text[i]);
    if (text[i] != word[i] && (how == letters::as_written || std::toupper(seen) != word[i]))
      return likeness::no;
  }
  return text.size() == word.size() ? likeness::yes : likeness::need_more;
}

likeness begins_with_any(byte_view bytes, std::span<const std::string_view> words,
                         letters how) noexcept {
  auto best = likeness::no;
  for (const auto word : words) {
    const auto answer = begins_with(bytes, word, how);
    if (answer == likeness::yes)
      return answer;
    if (answer == likeness::need_more)
      best = answer;
  }
  return best;
}

/// A greeting of the form "220 …": its first line decides, by the words in it.
likeness greeting_with(byte_view bytes, std::string_view code,
                       std::span<const std::string_view> words) noexcept {
  const auto begin = begins_with(bytes, code, letters::as_written);
  if (begin != likeness::yes)
    return begin;
  const auto text = as_text(bytes);
  const auto line = text.substr(0, text.find('\n'));
  for (const auto word : words) {
    const auto at =
        std::search(line.begin(), line.end(), word.begin(), word.end(), [](char a, char b) {
          return std::toupper(static_cast<unsigned char>(a)) == b;
        });
    if (at != line.end())
      return likeness::yes;
  }
  return line.size() == text.size() ? likeness::need_more : likeness::no;
}

} // namespace

likeness http_request(byte_view bytes) noexcept {
  // The methods that libhtp knows, RFC 9110 and WebDAV.
  static constexpr std::array<std::string_view, 27> methods{"GET",
                                                            "PUT",
                                                            "POST",
                                                            "HEAD",
                                                            "TRACE",
                                                            "OPTIONS",
                                                            "CONNECT",
                                                            "DELETE",
                                                            "PATCH",
                                                            "PROPFIND",
                                                            "PROPPATCH",
                                                            "MKCOL",
                                                            "COPY",
                                                            "MOVE",
                                                            "LOCK",
                                                            "UNLOCK",
                                                            "CHECKOUT",
                                                            "UNCHECKOUT",
                                                            "CHECKIN",
                                                            "UPDATE",
                                                            "LABEL",
                                                            "REPORT",
                                                            "MERGE",
                                                            "MKACTIVITY",
                                                            "MKWORKSPACE",
                                                            "VERSION-CONTROL",
                                                            "BASELINE-CONTROL"};
  auto best = likeness::no;
  for (const auto method : methods) {
    const auto answer = begins_with(bytes, method, letters::any_case);
    if (answer == likeness::need_more ||
        (answer == likeness::yes && bytes.size() == method.size())) {
      best = likeness::need_more;
      continue;
    }
    if (answer == likeness::yes &&
        (bytes[method.size()] == std::byte{' '} || bytes[method.size()] == std::byte{'\t'}))
      return likeness::yes;
  }
  return best;
}

likeness http_response(byte_view bytes) noexcept {
  static constexpr std::array<std::string_view, 3> versions{"HTTP/1.1", "HTTP/1.0", "HTTP/0.9"};
  return begins_with_any(bytes, versions, letters::any_case);
}

likeness http2_preface(byte_view bytes) noexcept {
  return begins_with(bytes, "PRI * HTTP/2.0\r\n", letters::as_written);
}

likeness smtp_command(byte_view bytes) noexcept {
  static constexpr std::array<std::string_view, 4> words{"EHLO ", "HELO ", "QUIT\r\n", "EHLO\r\n"};
  return begins_with_any(bytes, words, letters::any_case);
}

likeness smtp_greeting(byte_view bytes) noexcept {
  static constexpr std::array<std::string_view, 2> words{"SMTP", "MAIL"};
  const auto single = greeting_with(bytes, "220 ", words);
  return single == likeness::no ? greeting_with(bytes, "220-", words) : single;
}

likeness ftp_command(byte_view bytes) noexcept {
  static constexpr std::array<std::string_view, 5> words{"USER ", "PASS ", "PORT ", "AUTH SSL",
                                                         "AUTH TLS"};
  return begins_with_any(bytes, words, letters::any_case);
}

likeness ftp_greeting(byte_view bytes) noexcept {
  static constexpr std::array<std::string_view, 1> words{"FTP"};
  const auto single = greeting_with(bytes, "220 ", words);
  return single == likeness::no ? greeting_with(bytes, "220-", words) : single;
}

likeness ssh_banner(byte_view bytes) noexcept {
  return begins_with(bytes, "SSH-", letters::as_written);
}

likeness imap_command(byte_view bytes) noexcept {
  // A tag, a space, a command (RFC 9051 2.2.1).
  const auto text = as_text(bytes);
  const auto space = text.find(' ');
  if (space == std::string_view::npos)
    return text.size() < 12 && std::all_of(text.begin(), text.end(),
                                           [](unsigned char c) { return std::isalnum(c); })
               ? likeness::need_more
               : likeness::no;
  if (space == 0 || space > 12 ||
      !std::all_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(space),
                   [](unsigned char c) { return std::isalnum(c); }))
    return likeness::no;
  static constexpr std::array<std::string_view, 5> words{"CAPABILITY", "LOGIN ", "AUTHENTICATE ",
                                                         "STARTTLS", "NAMESPACE"};
  return begins_with_any(bytes.subspan(space + 1), words, letters::any_case);
}

likeness imap_greeting(byte_view bytes) noexcept {
  static constexpr std::array<std::string_view, 2> words{"* OK ", "* PREAUTH "};
  return begins_with_any(bytes, words, letters::any_case);
}

likeness pop3_command(byte_view bytes) noexcept {
  static constexpr std::array<std::string_view, 5> words{"CAPA\r\n", "STLS\r\n", "APOP ",
                                                         "UIDL\r\n", "AUTH\r\n"};
  return begins_with_any(bytes, words, letters::any_case);
}

likeness pop3_greeting(byte_view bytes) noexcept {
  static constexpr std::array<std::string_view, 2> words{"+OK ", "+OK\r\n"};
  return begins_with_any(bytes, words, letters::as_written);
}

likeness sip_request(byte_view bytes) noexcept {
  static constexpr std::array<std::string_view, 14> words{
      "REGISTER ", "INVITE ",    "ACK ",    "BYE ",     "CANCEL ",  "UPDATE ", "REFER ",
      "PRACK ",    "SUBSCRIBE ", "NOTIFY ", "PUBLISH ", "MESSAGE ", "INFO ",   "OPTIONS "};
  const auto method = begins_with_any(bytes, words, letters::as_written);
  if (method != likeness::yes)
    return method;
  // OPTIONS and UPDATE are HTTP's as well: what follows must be a URI of SIP's.
  const auto text = as_text(bytes);
  const auto target = bytes.subspan(text.find(' ') + 1);
  static constexpr std::array<std::string_view, 3> schemes{"SIP:", "SIPS:", "TEL:"};
  return begins_with_any(target, schemes, letters::any_case);
}

likeness sip_response(byte_view bytes) noexcept {
  return begins_with(bytes, "SIP/2.0 ", letters::as_written);
}

likeness rfb_version(byte_view bytes) noexcept {
  return begins_with(bytes, "RFB ", letters::as_written);
}

likeness bittorrent_dht(byte_view bytes) noexcept {
  static constexpr std::array<std::string_view, 5> words{"d1:ad2:id20:", "d1:rd2:id20:", "d2:ip",
                                                         "d1:el", "d1:ad4:"};
  const auto text = as_text(bytes);
  if (begins_with_any(bytes, words, letters::as_written) != likeness::yes)
    return likeness::no;
  return text.ends_with('e') && text.find("1:y1:") != std::string_view::npos ? likeness::yes
                                                                             : likeness::no;
}

} // namespace cresset::detect::proto::recognise
