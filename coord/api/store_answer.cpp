#include "coord/api/store_answer.hpp"

#include "capture/base/log.hpp"

namespace cresset::coord::api {

http::response answer_to(const incident::store_error& failed) {
  using incident::store_errc;
  switch (failed.why) {
  case store_errc::not_found: return http::problem(404, failed.text);
  case store_errc::stale: return http::problem(409, failed.text);
  case store_errc::refused: return http::problem(422, failed.text);
  case store_errc::fenced:
  case store_errc::unavailable: break;
  case store_errc::broken:
    log(log_level::error, "api", "the store failed: {}", failed.text);
    return http::problem(500, "the store failed; the server's log says why");
  }
  auto busy = http::problem(503, failed.text);
  busy.headers.push_back({"Retry-After", "2"});
  return busy;
}

} // namespace cresset::coord::api
