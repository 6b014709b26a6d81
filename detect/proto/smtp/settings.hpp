#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace cresset::detect::proto::smtp {

/// Choices for SMTP and the mail in it (`app-layer.protocols.smtp.mime`), and what the event log
/// shows of a mail (`smtp` among the log's types).
struct settings {
  std::uint64_t file_limit_bytes = 100 * 1024; ///< retained and inspected of an attachment
  std::size_t header_value_limit = 2000;       ///< longer ones are an event
  bool decode_base64 = true;
  bool decode_quoted_printable = true;
  bool extract_urls = true;
  std::vector<std::string> url_schemes{"http"};
  bool log_url_scheme = false;
  bool body_md5 = false;
  bool subject_md5 = false;
  bool logs_all_headers = false;           ///< `extended`
  std::vector<std::string> logged_headers; ///< `custom`: "subject", "message_id", …
};

} // namespace cresset::detect::proto::smtp
