#pragma once

#include "coord/stix/from_incident.hpp"
#include "coord/stix/objects.hpp"

#include <vector>

namespace cresset::coord::stix::example {

inline constexpr auto cirt = "identity--6a1f0e52-93c4-4f0e-8a35-0d1c2b3a4f50";
inline constexpr auto object = "incident--0b9d8f5c-1f57-4f6e-9d3b-2f2a54f0a6c1";

inline incident::incident incident() {
  incident::incident made;
  made.id = {17};
  made.name = "INC-2026-000017";
  made.title = "Web server probed and exploited";
  made.why = "severe-attack: 3 alerts of priority 1 on 192.0.2.10";
  made.rule = "severe-attack";
  made.severity = 80;
  made.classified = {"intrusion-attempts", "exploit"};
  made.label = incident::tlp::green;
  made.actions = incident::pap::amber;
  made.sector = "government";
  made.first_seen = *time_from("2026-11-21T22:00:00.000Z");
  made.last_seen = *time_from("2026-11-21T22:05:00.000Z");
  made.alerts = 3;
  return made;
}

inline incident::alert_group group() {
  incident::alert_group made;
  made.key.sid = 1000001;
  made.key.victim = *ip_address::parse("192.0.2.10");
  made.key.attacker = *ip_address::parse("198.51.100.3");
  made.revision = 2;
  made.message = "EXPLOIT path traversal";
  made.alerts = 3;
  made.first_seen = *time_from("2026-11-21T22:00:00.000Z");
  made.last_seen = *time_from("2026-11-21T22:05:00.000Z");
  return made;
}

inline object_frame frame() {
  return {object, cirt, *time_from("2026-11-21T22:06:00.000Z"),
          *time_from("2026-11-21T22:07:38.123Z")};
}

/// The bytes of the example as an object.
inline std::string bytes() {
  const std::vector groups{group()};
  return *from_incident(incident(), groups, frame());
}

} // namespace cresset::coord::stix::example
