#include "coord/report/report.hpp"

#include "coord/incident/words.hpp"
#include "detect/alert/utf8.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace cresset::coord::report {
namespace {

constexpr incident::words<report_state, 4> states{
    {"open", "acknowledged", "dismissed", "in_incident"}};
constexpr std::array<std::string_view, 4> channels{"manual", "mail", "form", "eve"};

bool is_text(const std::string& text, std::size_t most) {
  return text.size() <= most && detect::alert::is_clean_utf8(text);
}

} // namespace

std::string_view to_string(report_state state) noexcept {
  return states.word(state);
}

std::optional<report_state> report_state_from(std::string_view word) noexcept {
  return states.value(word);
}

bool is_channel(std::string_view word) noexcept {
  return std::ranges::find(channels, word) != channels.end();
}

std::string objection(const new_report& what) {
  if (!is_channel(what.channel))
    return "the channel is none we know";
  if (what.title.empty() || !is_text(what.title, title_limit_bytes))
    return fmt::format("a report has a title of 1 to {} bytes of text", title_limit_bytes);
  if (!is_text(what.body, body_limit_bytes))
    return fmt::format("a report's text has at most {} bytes", body_limit_bytes);
  if (!is_text(what.reporter, contact_limit_bytes) || !is_text(what.contact, contact_limit_bytes) ||
      !is_text(what.reference, reference_limit_bytes))
    return "reporter, contact or reference is too long or not plain text";
  if (!incident::is_known(what.classified))
    return "the class or type is not in RSIT";
  if (what.severity < 0 || what.severity > 100)
    return "a severity is 0 to 100";
  if (what.victims.size() > addresses_limit || what.attackers.size() > addresses_limit)
    return fmt::format("at most {} victims and as many attackers", addresses_limit);
  return {};
}

} // namespace cresset::coord::report
