#pragma once

#include "capture/base/timestamp.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cresset::coord::delivery {

inline constexpr std::size_t recipients_limit = 100;
inline constexpr std::size_t mail_bytes_limit = 10 * 1024 * 1024;

struct mail_attachment {
  std::string name;
  /// "text/csv", "application/json", …
  std::string type;
  std::string bytes;
};

/// One message to one or more people. Text is UTF-8.
struct mail {
  std::vector<std::string> to;
  std::string subject;
  std::string text;
  std::vector<mail_attachment> attachments;
  /// Without the angle brackets; empty: the relay gives one.
  std::string message_id;
  timestamp date;
};

/// Whether the text can be one address on an SMTP envelope (RFC 5321 without quoted local parts):
/// no spaces, no control characters, no brackets, one '@', at most 254 bytes.
bool is_mail_address(std::string_view text) noexcept;

/// A header's value as RFC 2047 asks: as it is when it is plain ASCII without line ends, else in
/// encoded words of at most 75 bytes that do not cut a character.
std::string header_text(std::string_view utf8);

/// "Sat, 21 Nov 2026 22:07:38 +0000" (RFC 5322, section 3.3).
std::string header_date(timestamp at);

} // namespace cresset::coord::delivery
