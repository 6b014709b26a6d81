#include "coord/notify/notification.hpp"

#include "coord/incident/words.hpp"

#include <algorithm>

namespace cresset::coord::notify {
namespace {
using incident::words;
constexpr words<notification_state, 6> states{
    {"queued", "sent", "failed", "cancelled", "offered", "fetched"}};
constexpr words<answer_kind, 3> answers{{"fixed", "false", "need_help"}};
} // namespace

std::string_view to_string(notification_state state) noexcept {
  return states.word(state);
}
std::string_view to_string(answer_kind kind) noexcept {
  return answers.word(kind);
}
std::optional<answer_kind> answer_kind_from(std::string_view word) noexcept {
  return answers.value(word);
}

std::chrono::seconds pause_after(int attempts) noexcept {
  constexpr std::chrono::seconds longest{4 * 3600};
  const int doublings = std::clamp(attempts - 1, 0, 8);
  return std::min(longest, std::chrono::seconds{60 << doublings});
}

timestamp next_digest(timestamp now, int hour) noexcept {
  const timestamp today{std::chrono::floor<std::chrono::days>(now) + std::chrono::hours{hour}};
  return today > now ? today : today + std::chrono::days{1};
}

std::string told_bytes(const std::string& subject, const std::string& text) {
  return subject + "\n" + text;
}

} // namespace cresset::coord::notify
