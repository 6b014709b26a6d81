#pragma once

#include "capture/base/expected.hpp"
#include "coord/casework/case_content.hpp"
#include "coord/incident/alert_group.hpp"
#include "coord/incident/incident.hpp"
#include "coord/signed/canonical_json.hpp"

#include <span>
#include <string>

namespace cresset::coord::stix {

/// Groups an object tells of; the rest show in the totals alone.
inline constexpr std::size_t observed_limit = 100;

/// What an object needs that the incident itself does not know.
struct object_frame {
  std::string object_id;  ///< "incident--" and a UUID; the same for all versions
  std::string created_by; ///< identity id
  timestamp created;      ///< of the first version
  timestamp modified;     ///< of this one
};

/// "incident--" and a random UUID, for an incident that is told to others for the first time:
/// opaque, so that nobody can count what was not told.
std::string new_incident_object_id();

/// The canonical bytes of a STIX 2.1 incident with the core extension and ours (docs/federation.md
/// section 9).
expected<std::string, signed_::json_error>
from_incident(const incident::incident& told, std::span<const incident::alert_group> groups,
              const object_frame& frame, const casework::case_content& work = {});

} // namespace cresset::coord::stix
