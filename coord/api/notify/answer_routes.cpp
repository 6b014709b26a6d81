// The only pages that a stranger sees. A link is all the proof there is, so: nothing is told to who
// holds none (a forged link and one that leads nowhere read alike), every address is limited, what
// is read once is read as text and never as a page, and a change needs a POST, because mail systems
// open every link they see.
#include "coord/api/notify/notification_routes.hpp"
#include "coord/api/store_answer.hpp"
#include "detect/alert/utf8.hpp"

#include <algorithm>

namespace cresset::coord::api::notify {
using namespace coord::notify;
namespace {

http::response text_page(unsigned status, std::string text) {
  http::response answer;
  answer.status = status;
  answer.content_type = "text/plain; charset=utf-8";
  answer.body = std::move(text);
  return answer;
}

/// The notification of the link, or what is answered instead.
struct opened {
  std::optional<notification> what;
  http::response otherwise;
};

opened open(const parts& all, const http::request& r) {
  if (!all.limiter.may_ask(r.peer, std::chrono::steady_clock::now())) {
    auto wait = text_page(429, "Too many requests from your address; wait a minute.\n");
    wait.headers.push_back({"Retry-After", "60"});
    return {std::nullopt, std::move(wait)};
  }
  auto why = token_errc::forged;
  const auto id = all.desk.read(r.parameter("token"), now(), why);
  if (!id)
    return {std::nullopt, why == token_errc::expired
                              ? text_page(410, "This link has expired; write to your CIRT.\n")
                              : text_page(404, "There is nothing here.\n")};
  auto found = all.notices.one(*id);
  if (!found || found->state == notification_state::cancelled)
    return {std::nullopt, found || found.error().why == incident::store_errc::not_found
                              ? text_page(404, "There is nothing here.\n")
                              : answer_to(found.error())};
  return {*std::move(found), {}};
}

http::response html(std::string page) {
  http::response answer;
  answer.content_type = "text/html; charset=utf-8";
  answer.body = std::move(page);
  return answer;
}

http::response show(const parts& all, const http::request& r) {
  auto [what, otherwise] = open(all, r);
  return what ? html(all.desk.page(*what, std::nullopt)) : std::move(otherwise);
}

http::response report(const parts& all, const http::request& r, bool is_json) {
  auto [what, otherwise] = open(all, r);
  if (!what)
    return std::move(otherwise);
  if (const auto marked = all.notices.mark_fetched(what->id, r.peer, now()); !marked)
    return answer_to(marked.error());
  http::response answer;
  answer.content_type = is_json ? "application/json" : "text/csv; charset=utf-8";
  answer.headers.push_back({"Content-Disposition", is_json
                                                       ? "attachment; filename=\"report.json\""
                                                       : "attachment; filename=\"report.csv\""});
  answer.body = is_json ? std::move(what->report_json) : std::move(what->report_csv);
  return answer;
}

int hex_value(char c) noexcept {
  if (c >= '0' && c <= '9')
    return c - '0';
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/// One value of a form (application/x-www-form-urlencoded), decoded; damage is left as it is, for
/// it is read as a person's text.
std::string decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && text.size() - i > 2 && hex_value(text[i + 1]) >= 0 &&
        hex_value(text[i + 2]) >= 0) {
      out += static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2]));
      i += 2;
    } else {
      out += text[i] == '+' ? ' ' : text[i];
    }
  }
  return out;
}

std::string form_value(std::string_view body, std::string_view name) {
  while (!body.empty()) {
    const auto end = std::min(body.find('&'), body.size());
    const auto pair = body.substr(0, end);
    body.remove_prefix(std::min(end + 1, body.size()));
    const auto equals = pair.find('=');
    if (equals != std::string_view::npos && pair.substr(0, equals) == name)
      return decoded(pair.substr(equals + 1));
  }
  return {};
}

/// Clean UTF-8 without control characters but line ends, of at most the limit.
std::string person_text(const std::string& text) {
  auto clean = detect::alert::to_clean_utf8(text, answer_text_limit_bytes);
  std::erase_if(clean, [](char c) {
    return (static_cast<unsigned char>(c) < 0x20 && c != '\n') || c == 0x7f;
  });
  return clean;
}

http::response take(const parts& all, const http::request& r) {
  auto [what, otherwise] = open(all, r);
  if (!what)
    return std::move(otherwise);
  const auto kind = answer_kind_from(form_value(r.body, "answer"));
  if (!kind)
    return text_page(400, "The answer has to be fixed, false or need_help.\n");
  const answer given{what->id, now(), *kind, person_text(form_value(r.body, "text")), r.peer};
  if (const auto taken = all.notices.take(given); !taken)
    return taken.error().why == incident::store_errc::refused
               ? text_page(429, taken.error().text + "\n")
               : answer_to(taken.error());
  what->answers.push_back(given);
  return html(all.desk.page(*what, kind));
}

} // namespace

void install_answers(http::router& router, const parts& all) {
  using http::access_level;
  using http::method;
  router.add(method::get, "/answer/{token}", access_level::anyone,
             [all](const http::request& r) { return show(all, r); });
  router.add_form("/answer/{token}", [all](const http::request& r) { return take(all, r); });
  router.add(method::get, "/answer/{token}/report.json", access_level::anyone,
             [all](const http::request& r) { return report(all, r, true); });
  router.add(method::get, "/answer/{token}/report.csv", access_level::anyone,
             [all](const http::request& r) { return report(all, r, false); });
}

} // namespace cresset::coord::api::notify
