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
  const auto body = stix::from_incident(wish.told, wish.groups,
                                        {made.object_id, self_.id(), made.created, made.modified});
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

release_answer release_desk::release(const release_wish& wish, std::string_view partner,
                                     timestamp now) {
  release_answer told{std::string{partner}, egress::verdict::refused, false, {}};
  const auto decided = gate_.decide(wish.told, partner, wish.approvers);
  told.decided = decided.decided;
  told.sentence = decided.sentence;
  if (decided.decided != egress::verdict::release)
    return told;
  const auto failed = [&](std::string sentence) {
    told.decided = egress::verdict::refused;
    told.sentence = std::move(sentence);
    return told;
  };
  const auto recipient = peers_.by_name(partner);
  if (!recipient)
    return failed(std::string{partner} +
                  " is in the policy but not pinned: `cresset partner import` its introduction.");
  const auto made = object_of(wish, now);
  if (!made)
    return failed(made.error());
  const auto highest = to_string(gate_.rules().partners.find(partner)->second.highest);
  if (const auto objection = egress::objection(incident_kind, made->content.body, highest))
    return failed("The second check keeps it in: " + *objection);
  const auto stated = seal_of(made->content, self_.record.record);
  if (!stated)
    return failed("The object's own seal does not hold.");
  const auto appended =
      writer_.append(recipient->id(), made->content, *stated, gate_.rules().hash(), now);
  if (!appended) {
    // The verdict stays `release`: it may be tried again.
    told.sentence =
        "It could not be put into the stream: " + std::string{to_string(appended.error())} + ".";
    return told;
  }
  told.is_in_stream = true;
  return told;
}

std::vector<release_answer> release_desk::release_to_all(const release_wish& wish, timestamp now) {
  std::vector<release_answer> told;
  for (const auto& [partner, terms] : gate_.rules().partners)
    told.push_back(release(wish, partner, now));
  return told;
}

} // namespace cresset::coord::federation
