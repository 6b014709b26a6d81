#pragma once

#include "detect/inspect/condition.hpp"

namespace cresset::detect::inspect {

/// Where `app-layer-state` is looked for: in each protocol that has a state of that name. A place's
/// id is the progress the rule names; it is available when it can be judged. A sentence where no
/// protocol of the rule has it.
expected<std::vector<table_place>, std::string>
state_places(const rule::options::app_layer_state& state, const protocol_set& protocols);

/// Whether the transaction is where the rule wants it, in this direction.
bool state_holds(const rule::options::app_layer_state& state,
                 const std::vector<table_place>& places, const proto::transaction& tx,
                 proto::app_protocol protocol, proto::direction way) noexcept;

} // namespace cresset::detect::inspect
