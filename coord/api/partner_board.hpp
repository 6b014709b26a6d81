#pragma once

#include "coord/incident/repository.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cresset::coord::api {

/// A partner CIRT and the link to it.
struct partner_status {
  /// STIX identity id.
  std::string identity;
  /// Short name: [a-z0-9-]{1,32}.
  std::string name;
  /// "up", "connecting", "halted", "down".
  std::string link;
  /// Why it is not up, in one sentence; empty when it is.
  std::string why;
  /// The most closed label this partner may see.
  incident::tlp ceiling = incident::tlp::green;
  std::optional<timestamp> last_heard;
  /// Entries in our stream to the partner, and how many of them it has acknowledged.
  std::uint64_t sent = 0;
  std::uint64_t acknowledged = 0;
  /// Entries of the partner's stream we hold.
  std::uint64_t received = 0;
  /// Alarms that nobody has looked at (equivocation, truncation …).
  std::uint64_t alarms = 0;
};

/// What the gate says about releasing an incident, as it is now, to one partner.
struct release_verdict {
  std::string partner;
  bool allowed = false;
  /// In sentences: what forbids it, or what leaves and what is cut or generalised on the way.
  std::vector<std::string> explanation;
};

/// What the API asks of whoever runs the links and the gate. Any thread may call.
class partner_board {
public:
  virtual ~partner_board() = default;
  virtual incident::result<std::vector<partner_status>> partners() = 0;
  /// One verdict a partner; changes nothing.
  virtual incident::result<std::vector<release_verdict>>
  weigh_release(incident::incident_id id) = 0;
  /// Through the gate into the partner's stream, with its journal entry. `stale` when the
  /// incident's version is not `seen_version`, `refused` with the gate's explanation, `not_found`
  /// for an unknown incident or partner.
  virtual incident::result<release_verdict> release(incident::incident_id id,
                                                    std::int64_t seen_version,
                                                    const std::string& partner,
                                                    const std::string& by) = 0;
};

} // namespace cresset::coord::api
