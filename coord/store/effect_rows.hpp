#pragma once

#include "coord/effect/outside_effect.hpp"
#include "coord/incident/repository.hpp"

#include <pqxx/pqxx>

namespace cresset::coord::store {

/// SELECT … FROM outside_effect e, for `effect_of`.
extern const char* const effect_select;
effect::outside_effect effect_of(const pqxx::row& row);

struct taking_back {
  /// "undone", "error".
  std::string reason;
  std::string by;
};
/// Cancels or compensates one effect, which the caller has locked.
incident::result<effect::outside_effect>
take_back(pqxx::work& t, const effect::outside_effect& what, const taking_back& why, timestamp at);
/// The same for all that left or would leave because of an incident, which the caller has locked.
void take_back_all(pqxx::work& t, incident::incident_id incident, const taking_back& why,
                   timestamp at);
/// Writes the journal of what happens to an effect.
void tell_effect(pqxx::work& t, const effect::outside_effect& what, std::string text,
                 const std::string& by, timestamp at);

} // namespace cresset::coord::store
