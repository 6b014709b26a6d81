#pragma once

#include "coord/incident/change_feed.hpp"

#include <memory>
#include <string>

namespace cresset::coord::store {

/// LISTEN on a connection of its own. One thread.
class change_feed final : public incident::change_feed {
public:
  explicit change_feed(std::string url);
  ~change_feed() override;

  incident::result<incident::feed_heads> wait(const incident::feed_heads& seen,
                                              std::chrono::milliseconds limit) override;
  incident::result<std::vector<incident::group_change>> changes(incident::change_position after,
                                                                int limit) override;
  incident::result<touched_incidents> incidents_touched(std::int64_t after, int limit) override;

private:
  struct state;
  template <typename Work>
  auto guarded(Work&& work) -> decltype(work(std::declval<state&>()));

  std::string url_;
  std::unique_ptr<state> state_; // none while the connection is broken
};

} // namespace cresset::coord::store
