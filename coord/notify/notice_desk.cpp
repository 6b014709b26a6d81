#include "coord/notify/notice_desk.hpp"

#include "coord/signed/digest.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace cresset::coord::notify {

std::string notice_desk::path_of(const notification& n) const {
  return "/answer/" + answer_token({n.id.value, n.answer_until}, key_);
}

std::string notice_desk::link_of(const notification& n) const {
  return settings_.public_url + path_of(n);
}

std::optional<notification_id> notice_desk::read(std::string_view token, timestamp at,
                                                 token_errc& why) const {
  const auto claim = read_answer_token(token, key_, at, why);
  return claim ? std::optional{notification_id{claim->notification}} : std::nullopt;
}

notification notice_desk::draft(const request& wanted, const matter& what,
                                const segment::record& contact, notification_id id) const {
  notification n;
  n.id = id;
  n.incident = wanted.incident;
  n.owner = wanted.owner;
  n.contact = contact.name;
  n.email = contact.email;
  const auto& asked = contact.language.empty() ? what.owner.language : contact.language;
  n.language = texts_.language_for(asked.empty() ? settings_.default_language : asked);
  n.how = contact.email.empty() ? segment::delivery::download : contact.how;
  n.label = what.label;
  n.state = n.how == segment::delivery::download ? notification_state::offered
                                                 : notification_state::queued;
  n.created = wanted.at;
  n.by = wanted.by;
  n.next_try = n.how == segment::delivery::digest ? next_digest(wanted.at, settings_.digest_hour)
                                                  : wanted.at;
  n.answer_until = std::chrono::floor<std::chrono::seconds>(wanted.at + settings_.answer_days);
  const letter_context with{contact.name, link_of(n), n.answer_until, wanted.note};
  const auto whole = texts_.instant(n.language, what, with);
  n.subject = whole.subject;
  n.text =
      n.how == segment::delivery::digest ? texts_.digest_item(n.language, what, with) : whole.text;
  n.report_json = report_json(what, id);
  n.report_csv = report_csv(what);
  n.sha256 = signed_::digest::of(told_bytes(n.subject, n.text)).hex();
  n.message_id = fmt::format("notification.{}@{}", id.value, settings_.message_domain);
  return n;
}

result<std::vector<notification>> notice_desk::compose(const request& wanted, bool is_real) {
  auto what = notices_.matter_of(wanted.incident, wanted.owner);
  if (!what)
    return unexpected{what.error()};
  const auto today = std::chrono::floor<std::chrono::days>(wanted.at);
  if (auto owner = registry_.owner(wanted.owner, today))
    what->owner = *std::move(owner);
  else if (owner.error().why != incident::store_errc::not_found)
    return unexpected{owner.error()};
  const auto contacts = registry_.contacts_of(wanted.owner, today);
  if (!contacts)
    return unexpected{contacts.error()};
  if (contacts->empty())
    return unexpected{incident::store_error{
        incident::store_errc::refused,
        fmt::format("{} has no contact that holds today: add one to the registry", wanted.owner)}};
  std::vector<notification_id> ids(contacts->size());
  if (is_real) {
    auto taken = notices_.take_numbers(static_cast<int>(contacts->size()));
    if (!taken)
      return unexpected{taken.error()};
    ids = *std::move(taken);
  }
  std::vector<notification> made;
  for (std::size_t i = 0; i < std::min(ids.size(), contacts->size()); ++i)
    made.push_back(draft(wanted, *what, (*contacts)[i], ids[i]));
  return made;
}

result<std::vector<notification>> notice_desk::preview(const request& wanted) {
  return compose(wanted, false);
}

result<std::vector<notification>> notice_desk::notify(const request& wanted) {
  auto made = compose(wanted, true);
  if (!made)
    return made;
  if (const auto queued = notices_.queue(*made); !queued)
    return unexpected{queued.error()};
  return made;
}

std::string notice_desk::page(const notification& n, std::optional<answer_kind> thanks) {
  auto what = notices_.matter_of(n.incident, n.owner);
  // The owner's groups can leave the incident after it was told of them; the link goes on.
  matter about = what ? *std::move(what) : matter{};
  about.owner.key = n.owner;
  const auto today = std::chrono::floor<std::chrono::days>(n.created);
  if (auto owner = registry_.owner(n.owner, today))
    about.owner = *std::move(owner);
  return texts_.page(n.language, n, about, path_of(n), thanks);
}

letter notice_desk::digest_of(const std::vector<notification>& some) const {
  letters::digest_context with;
  with.greeting_name = some.front().contact;
  with.owner = some.front().owner;
  with.label = some.front().label;
  with.answer_until = some.front().answer_until;
  with.count = some.size();
  for (const auto& n : some) {
    with.label = std::max(with.label, n.label);
    with.answer_until = std::min(with.answer_until, n.answer_until);
    with.items += n.text;
  }
  return texts_.digest(some.front().language, with);
}

} // namespace cresset::coord::notify
