#include "coord/api/segment/segment_json.hpp"

#include "coord/api/json_output.hpp"

namespace cresset::coord::api::segment {
using namespace coord::segment;
namespace {

void write_day(json_writer& json, std::string_view name, const std::optional<day>& d) {
  if (d)
    json.member(name, to_string(*d));
  else
    json.key(name).null();
}

void write_members(json_writer& json, const record& r) {
  json.member("kind", to_string(r.kind)).member("key", r.key).member("owner", r.owner);
  json.member("name", r.name).member("sector", r.sector).member("criticality", r.criticality);
  json.member("country", r.country).member("ours", r.ours).member("email", r.email);
  json.member("phone", r.phone).member("role", r.role).member("language", r.language);
  json.member("delivery", to_string(r.how)).member("layer", to_string(r.weight));
  write_day(json, "valid_from", r.valid.from);
  write_day(json, "valid_to", r.valid.to);
}

void write_some(json_writer& json, std::string_view name, const std::vector<record>& records,
                std::size_t limit) {
  json.key(name).begin_array();
  for (std::size_t i = 0; i < std::min(records.size(), limit); ++i)
    write(json, records[i]);
  json.end_array();
}

void read_text(json_input& in, std::string_view name, std::string& to) {
  if (in.has(name))
    to = in.text(name, {.least = 0, .most = 300}).value_or("");
}

void read_day(json_input& in, std::string_view name, std::optional<day>& to) {
  if (!in.has(name))
    return;
  to = parse_day(in.text(name, {.most = 10}).value_or(""));
  if (!to)
    in.refuse(name, "has to be a day as 2026-11-22");
}

} // namespace

void write(json_writer& json, const record& r) {
  json.begin_object();
  write_members(json, r);
  json.end_object();
}

void write(json_writer& json, const kept_record& r) {
  json.begin_object()
      .member("id", r.id.value)
      .member("source", r.source)
      .member("change", r.added_in.value);
  write_members(json, r.what);
  json.end_object();
}

void write(json_writer& json, const change_set& c) {
  json.begin_object().member("id", c.id.value);
  write_time(json, "at", c.at);
  json.member("by", c.by)
      .member("what", to_string(c.what))
      .member("source", c.source)
      .member("format", c.format)
      .member("sha256", c.sha256)
      .member("note", c.note)
      .member("added", c.added)
      .member("changed", c.changed)
      .member("removed", c.removed);
  for (const auto& [name, id] : {std::pair{"undoes", c.undoes}, {"undone_by", c.undone_by}}) {
    if (id)
      json.member(name, id->value);
    else
      json.key(name).null();
  }
  json.end_object();
}

void write_difference(json_writer& json, const difference& what, std::size_t limit) {
  write_some(json, "added", what.added, limit);
  json.key("changed").begin_array();
  for (std::size_t i = 0; i < std::min(what.changed.size(), limit); ++i) {
    json.begin_object().key("before");
    write(json, what.changed[i].before);
    json.key("after");
    write(json, what.changed[i].after);
    json.end_object();
  }
  json.end_array();
  write_some(json, "removed", what.removed, limit);
}

record read_record(json_input& in) {
  record r;
  r.kind = in.word("kind", record_kind_from).value_or(record_kind::owner);
  read_text(in, "key", r.key);
  read_text(in, "owner", r.owner);
  read_text(in, "name", r.name);
  read_text(in, "sector", r.sector);
  if (in.has("criticality"))
    r.criticality = static_cast<int>(in.number("criticality", 0, 5).value_or(0));
  read_text(in, "country", r.country);
  if (in.has("ours"))
    r.ours = in.boolean("ours").value_or(false);
  read_text(in, "email", r.email);
  read_text(in, "phone", r.phone);
  read_text(in, "role", r.role);
  read_text(in, "language", r.language);
  if (in.has("delivery"))
    r.how = in.word("delivery", delivery_from).value_or(delivery::instant);
  read_day(in, "valid_from", r.valid.from);
  read_day(in, "valid_to", r.valid.to);
  if (const auto wrong = settle(r)) {
    const auto colon = wrong->find(": ");
    in.refuse(wrong->substr(0, colon), wrong->substr(std::min(colon + 2, wrong->size())));
  }
  return r;
}

} // namespace cresset::coord::api::segment
