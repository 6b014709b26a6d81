#include "coord/server/owner_desk.hpp"

#include "coord/server/notice_files.hpp"

namespace cresset::coord::server {
namespace {

notify::notice_settings settings_of(const config& settings) {
  notify::notice_settings how;
  how.public_url = settings.public_url;
  if (how.public_url.empty())
    how.public_url =
        "https://" + settings.https_address + ":" + std::to_string(settings.https_port);
  how.answer_days = settings.answer_days;
  how.digest_hour = settings.digest_hour;
  how.default_language = settings.notify_language;
  if (const auto at = settings.mail.from.rfind('@'); at != std::string::npos)
    how.message_domain = settings.mail.from.substr(at + 1);
  return how;
}

} // namespace

owner_desk::owner_desk(const config& settings, store::connection_pool& pool,
                       segment::segment_repository& registry, delivery::mail_sender& mail)
    : notices_{pool}, letters_{read_letters(settings.letters, settings.notify_language)},
      desk_{notices_, registry, letters_, settings_of(settings), own_answer_key(settings.state)},
      loop_{notices_, desk_, mail} {}

void owner_desk::install(http::router& routes, http::push_hub& pushes) {
  api::notify::install(routes, {desk_, notices_, limiter_, pushes});
}

std::vector<api::metric> owner_desk::metrics() const {
  const auto count = [](std::string name, std::string help, const counter& value) {
    return api::metric{
        std::move(name), std::move(help), "counter", static_cast<double>(value.value()), {}};
  };
  return {count("cresset_owners_told_total", "Notifications that a relay took", loop_.told()),
          count("cresset_owner_tries_failed_total", "Tries to tell an owner that failed",
                loop_.failed_tries()),
          count("cresset_answer_requests_refused_total",
                "Requests of answer pages past an address's limit", limiter_.refused())};
}

} // namespace cresset::coord::server
