#include "coord/store/incident_changes.hpp"

#include "capture/base/json_writer.hpp"
#include "coord/incident/rule_facts.hpp"
#include "coord/store/incident_rows.hpp"
#include "coord/store/journal_writer.hpp"
#include "coord/store/quality_rows.hpp"
#include "coord/store/sql_text.hpp"
#include "detect/alert/utf8.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace cresset::coord::store {
using namespace incident;
namespace {

constexpr std::size_t text_limit_bytes = 10'000;

unexpected<store_error> refuse(std::string text) {
  return unexpected{store_error{store_errc::refused, std::move(text)}};
}

bool is_text(const std::string& text, std::size_t limit = text_limit_bytes) {
  return text.size() <= limit && detect::alert::is_clean_utf8(text);
}

void write(pqxx::work& t, std::string_view kind, incident_id id, timestamp at,
           std::pair<std::string, std::string> by_text, std::string detail = {}) {
  journal::event what;
  what.kind = kind;
  what.at = at;
  what.incident = id;
  what.by = std::move(by_text.first);
  what.text = std::move(by_text.second);
  what.detail = std::move(detail);
  append(t, what);
}

/// The rules of the domain; empty when the edit keeps them.
std::string objection(const incident_edit& edit) {
  if (edit.title && (edit.title->empty() || !is_text(*edit.title, 300)))
    return "a title has 1 to 300 bytes of text";
  if (edit.severity && (*edit.severity < 0 || *edit.severity > 100))
    return "an incident's severity is 0 to 100";
  if (edit.classified && !is_known(*edit.classified))
    return "the class or type is not in RSIT";
  if ((edit.legal_basis && !is_text(*edit.legal_basis)) ||
      (edit.sector && !is_text(*edit.sector, 200)) ||
      (edit.constituent && !is_text(*edit.constituent, 300)))
    return "legal basis, sector or constituent is too long or not plain text";
  if (edit.determination && !edit.determination->empty() && !is_determination(*edit.determination))
    return "the determination is no word of the incident core";
  if (edit.recoverability && !edit.recoverability->empty() &&
      !is_recoverability(*edit.recoverability))
    return "the recoverability is no word of the incident core";
  if (edit.techniques && (edit.techniques->size() > incident_values_limit ||
                          !std::ranges::all_of(*edit.techniques, is_technique)))
    return "techniques are at most 100, each like T1190 or T1059.001";
  if (edit.cves &&
      (edit.cves->size() > incident_values_limit || !std::ranges::all_of(*edit.cves, is_cve)))
    return "CVEs are at most 100, each like CVE-2021-44228";
  return {};
}

std::string joined(const std::vector<std::string>& values) {
  return fmt::format("{}", fmt::join(values, " "));
}

std::string list_of(const std::vector<std::string>& values) {
  array_text list;
  for (const auto& value : values)
    list.add(std::string_view{value});
  return list.str();
}

} // namespace

result<incident::incident> read_incident(pqxx::work& t, incident_id id) {
  const auto rows = t.exec_params(std::string{incident_select} + "WHERE i.id = $1", id.value);
  if (rows.empty())
    return unexpected{
        store_error{store_errc::not_found, fmt::format("there is no incident {}", id.value)}};
  return incident_of(rows[0]);
}

result<incident::incident> locked_incident(pqxx::work& t, const seen_incident& seen) {
  t.exec_params("SELECT 1 FROM alert_group g JOIN incident_group l ON l.group_id = g.id WHERE "
                "l.incident = $1 "
                "ORDER BY g.id FOR UPDATE OF g",
                seen.id.value);
  t.exec_params("SELECT 1 FROM incident WHERE id = $1 FOR UPDATE", seen.id.value);
  auto found = read_incident(t, seen.id);
  if (found && found->version != seen.version)
    return unexpected{store_error{
        store_errc::stale,
        fmt::format("the incident is at version {} by now: read it again", found->version)}};
  return found;
}

result<incident::incident> move_incident(pqxx::work& t, const transition_request& request,
                                         timestamp at) {
  const auto before = locked_incident(t, {request.incident, request.seen_version, request.by});
  if (!before)
    return before;
  if (!may_follow(before->state, request.to))
    return refuse(fmt::format("an incident does not go from {} to {}", to_string(before->state),
                              to_string(request.to)));
  if (!is_text(request.note))
    return refuse("the note is too long or not plain text");
  const auto by = login_of(t, request.by);
  if (request.to == incident_state::closed) {
    if (!request.reason)
      return refuse("to close an incident needs a reason");
    if (*request.reason == close_reason::false_positive && !before->exercise)
      count_false_incident(t, request.incident, 1, at);
    close_incident(t, {request.incident, *request.reason, request.note, by}, at);
    return read_incident(t, request.incident);
  }
  if (before->merged_into)
    return refuse("the incident was merged into another: undo the merge instead");
  if (before->closed_as == close_reason::false_positive && !before->exercise)
    count_false_incident(t, request.incident, -1, at);
  t.exec_params("UPDATE incident SET state = $2, closed_as = NULL, close_note = '' WHERE id = $1",
                request.incident.value, static_cast<int>(request.to));
  if (before->state == incident_state::closed)
    reclaim_groups(t, request.incident);
  touch_incident(t, request.incident, at);
  std::string detail;
  json_writer{detail}.member("from", to_string(before->state)).member("to", to_string(request.to));
  write(t, journal::kind::incident_state, request.incident, at,
        {by, fmt::format("{} to {}{}{}", to_string(before->state), to_string(request.to),
                         request.note.empty() ? "" : ": ", request.note)},
        detail);
  return read_incident(t, request.incident);
}

result<incident::incident> edit_incident(pqxx::work& t, const seen_incident& seen,
                                         const incident_edit& edit, timestamp at) {
  if (const auto no = objection(edit); !no.empty())
    return refuse(no);
  const auto before = locked_incident(t, seen);
  if (!before)
    return before;
  std::string changes;
  const auto set = [&](const char* column, const auto& value, const auto& was, const auto& shown) {
    t.exec_params(fmt::format("UPDATE incident SET {} = $2 WHERE id = $1", column), seen.id.value,
                  value);
    changes +=
        fmt::format("{}{} from '{}' to '{}'", changes.empty() ? "" : ", ", column, was, shown);
  };
  if (edit.title)
    set("title", *edit.title, before->title, *edit.title);
  if (edit.severity)
    set("severity", *edit.severity, before->severity, *edit.severity);
  if (edit.classified) {
    set("rsit_class", edit.classified->classification, before->classified.classification,
        edit.classified->classification);
    set("rsit_type", edit.classified->type, before->classified.type, edit.classified->type);
  }
  if (edit.label)
    set("tlp", static_cast<int>(*edit.label), to_string(before->label), to_string(*edit.label));
  if (edit.actions)
    set("pap", static_cast<int>(*edit.actions), to_string(before->actions),
        to_string(*edit.actions));
  if (edit.legal_basis)
    set("legal_basis", *edit.legal_basis, before->legal_basis, *edit.legal_basis);
  if (edit.sector)
    set("sector", *edit.sector, before->sector, *edit.sector);
  if (edit.constituent)
    set("constituent", *edit.constituent, before->constituent, *edit.constituent);
  if (edit.personal_data)
    set("personal_data", *edit.personal_data, before->personal_data, *edit.personal_data);
  if (edit.determination)
    set("determination", *edit.determination, before->determination, *edit.determination);
  if (edit.recoverability)
    set("recoverability", *edit.recoverability, before->recoverability, *edit.recoverability);
  if (edit.retain_until) {
    const auto text = [](const std::optional<timestamp>& when) {
      return when && to_ns(*when) != 0 ? to_rfc3339_ms(*when) : std::string{};
    };
    const bool none = to_ns(*edit.retain_until) == 0;
    set("retain_until", none ? std::nullopt : std::optional{sql_time(*edit.retain_until)},
        text(before->retain_until), text(edit.retain_until));
  }
  if (edit.techniques)
    set("techniques", list_of(*edit.techniques), joined(before->techniques),
        joined(*edit.techniques));
  if (edit.cves)
    set("cves", list_of(*edit.cves), joined(before->cves), joined(*edit.cves));
  if (edit.owner && edit.owner->value == 0)
    set("owner", std::optional<std::int64_t>{}, before->owner_name, "");
  else if (edit.owner) {
    const auto login = login_of(t, *edit.owner);
    if (login == "unknown")
      return refuse("the owner is no user of this server");
    set("owner", edit.owner->value, before->owner_name, login);
  }
  if (changes.empty())
    return before;
  touch_incident(t, seen.id, at);
  write(t, journal::kind::incident_changed, seen.id, at, {login_of(t, seen.by), changes});
  return read_incident(t, seen.id);
}

result<void> note_incident(pqxx::work& t, incident_id id, const std::string& text, user_id by,
                           timestamp at) {
  if (text.empty() || !is_text(text))
    return refuse("a note has 1 to 10000 bytes of text");
  if (t.exec_params("SELECT 1 FROM incident WHERE id = $1 FOR UPDATE", id.value).empty())
    return unexpected{
        store_error{store_errc::not_found, fmt::format("there is no incident {}", id.value)}};
  write(t, journal::kind::incident_note, id, at, {login_of(t, by), text});
  return {};
}

result<incident::incident> release_incident(pqxx::work& t, const seen_incident& seen,
                                            const std::string& partner, const std::string& by) {
  const auto before = locked_incident(t, seen);
  if (!before)
    return before;
  t.exec_params("UPDATE incident SET released_version = version WHERE id = $1", seen.id.value);
  std::string detail;
  json_writer{detail}.member("partner", partner).member("version", seen.version);
  write(t, journal::kind::incident_released, seen.id, now(),
        {by, fmt::format("version {} released to {}", seen.version, partner)}, detail);
  return read_incident(t, seen.id);
}

} // namespace cresset::coord::store
