#pragma once

#include "coord/effect/repository.hpp"
#include "coord/federation/stream_store.hpp"

namespace cresset::coord::store {
class connection_pool;
}

namespace cresset::coord::store::effects {

/// Effects in PostgreSQL. Any thread.
class effect_store final : public effect::repository {
public:
  /// The pool outlives the store.
  explicit effect_store(connection_pool& pool) : pool_{pool} {}

  incident::result<effect::outside_effect> hold(const effect::outside_effect& what) override;
  incident::result<effect::outside_effect> one(effect::effect_id id) override;
  incident::result<std::vector<effect::outside_effect>>
  list(const effect::effect_query& query) override;
  incident::result<std::vector<effect::outside_effect>> due(timestamp now, int limit) override;
  incident::result<void> end(const effect::effect_ending& what, timestamp now) override;
  incident::result<effect::outside_effect> take_back(effect::effect_id id,
                                                     const std::string& reason,
                                                     const std::string& by, timestamp now) override;

  /// The object that was made of this version of the incident when its release was asked for.
  incident::result<federation::released_object> object_of(const effect::outside_effect& what);

private:
  connection_pool& pool_;
};

} // namespace cresset::coord::store::effects
