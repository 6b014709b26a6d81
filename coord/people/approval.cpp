#include "coord/people/approval.hpp"

#include "coord/incident/words.hpp"

namespace cresset::coord::people {

namespace {
constexpr incident::words<approval_state, 5> states{
    {"waiting", "approved", "refused", "withdrawn", "done"}};
} // namespace

std::string_view to_string(approval_state state) noexcept {
  return states.word(state);
}
std::optional<approval_state> approval_state_from(std::string_view word) noexcept {
  return states.value(word);
}

std::optional<std::string> why_not_second(const approval& asked, const second_person& who,
                                          timestamp at) {
  if (asked.state != approval_state::waiting)
    return "the request is " + std::string{to_string(asked.state)} + " already";
  if (at >= asked.expires)
    return "the request has expired: it has to be made again";
  if (!who.is_in_person)
    return "a token is no person: sign in to decide";
  if (who.id == asked.asked_by)
    return "whoever asked is not the second person";
  if (!who.has_right)
    return "the second person needs the right that the call itself needs";
  if (who.credentials_by == asked.asked_by && at < who.credentials_at + credentials_rest)
    return "this account was made or reset within the last 24 hours by the one who asked";
  return std::nullopt;
}

} // namespace cresset::coord::people
