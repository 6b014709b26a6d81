#include "coord/api/json_output.hpp"

#include "detect/alert/eve.hpp"
#include "detect/alert/wire.hpp"

#include <fmt/format.h>

namespace cresset::coord::api {

namespace {

std::string attacker_of(const incident::group_key& key) {
  switch (key.level) {
  case incident::attacker_level::address: return key.attacker.to_string();
  case incident::attacker_level::prefix:
    return fmt::format("{}/{}", key.attacker.to_string(),
                       key.attacker.is_v4() ? incident::attacker_prefix_v4_bits
                                            : incident::attacker_prefix_v6_bits);
  case incident::attacker_level::many: break;
  }
  return "many";
}

std::string_view word_for(incident::group_state state) {
  switch (state) {
  case incident::group_state::open: return "open";
  case incident::group_state::acknowledged: return "acknowledged";
  case incident::group_state::dismissed: return "dismissed";
  case incident::group_state::in_incident: break;
  }
  return "in_incident";
}

template <typename Id>
void write_id(json_writer& json, std::string_view name, const std::optional<Id>& id) {
  if (id)
    json.member(name, id->value);
  else
    json.key(name).null();
}

void write_texts(json_writer& json, std::string_view name, const std::vector<std::string>& texts) {
  json.key(name).begin_array();
  for (const auto& text : texts)
    json.text(text);
  json.end_array();
}

template <typename Ids>
void write_ids(json_writer& json, std::string_view name, const Ids& ids) {
  json.key(name).begin_array();
  for (const auto id : ids)
    json.number(id.value);
  json.end_array();
}

void write_addresses(json_writer& json, std::string_view name,
                     const std::vector<ip_address>& addresses) {
  json.key(name).begin_array();
  for (const auto& address : addresses)
    json.text(address.to_string());
  json.end_array();
}

void write_end(json_writer& json, std::string_view name, const ip_address& address,
               std::uint16_t port) {
  json.key(name)
      .begin_object()
      .member("address", address.to_string())
      .member("port", port)
      .end_object();
}

/// The sensor's record as the event line everybody's tools read; null when it cannot be read, which
/// only a damaged store can cause: the sensor's door verified it.
void write_event(json_writer& json, const incident::stored_alert& alert) {
  json.key("event");
  const auto record = detect::alert::decode(alert.record);
  if (!record) {
    json.null();
    return;
  }
  std::string line;
  detect::alert::append_eve(line, *record);
  while (!line.empty() && line.back() == '\n')
    line.pop_back();
  json.raw(line);
}

std::string hex_of(byte_view bytes) {
  std::string text;
  for (const auto b : bytes)
    text += fmt::format("{:02x}", std::to_integer<unsigned>(b));
  return text;
}

} // namespace

void write_time(json_writer& json, std::string_view name, timestamp at) {
  if (to_ns(at) == 0)
    json.key(name).null();
  else
    json.member(name, to_rfc3339_ms(at));
}

void write(json_writer& json, const incident::alert_group& group) {
  json.begin_object()
      .member("id", group.id.value)
      .member("gid", group.key.gid)
      .member("sid", group.key.sid)
      .member("revision", group.revision)
      .member("message", group.message)
      .member("category", group.category)
      .member("severity", group.severity)
      .member("victim", group.key.victim.to_string())
      .member("attacker", attacker_of(group.key))
      .member("direction", group.key.direction == incident::group_direction::to_victim
                               ? "to_victim"
                               : "from_victim")
      .member("traffic", to_string(group.key.way))
      .member("exercise", group.key.exercise)
      .member("generation", group.generation)
      .member("live", group.live)
      .member("alerts", group.alerts)
      .member("first_alert", group.first_alert.value)
      .member("last_alert", group.last_alert.value);
  write_time(json, "first_seen", group.first_seen);
  write_time(json, "last_seen", group.last_seen);
  write_time(json, "last_received", group.last_received);
  write_ids(json, "samples", group.samples);
  json.member("most_telling", group.most_telling.value);
  write_texts(json, "sensors", group.sensors);
  json.member("owner", group.place.owner)
      .member("sector", group.place.sector)
      .member("criticality", group.place.criticality)
      .member("victim_country", group.place.victim_country)
      .member("attacker_country", group.place.attacker_country);
  json.member("state", word_for(group.state)).member("handled", group.handled.value);
  if (group.reopened.empty())
    json.key("reopened").null();
  else
    json.member("reopened", group.reopened);
  write_id(json, "incident", group.incident);
  json.end_object();
}

void write(json_writer& json, const incident::stored_alert& alert) {
  json.begin_object()
      .member("position", alert.position.value)
      .member("group", alert.group.value)
      .member("sensor", alert.sensor);
  write_time(json, "captured", alert.captured);
  write_time(json, "received", alert.received);
  json.member("gid", alert.gid)
      .member("sid", alert.sid)
      .member("revision", alert.revision)
      .member("severity", alert.severity)
      .member("message", alert.message)
      .member("category", alert.category)
      .member("protocol", detect::alert::eve_protocol(alert.tuple.protocol));
  write_end(json, "source", alert.tuple.source, alert.tuple.source_port);
  write_end(json, "destination", alert.tuple.destination, alert.tuple.destination_port);
  json.member("application", alert.application);
  write_event(json, alert);
  json.end_object();
}

void write(json_writer& json, const incident::evidence& evidence) {
  json.begin_object()
      .member("alert", evidence.alert.value)
      .member("kind", evidence.kind)
      .member("link_type", evidence.link_type)
      .member("size", evidence.bytes.size())
      .member("sha256", hex_of(evidence.hash));
  write_time(json, "captured", evidence.captured);
  json.key("bytes").base64(evidence.bytes);
  json.end_object();
}

void write(json_writer& json, const incident::decision& decision) {
  json.begin_object()
      .member("id", decision.id.value)
      .member("kind", to_string(decision.kind))
      .member("group", decision.group.value)
      .member("seen", decision.seen.value)
      .member("by", decision.by_name);
  write_time(json, "at", decision.at);
  json.member("reason", decision.reason);
  if (decision.code)
    json.member("code", to_string(*decision.code));
  else
    json.key("code").null();
  if (decision.stands) {
    json.key("stands").begin_object().member("scope", to_string(decision.stands->scope));
    write_time(json, "expires", decision.stands->expires);
    json.end_object();
  } else {
    json.key("stands").null();
  }
  write_id(json, "incident", decision.incident);
  write_id(json, "undoes", decision.undoes);
  write_id(json, "undone_by", decision.undone_by);
  json.member("matched", decision.matched).end_object();
}

void write(json_writer& json, const incident::incident& incident, incident::language in) {
  json.begin_object()
      .member("id", incident.id.value)
      .member("name", incident.name)
      .member("title", incident.title)
      .member("why", incident.reasons.empty() ? incident.why : render(incident.reasons, in))
      .key("reasons")
      .raw(to_json(incident.reasons))
      .member("rule", incident.rule)
      .member("state", to_string(incident.state));
  if (incident.closed_as)
    json.member("closed_as", to_string(*incident.closed_as))
        .member("close_note", incident.close_note);
  json.member("severity", incident.severity)
      .member("classification", incident.classified.classification)
      .member("type", incident.classified.type)
      .member("tlp", to_string(incident.label))
      .member("pap", to_string(incident.actions))
      .member("legal_basis", incident.legal_basis)
      .member("sector", incident.sector)
      .member("constituent", incident.constituent)
      .member("criticality", incident.criticality)
      .member("personal_data", incident.personal_data);
  write_time(json, "retain_until", incident.retain_until.value_or(timestamp{}));
  json.member("determination", incident.determination)
      .member("recoverability", incident.recoverability);
  write_texts(json, "techniques", incident.techniques);
  write_texts(json, "cves", incident.cves);
  write_id(json, "merged_into", incident.merged_into);
  json.member("exercise", incident.exercise).member("owner", incident.owner_name);
  write_time(json, "opened", incident.opened);
  write_time(json, "changed", incident.changed);
  write_time(json, "first_seen", incident.first_seen);
  write_time(json, "last_seen", incident.last_seen);
  json.member("alerts", incident.alerts);
  write_ids(json, "groups", incident.groups);
  write_addresses(json, "victims", incident.victims);
  write_addresses(json, "attackers", incident.attackers);
  json.member("version", incident.version)
      .member("released_version", incident.released_version)
      .end_object();
}

void write(json_writer& json, const incident::incident_event& event) {
  json.begin_object().member("sequence", event.sequence);
  write_time(json, "at", event.at);
  json.member("kind", event.kind).member("by", event.by).member("text", event.text).end_object();
}

} // namespace cresset::coord::api
