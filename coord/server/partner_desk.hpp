#pragma once

#include "coord/api/partner_board.hpp"
#include "coord/casework/repository.hpp"
#include "coord/effect/repository.hpp"
#include "coord/server/sharing.hpp"
#include "coord/store/store.hpp"

namespace cresset::coord::server {

/// What the API asks about partners and releases, answered by the gate and the links; on a server
/// that shares with nobody there are no partners, and a release says so. Any thread.
class partner_desk final : public api::partner_board {
public:
  /// All outlive the desk. What is released leaves after `hold`.
  partner_desk(store::store& store, casework::repository& work, effect::repository& effects,
               std::chrono::seconds hold)
      : store_{store}, work_{work}, effects_{effects}, hold_{hold} {}
  /// Before the API starts. Outlives its use here.
  void use(sharing& with) noexcept { sharing_ = &with; }

  incident::result<std::vector<api::partner_status>> partners() override;
  incident::result<std::vector<api::release_verdict>>
  weigh_release(incident::incident_id id) override;
  incident::result<api::release_verdict> release(incident::incident_id id,
                                                 std::int64_t seen_version,
                                                 const std::string& partner,
                                                 const std::string& by) override;

private:
  store::store& store_;
  casework::repository& work_;
  effect::repository& effects_;
  const std::chrono::seconds hold_;
  sharing* sharing_ = nullptr;
};

/// The effect that releases this object to a partner: asked for by `by`, leaving after `hold`.
effect::outside_effect release_effect(const incident::incident& told,
                                      const federation::released_object& made, std::string partner,
                                      std::string by, timestamp asked, std::chrono::seconds hold);

} // namespace cresset::coord::server
