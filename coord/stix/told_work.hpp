#pragma once

#include "coord/casework/case_content.hpp"
#include "coord/incident/incident.hpp"
#include "coord/signed/json_value.hpp"

#include <string>
#include <vector>

namespace cresset::coord::stix {

/// Of each kind an object tells at most so many, the first ones; what is left out stays with us.
inline constexpr std::size_t told_work_limit = 100;

/// Puts what people do with the incident into the national extension: techniques, CVEs, tasks,
/// events, impacts in force, hashes of attachments. Names of people and organisations, notes, and
/// the attachments themselves are never told.
void tell_work(signed_::json_value& extension, const incident::incident& told,
               const casework::case_content& work);

/// A task, event or impact as a partner told it: what it is, how it stands, and its text.
struct told_piece {
  std::string kind;
  std::string status;
  std::string text;
};

/// What a partner told of its work.
struct told_work {
  std::vector<std::string> techniques;
  std::vector<std::string> cves;
  std::vector<told_piece> tasks;
  std::vector<told_piece> events;
  std::vector<told_piece> impacts;
};

/// Reads it from the extension; a member that is not of its type is left out, and what is beyond
/// the limits too.
told_work read_work(const signed_::json_value& extension);

} // namespace cresset::coord::stix
