#include "detect/inspect/state_condition.hpp"

#include "detect/proto/catalogue/catalogue.hpp"
#include "detect/proto/catalogue/states.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace cresset::detect::inspect {

using rule::options::app_layer_state;

expected<std::vector<table_place>, std::string> state_places(const app_layer_state& state,
                                                             const protocol_set& protocols) {
  std::vector<table_place> made;
  for (const auto protocol : proto::catalogue::parsed()) {
    if (protocols.any() && !protocols.test(static_cast<std::size_t>(protocol)))
      continue;
    const auto named = proto::catalogue::state_named(protocol, state.name);
    if (!named)
      continue;
    table_place place{.protocol = protocol, .way = named->way, .id = named->at};
    if (state.how == app_layer_state::test::after && named->at == proto::progress_done)
      return unexpected{fmt::format("app-layer-state: nothing comes behind {}", state.name)};
    if (state.how != app_layer_state::test::before)
      place.available_at = static_cast<proto::progress>(
          named->at + (state.how == app_layer_state::test::after ? 1 : 0));
    made.push_back(place);
  }
  if (made.empty())
    return unexpected{fmt::format("app-layer-state: no state is named {}", state.name)};
  return made;
}

bool state_holds(const app_layer_state& state, const std::vector<table_place>& places,
                 const proto::transaction& tx, proto::app_protocol protocol,
                 proto::direction way) noexcept {
  const auto now = tx.progress_of(way);
  return std::any_of(places.begin(), places.end(), [&](const table_place& p) {
    if (p.protocol != protocol || p.way != way)
      return false;
    switch (state.how) {
    case app_layer_state::test::at: return now == p.id;
    case app_layer_state::test::before: return now < p.id;
    case app_layer_state::test::after: return now > p.id;
    }
    return false;
  });
}

} // namespace cresset::detect::inspect
