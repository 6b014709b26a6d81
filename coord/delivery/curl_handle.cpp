#include "coord/delivery/curl_handle.hpp"

#include "coord/delivery/curl_library.hpp"

#include <fmt/format.h>

#include <new>
#include <stdexcept>

namespace cresset::coord::delivery {

curl_library::curl_library() {
  if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
    throw std::runtime_error{"libcurl does not start"};
}

curl_library::~curl_library() {
  curl_global_cleanup();
}

curl_handle::curl_handle(const std::string& url, const char* protocols, const std::string& ca_file)
    : handle_{curl_easy_init()} {
  if (!handle_)
    throw std::bad_alloc{};
  auto* const h = handle_.get();
  curl_easy_setopt(h, CURLOPT_URL, url.c_str());
  curl_easy_setopt(h, CURLOPT_PROTOCOLS_STR, protocols);
  curl_easy_setopt(h, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(h, CURLOPT_PROXY, "");
  curl_easy_setopt(h, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  curl_easy_setopt(h, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(h, CURLOPT_TIMEOUT, static_cast<long>(transfer_limit.count()));
  curl_easy_setopt(h, CURLOPT_CONNECTTIMEOUT, static_cast<long>(connect_limit.count()));
  curl_easy_setopt(h, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  curl_easy_setopt(h, CURLOPT_WRITEFUNCTION, &curl_handle::take);
  curl_easy_setopt(h, CURLOPT_WRITEDATA, this);
  if (!ca_file.empty())
    curl_easy_setopt(h, CURLOPT_CAINFO, ca_file.c_str());
}

std::size_t curl_handle::take(char*, std::size_t size, std::size_t count, void* self) noexcept {
  auto& taken = static_cast<curl_handle*>(self)->taken_;
  taken += size * count;
  return taken <= answer_limit_bytes ? size * count : 0;
}

expected<void, std::string> curl_handle::perform() {
  const auto done = curl_easy_perform(handle_.get());
  if (done == CURLE_OK)
    return {};
  const auto code = answer_code();
  return unexpected{code > 0 ? fmt::format("{} (answer {})", curl_easy_strerror(done), code)
                             : std::string{curl_easy_strerror(done)}};
}

long curl_handle::answer_code() const noexcept {
  long code = 0;
  curl_easy_getinfo(handle_.get(), CURLINFO_RESPONSE_CODE, &code);
  return code;
}

void append(curl_list& list, const std::string& line) {
  auto* const longer = curl_slist_append(list.get(), line.c_str());
  if (longer == nullptr)
    throw std::bad_alloc{};
  (void)list.release();
  list.reset(longer);
}

} // namespace cresset::coord::delivery
