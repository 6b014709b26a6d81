#include "coord/stix/told_work.hpp"

#include "coord/stix/objects.hpp"

#include <algorithm>

namespace cresset::coord::stix {
namespace {

using signed_::json_value;

constexpr std::size_t title_limit_bytes = 512;
constexpr std::size_t text_limit_bytes = 4 * 1024;

json_value::array texts(const std::vector<std::string>& values) {
  json_value::array all;
  for (const auto& value : values)
    if (all.size() < told_work_limit)
      all.push_back(value);
  return all;
}

void set_time(json_value& into, std::string_view name, const std::optional<timestamp>& at) {
  if (at)
    into.set(name, to_rfc3339_ms(*at));
}

json_value task_of(const casework::task& one) {
  json_value made = json_value::object{{"type", one.kind},
                                       {"outcome", one.outcome},
                                       {"name", clean_text(one.title, title_limit_bytes)},
                                       {"priority", one.priority},
                                       {"created", to_rfc3339_ms(one.made)}};
  set_time(made, "due", one.due);
  return made;
}

json_value event_of(const casework::happening& one) {
  json_value made =
      json_value::object{{"type", one.kind},
                         {"status", one.status},
                         {"description", clean_text(one.description, text_limit_bytes)}};
  set_time(made, "start_time", one.begun);
  set_time(made, "end_time", one.ended);
  return made;
}

json_value impact_of(const casework::impact& one) {
  json_value made =
      json_value::object{{"impact_category", one.category},
                         {"criticality", one.criticality},
                         {"description", clean_text(one.description, text_limit_bytes)}};
  if (!one.entity.empty()) {
    made.set("entity", clean_text(one.entity, title_limit_bytes));
    made.set("count", one.entities);
  }
  if (!one.recoverability.empty())
    made.set("recoverability", one.recoverability);
  return made;
}

std::string hex_of(std::span<const std::byte> bytes) {
  static constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (const auto b : bytes) {
    text += digits[std::to_integer<unsigned>(b) >> 4];
    text += digits[std::to_integer<unsigned>(b) & 15];
  }
  return text;
}

template <typename Pieces, typename Make>
void set_list(json_value& into, std::string_view name, const Pieces& pieces, Make make) {
  json_value::array all;
  for (const auto& piece : pieces)
    if (auto made = make(piece); !made.is_null() && all.size() < told_work_limit)
      all.push_back(std::move(made));
  if (!all.empty())
    into.set(name, std::move(all));
}

std::string text_of(const json_value& object, std::string_view name) {
  return std::string{object.text_of(name).value_or("")};
}

std::vector<std::string> read_texts(const json_value& extension, std::string_view name) {
  std::vector<std::string> read;
  const auto* member = extension.find(name);
  const auto* all = member == nullptr ? nullptr : member->elements();
  if (all == nullptr)
    return read;
  for (const json_value& element : *all)
    if (element.text() != nullptr && read.size() < told_work_limit)
      read.push_back(clean_text(*element.text(), title_limit_bytes));
  return read;
}

std::vector<told_piece> read_pieces(const json_value& extension, std::string_view name,
                                    const std::array<std::string_view, 3>& members) {
  std::vector<told_piece> read;
  const auto* member = extension.find(name);
  const auto* all = member == nullptr ? nullptr : member->elements();
  if (all == nullptr)
    return read;
  for (const json_value& element : *all)
    if (read.size() < told_work_limit)
      read.push_back({clean_text(text_of(element, members[0]), title_limit_bytes),
                      clean_text(text_of(element, members[1]), title_limit_bytes),
                      clean_text(text_of(element, members[2]), text_limit_bytes)});
  return read;
}

} // namespace

void tell_work(json_value& extension, const incident::incident& told,
               const casework::case_content& work) {
  if (!told.techniques.empty())
    extension.set("techniques", texts(told.techniques));
  if (!told.cves.empty())
    extension.set("cves", texts(told.cves));
  if (told.personal_data)
    extension.set("personal_data", true);
  set_time(extension, "retain_until", told.retain_until);
  set_list(extension, "tasks", work.tasks, task_of);
  set_list(extension, "events", work.happenings, event_of);
  set_list(extension, "impacts", work.impacts, [](const casework::impact& one) {
    return one.superseded_by ? json_value{} : impact_of(one);
  });
  set_list(extension, "evidence", work.attachments, [](const casework::attachment& one) {
    return one.removed
               ? json_value{}
               : json_value{json_value::object{{"sha256", hex_of(one.hash)}, {"size", one.size}}};
  });
}

told_work read_work(const json_value& extension) {
  return {read_texts(extension, "techniques"), read_texts(extension, "cves"),
          read_pieces(extension, "tasks", {"type", "outcome", "name"}),
          read_pieces(extension, "events", {"type", "status", "description"}),
          read_pieces(extension, "impacts", {"impact_category", "recoverability", "description"})};
}

} // namespace cresset::coord::stix
