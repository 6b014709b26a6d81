// Independent on purpose: no include of stix, signed, incident or gate. Boost.JSON reads the bytes;
// what it writes again must be the very same bytes, so that a second member of the same name, white
// space or anything it dropped shows. Then every member is looked up, by its path, in the list of
// what may leave ("[]" stands for any element of an array), and the label is derived from the
// marking ids.
#include "coord/egress/checker.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <span>

namespace cresset::coord::egress {
namespace {

namespace json = boost::json;

constexpr std::size_t body_limit_bytes = 1024 * 1024;
constexpr std::size_t text_limit_bytes = 16 * 1024;
constexpr int depth_limit = 16;

struct label_id {
  std::string_view id;
  int rank; // 0 clear … 4 red
};
constexpr std::array<label_id, 5> labels{{
    {"marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487", 0},
    {"marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb", 1},
    {"marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421", 2},
    {"marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003", 3},
    {"marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1", 4},
}};

#define CORE "extensions.extension-definition--ef765651-680c-498d-9894-99799f2fa126"
#define OURS "extensions.extension-definition--7a9e1f0c-52d3-4e0b-9a57-3b8b41d2c6f4"
constexpr std::string_view incident_members[] = {"type",
                                                 "spec_version",
                                                 "id",
                                                 "created_by_ref",
                                                 "created",
                                                 "modified",
                                                 "name",
                                                 "description",
                                                 "revoked",
                                                 "object_marking_refs",
                                                 "object_marking_refs[]",
                                                 "extensions",
                                                 CORE,
                                                 CORE ".extension_type",
                                                 CORE ".determination",
                                                 CORE ".investigation_status",
                                                 CORE ".criticality",
                                                 CORE ".detection_methods",
                                                 CORE ".detection_methods[]",
                                                 CORE ".recoverability",
                                                 OURS,
                                                 OURS ".extension_type",
                                                 OURS ".national_id",
                                                 OURS ".state",
                                                 OURS ".closed_as",
                                                 OURS ".pap",
                                                 OURS ".legal_basis",
                                                 OURS ".sector",
                                                 OURS ".exercise",
                                                 OURS ".first_seen",
                                                 OURS ".last_seen",
                                                 OURS ".alerts",
                                                 OURS ".rsit",
                                                 OURS ".rsit.class",
                                                 OURS ".rsit.type",
                                                 OURS ".techniques",
                                                 OURS ".techniques[]",
                                                 OURS ".cves",
                                                 OURS ".cves[]",
                                                 OURS ".personal_data",
                                                 OURS ".retain_until",
                                                 OURS ".tasks",
                                                 OURS ".tasks[]",
                                                 OURS ".tasks[].type",
                                                 OURS ".tasks[].outcome",
                                                 OURS ".tasks[].name",
                                                 OURS ".tasks[].priority",
                                                 OURS ".tasks[].created",
                                                 OURS ".tasks[].due",
                                                 OURS ".events",
                                                 OURS ".events[]",
                                                 OURS ".events[].type",
                                                 OURS ".events[].status",
                                                 OURS ".events[].description",
                                                 OURS ".events[].start_time",
                                                 OURS ".events[].end_time",
                                                 OURS ".impacts",
                                                 OURS ".impacts[]",
                                                 OURS ".impacts[].impact_category",
                                                 OURS ".impacts[].criticality",
                                                 OURS ".impacts[].description",
                                                 OURS ".impacts[].entity",
                                                 OURS ".impacts[].count",
                                                 OURS ".impacts[].recoverability",
                                                 OURS ".evidence",
                                                 OURS ".evidence[]",
                                                 OURS ".evidence[].sha256",
                                                 OURS ".evidence[].size",
                                                 OURS ".observed",
                                                 OURS ".observed[]",
                                                 OURS ".observed[].rule",
                                                 OURS ".observed[].rule.gid",
                                                 OURS ".observed[].rule.sid",
                                                 OURS ".observed[].rule.rev",
                                                 OURS ".observed[].rule.message",
                                                 OURS ".observed[].victim",
                                                 OURS ".observed[].victim.ref",
                                                 OURS ".observed[].victim.value",
                                                 OURS ".observed[].attacker",
                                                 OURS ".observed[].attacker.ref",
                                                 OURS ".observed[].attacker.value",
                                                 OURS ".observed[].direction",
                                                 OURS ".observed[].first_seen",
                                                 OURS ".observed[].last_seen",
                                                 OURS ".observed[].alerts"};
#undef CORE
#undef OURS
constexpr std::string_view receipt_members[] = {
    "type",  "id",          "stage",          "at",        "about", "about.id", "about.version",
    "entry", "entry.epoch", "entry.sequence", "entry.hash"};
constexpr std::string_view withdrawal_members[] = {"type",  "id",       "reason",       "at",
                                                   "about", "about.id", "about.version"};
using member_list = std::span<const std::string_view>;

std::optional<std::string> stray_member(const json::value& value, const std::string& path,
                                        member_list allowed, int depth) {
  if (depth > depth_limit)
    return "The object is nested deeper than anything that may leave.";
  if (!path.empty() && std::find(allowed.begin(), allowed.end(), path) == allowed.end())
    return "The member " + path + " is not on the list of what may leave.";
  if (const auto* members = value.if_object())
    for (const auto& member : *members) {
      const auto name = std::string{std::string_view{member.key().data(), member.key().size()}};
      if (auto found = stray_member(member.value(), path.empty() ? name : path + "." + name,
                                    allowed, depth + 1))
        return found;
    }
  if (const auto* elements = value.if_array())
    for (const auto& element : *elements)
      if (auto found = stray_member(element, path + "[]", allowed, depth + 1))
        return found;
  if (const auto* text = value.if_string(); text != nullptr && text->size() > text_limit_bytes)
    return "The member " + path + " is longer than anything that may leave.";
  return std::nullopt;
}

/// The rank of the strictest marking; nothing when there is none, or one that is not in the table.
std::optional<int> rank_of(const json::object& object) {
  const auto* refs = object.if_contains("object_marking_refs");
  if (refs == nullptr || refs->if_array() == nullptr || refs->get_array().empty())
    return std::nullopt;
  int strictest = 0;
  for (const auto& ref : refs->get_array()) {
    const auto* id = ref.if_string();
    if (id == nullptr)
      return std::nullopt;
    const auto known = std::find_if(labels.begin(), labels.end(), [&](const auto& entry) {
      return *id == json::string_view{entry.id.data(), entry.id.size()};
    });
    if (known == labels.end())
      return std::nullopt;
    strictest = std::max(strictest, known->rank);
  }
  return strictest;
}

std::optional<int> rank_named(std::string_view label) {
  static constexpr std::array<std::string_view, 4> names{"clear", "green", "amber", "amber+strict"};
  const auto at = std::find(names.begin(), names.end(), label);
  return at == names.end() ? std::nullopt : std::optional{static_cast<int>(at - names.begin())};
}

std::optional<std::string> label_objection(const json::object& object,
                                           std::string_view highest_label) {
  const auto highest = rank_named(highest_label);
  if (!highest)
    return "What the partner may see at most is not known.";
  const auto rank = rank_of(object);
  if (!rank)
    return "The object's markings are not exactly TLP 2.0 labels.";
  if (*rank >= 4)
    return "The object is marked TLP:RED, which never crosses a link.";
  if (*rank > *highest)
    return "The object is marked above what the partner may see.";
  return std::nullopt;
}

} // namespace

std::optional<std::string> objection(std::string_view kind, std::string_view body,
                                     std::string_view highest_label) {
  if (body.size() > body_limit_bytes)
    return "The object is larger than 1 MiB.";
  json::error_code wrong;
  const auto value = json::parse(json::string_view{body.data(), body.size()}, wrong);
  if (wrong || !value.is_object())
    return "The object is not a JSON object.";
  const auto again = json::serialize(value);
  if (again != body)
    return "The object's bytes are not in the one form that may leave.";
  if (kind == "cresset:receipt")
    return stray_member(value, {}, receipt_members, 0);
  if (kind == "cresset:withdrawal")
    return stray_member(value, {}, withdrawal_members, 0);
  const auto* type = value.get_object().if_contains("type");
  if (kind != "stix:incident" || type == nullptr || *type != "incident")
    return "Objects of this kind may not leave.";
  if (auto stray = stray_member(value, {}, incident_members, 0))
    return stray;
  return label_objection(value.get_object(), highest_label);
}

} // namespace cresset::coord::egress
