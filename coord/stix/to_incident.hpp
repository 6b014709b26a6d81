#pragma once

#include "capture/base/expected.hpp"
#include "capture/base/timestamp.hpp"
#include "coord/incident/marking.hpp"
#include "coord/incident/rsit.hpp"
#include "coord/stix/told_work.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cresset::coord::stix {

/// One line of what a partner saw.
struct told_observation {
  std::uint64_t gid = 1;
  std::uint64_t sid = 0;
  std::uint64_t revision = 0;
  std::string message;
  std::string victim;   ///< as written; an address or a prefix
  std::string attacker; ///< empty: too many to name
  std::string direction;
  std::optional<timestamp> first_seen;
  std::optional<timestamp> last_seen;
  std::uint64_t alerts = 0;
};

/// A partner's incident as we understand it: for lists and pages. The truth stays the partner's
/// bytes.
struct told_incident {
  std::string object_id;
  std::string creator;
  std::optional<timestamp> created;
  std::optional<timestamp> modified;
  std::string name;
  std::string description;
  incident::tlp label = incident::tlp::red;
  bool revoked = false;

  std::string investigation_status; ///< core extension; empty when it does not say
  std::string determination;
  int severity = 50;

  // The national extension; a sender that is no Cresset leaves these empty.
  std::string national_id;
  std::string state;
  incident::pap actions = incident::pap::red;
  incident::rsit classified{"other", "undetermined"};
  std::string legal_basis;
  std::string sector;
  bool exercise = false;
  std::optional<timestamp> first_seen;
  std::optional<timestamp> last_seen;
  std::uint64_t alerts = 0;
  std::vector<told_observation> observed;
  told_work work;
};

/// What is wrong with an object, in one sentence.
struct stix_error {
  std::string sentence;
};

/// Reads an incident object. Members it does not know are ignored, those it knows must have their
/// type; TLP and PAP it cannot read become the strictest.
expected<told_incident, stix_error> to_incident(std::string_view body);

} // namespace cresset::coord::stix
