#pragma once

#include "coord/api/partner_board.hpp"
#include "coord/server/sharing.hpp"
#include "coord/store/store.hpp"

namespace cresset::coord::server {

/// What the API asks about partners and releases, answered by the gate and the links; on a server
/// that shares with nobody there are no partners, and a release says so. Any thread.
class partner_desk final : public api::partner_board {
public:
  /// The store outlives the desk.
  explicit partner_desk(store::store& store) : store_{store} {}
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
  sharing* sharing_ = nullptr;
};

} // namespace cresset::coord::server
