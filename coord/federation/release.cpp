#include "coord/federation/release.hpp"

#include "coord/egress/checker.hpp"
#include "coord/stix/from_incident.hpp"
#include "coord/stix/markings.hpp"
#include "coord/stix/objects.hpp"

namespace cresset::coord::federation {
namespace {

constexpr std::string_view incident_kind = "stix:incident";

std::string source_of(const incident::incident& told) {
  return "incident/" + std::to_string(told.id.value);
}

/// The seal as it was signed; our own, so it reads back.
std::optional<signed_::seal> seal_of(const signed_::object& made, const signed_::key_record& own) {
  auto read = verify_object(made, own);
  return read ? std::optional{*std::move(read)} : std::nullopt;
}

} // namespace

expected<released_object, std::string>
release_desk::make_object(const release_wish& wish, const std::optional<released_object>& before,
                          timestamp now) {
  released_object made;
  made.source_version = wish.told.version;
  made.object_id = before ? before->object_id : stix::new_incident_object_id();
  made.modified = stix::next_version(before ? std::optional{before->modified} : std::nullopt, now);
  made.created = before ? before->created : made.modified;
  const auto body = stix::from_incident(
      wish.told, wish.groups, {made.object_id, self_.id(), made.created, made.modified}, wish.work);
  if (!body)
    return unexpected{
        "The object could not be written: " + std::string{to_string(body.error().code)} + "."};
  signed_::seal stated{std::string{incident_kind},
                       made.object_id,
                       to_rfc3339_ms(made.modified),
                       {},
                       {std::string{stix::marking_id(wish.told.label)}},
                       gate_.rules().onward,
                       self_.id()};
  auto sealed = seal_object(std::move(stated), *body, self_.key);
  if (!sealed)
    return unexpected{
        "The object could not be sealed: " + std::string{to_string(sealed.error().code)} + "."};
  made.content = *std::move(sealed);
  return made;
}

expected<released_object, std::string> release_desk::object_of(const release_wish& wish,
                                                               timestamp now) {
  const auto source = source_of(wish.told);
  const std::string unavailable = "The database does not answer; nothing was released.";
  // Two may ask at once: whose object was kept first, holds for both.
  for (int attempt = 0; attempt < 2; ++attempt) {
    const auto before = store_.released(source);
    if (!before)
      return unexpected{unavailable};
    if (*before && (*before)->source_version > wish.told.version)
      return unexpected{
          std::string{"A newer version of the incident was released already: read it again."}};
    if (*before && (*before)->source_version == wish.told.version &&
        seal_of((*before)->content, self_.record.record))
      return **before;
    if (*before && (*before)->source_version == wish.told.version)
      return unexpected{std::string{"This version was sealed with a key that is no longer in "
                                    "force: change the incident to release it anew."}};
    auto made = make_object(wish, *before, now);
    if (!made)
      return made;
    const auto kept = store_.keep_released(source, *made);
    if (!kept)
      return unexpected{unavailable};
    if (*kept == append_outcome::appended)
      return made;
  }
  return unexpected{unavailable};
}

prepared_release release_desk::prepare(const release_wish& wish, std::string_view partner,
                                       timestamp now) {
  prepared_release made{{std::string{partner}, egress::verdict::refused, false, {}}, {}};
  const auto decided = gate_.decide(wish.told, partner, wish.approvers);
  made.told.decided = decided.decided;
  made.told.sentence = decided.sentence;
  if (decided.decided != egress::verdict::release)
    return made;
  const auto failed = [&](std::string sentence) {
    made.told.decided = egress::verdict::refused;
    made.told.sentence = std::move(sentence);
    return made;
  };
  if (!peers_.by_name(partner))
    return failed(std::string{partner} +
                  " is in the policy but not pinned: `cresset partner import` its introduction.");
  auto object = object_of(wish, now);
  if (!object)
    return failed(object.error());
  if (const auto objection = check(incident_kind, object->content.body, partner))
    return failed(*objection);
  made.made = *std::move(object);
  return made;
}

std::optional<std::string> release_desk::check(std::string_view kind, std::string_view body,
                                               std::string_view partner) const {
  const auto terms = gate_.rules().partners.find(partner);
  if (terms == gate_.rules().partners.end())
    return std::string{partner} + " is not named in the policy any more.";
  if (const auto objection = egress::objection(kind, body, to_string(terms->second.highest)))
    return "The second check keeps it in: " + *objection;
  return std::nullopt;
}

release_answer release_desk::append(const signed_::object& content, const signed_::seal& stated,
                                    std::string_view partner, timestamp now) {
  release_answer told{std::string{partner}, egress::verdict::refused, false, {}};
  const auto recipient = peers_.by_name(partner);
  if (!recipient) {
    told.sentence = told.partner + " is not pinned here.";
    return told;
  }
  const auto appended = writer_.append(recipient->id(), content, stated, gate_.rules().hash(), now);
  // A control record with the same id and other bytes was written before a kill: one is enough.
  if (!appended &&
      !(stated.kind == withdrawal_kind && appended.error() == stream_store_errc::equivocation)) {
    told.sentence =
        "It could not be put into the stream: " + std::string{to_string(appended.error())} + ".";
    told.may_work_later = appended.error() != stream_store_errc::equivocation;
    return told;
  }
  told.decided = egress::verdict::release;
  told.is_in_stream = true;
  return told;
}

release_answer release_desk::dispatch(const released_object& made, std::string_view partner,
                                      timestamp now) {
  release_answer refused{std::string{partner}, egress::verdict::refused, false, {}};
  // Once more, at the bytes that leave: they have lain in the database since they were looked at.
  if (const auto objection = check(incident_kind, made.content.body, partner)) {
    refused.sentence = *objection;
    return refused;
  }
  const auto stated = seal_of(made.content, self_.record.record);
  if (!stated) {
    refused.sentence = "The object's own seal does not hold, or its key is no longer in force.";
    return refused;
  }
  return append(made.content, *stated, partner, now);
}

release_answer release_desk::withdraw(const withdrawal& told, std::string_view partner,
                                      timestamp now) {
  const auto body = write_withdrawal(told);
  release_answer refused{std::string{partner}, egress::verdict::refused, false, {}};
  if (const auto objection = check(withdrawal_kind, body, partner)) {
    refused.sentence = *objection;
    return refused;
  }
  signed_::seal stated{std::string{withdrawal_kind}, told.id,   "", {}, {},
                       signed_::onward_terms::none,  self_.id()};
  const auto sealed = seal_object(stated, body, self_.key);
  if (!sealed) {
    refused.sentence = "The withdrawal could not be sealed.";
    return refused;
  }
  stated.body = signed_::digest::of(body);
  return append(*sealed, stated, partner, now);
}

release_answer release_desk::release(const release_wish& wish, std::string_view partner,
                                     timestamp now) {
  auto prepared = prepare(wish, partner, now);
  if (!prepared.made)
    return prepared.told;
  auto sent = dispatch(*prepared.made, partner, now);
  if (sent.is_in_stream)
    sent.sentence = prepared.told.sentence;
  return sent;
}

std::vector<release_answer> release_desk::release_to_all(const release_wish& wish, timestamp now) {
  std::vector<release_answer> told;
  for (const auto& [partner, terms] : gate_.rules().partners)
    told.push_back(release(wish, partner, now));
  return told;
}

} // namespace cresset::coord::federation
