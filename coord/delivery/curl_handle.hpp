#pragma once

#include "capture/base/expected.hpp"

#include <curl/curl.h>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

namespace cresset::coord::delivery {

/// How long one delivery may take in all, and to connect; what of an answer's body is read.
inline constexpr std::chrono::seconds transfer_limit{30};
inline constexpr std::chrono::seconds connect_limit{10};
inline constexpr std::size_t answer_limit_bytes = 64 * 1024;

struct curl_free {
  void operator()(CURL* handle) const noexcept { curl_easy_cleanup(handle); }
  void operator()(curl_slist* list) const noexcept { curl_slist_free_all(list); }
  void operator()(curl_mime* mime) const noexcept { curl_mime_free(mime); }
};
using curl_list = std::unique_ptr<curl_slist, curl_free>;
using curl_message = std::unique_ptr<curl_mime, curl_free>;

/// One transfer: a handle with the limits every delivery has. For this room's sources only.
class curl_handle {
public:
  /// `protocols` as libcurl names them ("smtp,smtps"); redirections are not followed and the
  /// environment's proxies not asked. `ca_file` replaces the system's authorities when it is not
  /// empty.
  curl_handle(const std::string& url, const char* protocols, const std::string& ca_file);

  CURL* get() const noexcept { return handle_.get(); }
  /// Runs it; the error is one line without secrets.
  expected<void, std::string> perform();
  /// The last answer's code: of SMTP, of HTTP.
  long answer_code() const noexcept;

private:
  static std::size_t take(char* bytes, std::size_t size, std::size_t count, void* self) noexcept;

  std::unique_ptr<CURL, curl_free> handle_;
  std::size_t taken_ = 0;
};

/// Appends a line to a list.
void append(curl_list& list, const std::string& line);

} // namespace cresset::coord::delivery
