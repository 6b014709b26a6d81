#include "coord/stix/from_incident.hpp"

#include "coord/stix/markings.hpp"
#include "coord/stix/objects.hpp"
#include "coord/stix/told_work.hpp"
#include "coord/stix/uuid.hpp"

namespace cresset::coord::stix {
namespace {

using incident::alert_group;
using incident::incident_state;
using signed_::json_value;

constexpr std::size_t name_limit_bytes = 512;
constexpr std::size_t description_limit_bytes = 8 * 1024;
constexpr std::size_t note_limit_bytes = 1024;

/// `determination` of the core extension: what we hold the matter to be.
std::string_view determination(const incident::incident& told) {
  if (!told.determination.empty())
    return told.determination;
  if (told.closed_as == incident::close_reason::false_positive)
    return "false-positive";
  return told.state <= incident_state::triaged ? "suspected" : "confirmed";
}

std::string_view investigation_status(incident_state state) {
  switch (state) {
  case incident_state::fresh: return "new";
  case incident_state::closed: return "closed";
  default: return "open";
  }
}

json_value core_extension(const incident::incident& told) {
  json_value made = json_value::object{
      {"extension_type", "property-extension"},
      {"determination", determination(told)},
      {"investigation_status", investigation_status(told.state)},
      {"criticality", told.severity},
      {"detection_methods",
       json_value::array{told.rule.empty() ? "human-review" : "automated-tool"}}};
  if (!told.recoverability.empty())
    made.set("recoverability", told.recoverability);
  return made;
}

json_value address(const ip_address& told, unsigned bits) {
  return json_value::object{{"ref", address_id(told, bits)}, {"value", address_text(told, bits)}};
}

json_value attacker(const incident::group_key& key) {
  if (key.level == incident::attacker_level::many)
    return json_value{};
  unsigned bits = key.attacker.width_bits();
  if (key.level == incident::attacker_level::prefix)
    bits = key.attacker.is_v4() ? incident::attacker_prefix_v4_bits
                                : incident::attacker_prefix_v6_bits;
  return address(key.attacker, bits);
}

json_value observed(const alert_group& group) {
  json_value made = json_value::object{
      {"rule", json_value::object{{"gid", std::uint64_t{group.key.gid}},
                                  {"sid", std::uint64_t{group.key.sid}},
                                  {"rev", group.revision},
                                  {"message", clean_text(group.message, note_limit_bytes)}}},
      {"victim", address(group.key.victim, group.key.victim.width_bits())},
      {"direction",
       group.key.direction == incident::group_direction::to_victim ? "to-victim" : "from-victim"},
      {"first_seen", to_rfc3339_ms(group.first_seen)},
      {"last_seen", to_rfc3339_ms(group.last_seen)},
      {"alerts", group.alerts}};
  // Without the member the attackers were too many to name.
  if (auto from = attacker(group.key); !from.is_null())
    made.set("attacker", std::move(from));
  return made;
}

void set_if_said(json_value& into, std::string_view name, std::string_view text) {
  if (!text.empty())
    into.set(name, clean_text(text, note_limit_bytes));
}

json_value national(const incident::incident& told, std::span<const alert_group> groups) {
  json_value::array seen;
  for (const alert_group& group : groups.first(std::min(groups.size(), observed_limit)))
    seen.push_back(observed(group));
  json_value made = json_value::object{{"extension_type", "property-extension"},
                                       {"national_id", told.name},
                                       {"state", to_string(told.state)},
                                       {"pap", to_string(told.actions)},
                                       {"exercise", told.exercise},
                                       {"first_seen", to_rfc3339_ms(told.first_seen)},
                                       {"last_seen", to_rfc3339_ms(told.last_seen)},
                                       {"alerts", told.alerts},
                                       {"observed", std::move(seen)}};
  json_value code = json_value::object{{"class", told.classified.classification}};
  set_if_said(code, "type", told.classified.type);
  made.set("rsit", std::move(code));
  if (told.closed_as)
    made.set("closed_as", to_string(*told.closed_as));
  set_if_said(made, "legal_basis", told.legal_basis);
  set_if_said(made, "sector", told.sector);
  return made;
}

} // namespace

std::string new_incident_object_id() {
  return "incident--" + uuid::random().to_string();
}

expected<std::string, signed_::json_error> from_incident(const incident::incident& told,
                                                         std::span<const alert_group> groups,
                                                         const object_frame& frame,
                                                         const casework::case_content& work) {
  json_value object =
      json_value::object{{"type", "incident"},
                         {"spec_version", "2.1"},
                         {"id", frame.object_id},
                         {"created_by_ref", frame.created_by},
                         {"created", to_rfc3339_ms(frame.created)},
                         {"modified", to_rfc3339_ms(frame.modified)},
                         {"name", clean_text(told.title, name_limit_bytes)},
                         {"object_marking_refs", json_value::array{marking_id(told.label)}}};
  if (!told.why.empty())
    object.set("description", clean_text(told.why, description_limit_bytes));
  json_value extensions = json_value::empty_object();
  extensions.set(incident_core_extension, core_extension(told));
  auto ours = national(told, groups);
  tell_work(ours, told, work);
  extensions.set(national_extension, std::move(ours));
  object.set("extensions", std::move(extensions));
  return write_canonical(object);
}

} // namespace cresset::coord::stix
