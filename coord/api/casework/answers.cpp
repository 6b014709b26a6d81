#include "coord/api/casework/answers.hpp"

#include <fmt/format.h>

namespace cresset::coord::api::casework {
namespace {

template <typename Id>
void write_id(json_writer& json, std::string_view name, const std::optional<Id>& id) {
  if (id)
    json.member(name, id->value);
  else
    json.key(name).null();
}

} // namespace

void write_object(json_writer& json, const coord::casework::task& one) {
  json.begin_object()
      .member("id", one.id.value)
      .member("incident", one.incident.value)
      .member("title", one.title)
      .member("kind", one.kind)
      .member("outcome", one.outcome)
      .member("priority", one.priority);
  write_id(json, "assignee", one.assignee);
  json.member("assignee_name", one.assignee_name)
      .member("asked_of", one.asked_of)
      .member("note", one.note);
  write_time(json, "due", one.due.value_or(timestamp{}));
  write_time(json, "made", one.made);
  write_time(json, "changed", one.changed);
  json.member("made_by", one.made_by).member("version", one.version).end_object();
}

void write_object(json_writer& json, const coord::casework::happening& one) {
  json.begin_object()
      .member("id", one.id.value)
      .member("incident", one.incident.value)
      .member("status", one.status)
      .member("kind", one.kind)
      .member("description", one.description);
  write_time(json, "begun", one.begun.value_or(timestamp{}));
  write_time(json, "ended", one.ended.value_or(timestamp{}));
  write_time(json, "made", one.made);
  json.member("made_by", one.made_by).end_object();
}

void write_object(json_writer& json, const coord::casework::impact& one) {
  json.begin_object()
      .member("id", one.id.value)
      .member("incident", one.incident.value)
      .member("category", one.category)
      .member("criticality", one.criticality)
      .member("description", one.description)
      .member("entity", one.entity)
      .member("entities", one.entities)
      .member("recoverability", one.recoverability);
  write_id(json, "superseded_by", one.superseded_by);
  write_time(json, "made", one.made);
  json.member("made_by", one.made_by).end_object();
}

void write_object(json_writer& json, const coord::casework::attachment& one) {
  std::string hash;
  for (const auto b : one.hash)
    hash += fmt::format("{:02x}", std::to_integer<unsigned>(b));
  json.begin_object()
      .member("id", one.id.value)
      .member("incident", one.incident.value)
      .member("name", one.name)
      .member("media_type", one.media_type)
      .member("size", one.size)
      .member("sha256", hash);
  write_time(json, "made", one.made);
  json.member("made_by", one.made_by);
  write_time(json, "removed", one.removed.value_or(timestamp{}));
  json.member("removed_by", one.removed_by).end_object();
}

void write_object(json_writer& json, const coord::casework::watcher& one) {
  json.begin_object().member("user", one.user.value).member("name", one.name);
  write_time(json, "since", one.since);
  json.end_object();
}

void write_object(json_writer& json, const coord::casework::comment& one) {
  json.begin_object().member("sequence", one.sequence);
  write_time(json, "at", one.at);
  json.member("by", one.by).member("text", one.text).end_object();
}

void write_object(json_writer& json, const coord::casework::incident_link& one) {
  json.begin_object()
      .member("from", one.from.value)
      .member("from_name", one.from_name)
      .member("to", one.to.value)
      .member("to_name", one.to_name)
      .member("kind", one.kind);
  write_time(json, "made", one.made);
  json.member("made_by", one.made_by).end_object();
}

void write_object(json_writer& json, const coord::casework::incident_move& one) {
  json.begin_object()
      .member("id", one.id.value)
      .member("kind", to_string(one.kind))
      .member("source", one.source.value)
      .member("target", one.target.value)
      .key("groups")
      .begin_array();
  for (const auto group : one.groups)
    json.number(group.value);
  json.end_array();
  write_time(json, "at", one.at);
  json.member("by", one.by);
  write_time(json, "undone", one.undone.value_or(timestamp{}));
  json.member("undone_by", one.undone_by).end_object();
}

} // namespace cresset::coord::api::casework
