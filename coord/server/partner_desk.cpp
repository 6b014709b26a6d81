#include "coord/server/partner_desk.hpp"

#include <fmt/format.h>

namespace cresset::coord::server {
namespace {

// Groups that are told of; the rest show in the object's totals.
constexpr int groups_told = 100;

std::string word_of(const federation::partner_status& status) {
  switch (status.link.now) {
  case federation::link_status::state::open: return "up";
  case federation::link_status::state::halted: return "halted";
  case federation::link_status::state::closed: break;
  }
  return status.dials ? "connecting" : "down";
}

} // namespace

incident::result<std::vector<api::partner_status>> partner_desk::partners() {
  std::vector<api::partner_status> all;
  if (sharing_ == nullptr)
    return all;
  for (const auto& status : sharing_->links.status()) {
    api::partner_status one;
    one.identity = status.partner;
    one.name = status.name;
    one.link = word_of(status);
    one.why = status.link.trouble;
    const auto& terms = sharing_->gate.rules().partners;
    if (const auto found = terms.find(status.name); found != terms.end())
      one.ceiling = found->second.highest;
    else
      one.ceiling = incident::tlp::clear;
    one.sent = status.link.sent.sequence;
    one.acknowledged = status.link.acknowledged.sequence;
    one.received = status.link.received.sequence;
    one.alarms = sharing_->streams.alarms(status.partner).value_or(0);
    all.push_back(std::move(one));
  }
  return all;
}

incident::result<std::vector<api::release_verdict>>
partner_desk::weigh_release(incident::incident_id id) {
  const auto told = store_.incidents.one(id);
  if (!told)
    return unexpected{told.error()};
  std::vector<api::release_verdict> verdicts;
  if (sharing_ == nullptr)
    return verdicts;
  for (const auto& partner : sharing_->peers.all()) {
    const auto said = sharing_->gate.decide(*told, partner.name(), {});
    const bool may =
        said.decided == egress::verdict::release || said.decided == egress::verdict::needs_analyst;
    verdicts.push_back({partner.name(), may, {said.sentence}});
  }
  return verdicts;
}

incident::result<api::release_verdict> partner_desk::release(incident::incident_id id,
                                                             std::int64_t seen_version,
                                                             const std::string& partner,
                                                             const std::string& by) {
  using incident::store_errc;
  const auto no = [](store_errc why, std::string text) {
    return unexpected{incident::store_error{why, std::move(text)}};
  };
  if (sharing_ == nullptr || !sharing_->peers.by_name(partner))
    return no(store_errc::not_found, "there is no partner " + partner);
  const auto told = store_.incidents.one(id);
  if (!told)
    return unexpected{told.error()};
  if (told->version != seen_version)
    return no(store_errc::stale, "the incident has changed: read it again");
  const auto groups = store_.incidents.groups_of(id, groups_told);
  if (!groups)
    return unexpected{groups.error()};
  std::vector<incident::user_id> approvers;
  if (const auto user = store_.users.find(by))
    approvers.push_back(user->id);
  const auto work = work_.content_for_sharing(id);
  if (!work)
    return unexpected{work.error()};
  const auto moment = std::chrono::floor<std::chrono::microseconds>(now());
  const auto prepared = sharing_->desk.prepare({*told, *groups, approvers, *work}, partner, moment);
  if (!prepared.made)
    return no(store_errc::refused, prepared.told.sentence);
  const auto held =
      effects_.hold(release_effect(*told, *prepared.made, partner, by, moment, hold_));
  if (!held)
    return unexpected{held.error()};
  return api::release_verdict{
      partner,
      true,
      {prepared.told.sentence, fmt::format("It leaves at {} unless effect {} is undone before.",
                                           to_rfc3339_ms(held->due), held->id.value)}};
}

effect::outside_effect release_effect(const incident::incident& told,
                                      const federation::released_object& made, std::string partner,
                                      std::string by, timestamp asked, std::chrono::seconds hold) {
  effect::outside_effect what;
  what.incident = told.id;
  what.incident_version = told.version;
  what.partner = std::move(partner);
  what.by = std::move(by);
  what.asked = asked;
  what.due = asked + hold;
  what.object_id = made.object_id;
  what.object_version = to_rfc3339_ms(made.modified);
  return what;
}

} // namespace cresset::coord::server
