#include "coord/stix/to_incident.hpp"

#include "coord/signed/canonical_json.hpp"
#include "coord/stix/from_incident.hpp"
#include "coord/stix/markings.hpp"
#include "coord/stix/objects.hpp"
#include "coord/stix/uuid.hpp"

namespace cresset::coord::stix {
namespace {

using signed_::json_value;

/// Reads members of one object and remembers the first that has another type than it should have.
class member_reader {
public:
  explicit member_reader(const json_value& object) : object_{object} {}

  std::string text(std::string_view name) {
    const json_value* member = object_.find(name);
    if (member == nullptr)
      return {};
    return member->text() != nullptr ? *member->text() : (wrong(name), std::string{});
  }
  std::optional<timestamp> time(std::string_view name) {
    if (object_.find(name) == nullptr)
      return std::nullopt;
    const auto read = time_from(text(name));
    if (!read)
      wrong(name);
    return read;
  }
  std::uint64_t whole(std::string_view name, std::uint64_t otherwise) {
    const json_value* member = object_.find(name);
    if (member == nullptr)
      return otherwise;
    const auto read = member->whole();
    if (!read)
      wrong(name);
    return read.value_or(otherwise);
  }
  bool flag(std::string_view name) {
    const json_value* member = object_.find(name);
    if (member == nullptr)
      return false;
    return member->boolean() != nullptr ? *member->boolean() : (wrong(name), false);
  }
  const json_value* object(std::string_view name) {
    const json_value* member = object_.find(name);
    if (member != nullptr && member->members() == nullptr)
      return wrong(name), nullptr;
    return member;
  }
  const json_value::array* list(std::string_view name, std::size_t limit) {
    const json_value* member = object_.find(name);
    if (member == nullptr)
      return nullptr;
    if (member->elements() == nullptr || member->elements()->size() > limit)
      return wrong(name), nullptr;
    return member->elements();
  }

  void wrong(std::string_view name) {
    if (!wrong_)
      wrong_ = std::string{name};
  }
  /// Takes over what another reader, of a nested object, found wrong.
  void join(const member_reader& nested) {
    if (nested.wrong_)
      wrong(*nested.wrong_);
  }
  const std::optional<std::string>& first_wrong() const noexcept { return wrong_; }

private:
  const json_value& object_;
  std::optional<std::string> wrong_;
};

told_observation read_observation(const json_value& element, member_reader& whole) {
  told_observation read;
  member_reader in{element};
  if (const auto* rule = in.object("rule")) {
    member_reader of_rule{*rule};
    read.gid = of_rule.whole("gid", 1);
    read.sid = of_rule.whole("sid", 0);
    read.revision = of_rule.whole("rev", 0);
    read.message = of_rule.text("message");
    in.join(of_rule);
  }
  for (const auto& [name, into] :
       {std::pair{"victim", &read.victim}, std::pair{"attacker", &read.attacker}})
    if (const auto* address = in.object(name)) {
      member_reader of_address{*address};
      *into = of_address.text("value");
      in.join(of_address);
    }
  read.direction = in.text("direction");
  read.first_seen = in.time("first_seen");
  read.last_seen = in.time("last_seen");
  read.alerts = in.whole("alerts", 0);
  whole.join(in);
  return read;
}

void read_core(const json_value& extension, told_incident& into, member_reader& whole) {
  member_reader in{extension};
  into.investigation_status = in.text("investigation_status");
  into.determination = in.text("determination");
  const auto criticality = in.whole("criticality", 50);
  if (criticality > 100)
    in.wrong("criticality");
  into.severity = static_cast<int>(std::min<std::uint64_t>(criticality, 100));
  whole.join(in);
}

void read_national(const json_value& extension, told_incident& into, member_reader& whole) {
  member_reader in{extension};
  into.national_id = in.text("national_id");
  into.state = in.text("state");
  into.actions = incident::pap_from(in.text("pap")).value_or(incident::pap::red);
  into.legal_basis = in.text("legal_basis");
  into.sector = in.text("sector");
  into.exercise = in.flag("exercise");
  into.first_seen = in.time("first_seen");
  into.last_seen = in.time("last_seen");
  into.alerts = in.whole("alerts", 0);
  if (const auto* code = in.object("rsit")) {
    member_reader of_code{*code};
    const incident::rsit read{of_code.text("class"), of_code.text("type")};
    if (incident::is_known(read))
      into.classified = read;
    in.join(of_code);
  }
  if (const auto* list = in.list("observed", observed_limit))
    for (const json_value& element : *list)
      into.observed.push_back(read_observation(element, in));
  into.work = read_work(extension);
  whole.join(in);
}

std::optional<incident::tlp> read_label(member_reader& in) {
  std::vector<std::string> ids;
  if (const auto* refs = in.list("object_marking_refs", 64))
    for (const json_value& ref : *refs)
      ids.push_back(ref.text() != nullptr ? *ref.text() : std::string{});
  return strictest(ids);
}

bool is_incident_id(std::string_view id) {
  constexpr std::string_view front = "incident--";
  return id.starts_with(front) && uuid::parse(id.substr(front.size())).has_value();
}

expected<told_incident, stix_error> incident_from(const json_value& object) {
  if (object.text_of("type") != "incident" || object.text_of("spec_version") != "2.1")
    return unexpected{stix_error{"the object is no STIX 2.1 incident"}};
  told_incident read;
  member_reader in{object};
  read.object_id = in.text("id");
  if (!is_incident_id(read.object_id))
    return unexpected{stix_error{"the incident has no id of the form incident--UUID"}};
  read.creator = in.text("created_by_ref");
  read.created = in.time("created");
  read.modified = in.time("modified");
  read.name = in.text("name");
  if (!read.created || !read.modified || read.name.empty())
    return unexpected{stix_error{"the incident lacks created, modified or name"}};
  read.description = in.text("description");
  read.revoked = in.flag("revoked");
  read.label = read_label(in).value_or(incident::tlp::red);
  if (const auto* extensions = in.object("extensions")) {
    member_reader of{*extensions};
    if (const auto* core = of.object(incident_core_extension))
      read_core(*core, read, in);
    if (const auto* ours = of.object(national_extension))
      read_national(*ours, read, in);
    in.join(of);
  }
  if (in.first_wrong())
    return unexpected{stix_error{"the incident's member " + clean_text(*in.first_wrong(), 80) +
                                 " is not of its type"}};
  return read;
}

} // namespace

expected<told_incident, stix_error> to_incident(std::string_view body) {
  const auto object = signed_::read_json(body);
  if (!object)
    return unexpected{stix_error{"the object is " + std::string{to_string(object.error().code)}}};
  return incident_from(*object);
}

} // namespace cresset::coord::stix
