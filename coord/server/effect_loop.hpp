#pragma once

#include "coord/effect/repository.hpp"
#include "coord/server/sharing.hpp"
#include "coord/store/effects/effect_store.hpp"

#include <atomic>
#include <thread>

namespace cresset::coord::server {

/// The thread that carries out what was held until its time came: puts releases into the partners'
/// streams, and withdrawals of those that were taken back. What cannot be done now (the database is
/// away, a stream is held) is tried again; what may not be done ends as failed, with the reason.
class effect_loop {
public:
  static constexpr std::chrono::milliseconds look_every{50};
  static constexpr int batch_limit = 50;

  /// Both outlive the loop.
  effect_loop(store::effects::effect_store& effects, sharing& with);
  ~effect_loop();
  effect_loop(const effect_loop&) = delete;
  effect_loop& operator=(const effect_loop&) = delete;

private:
  void run();
  bool look();
  bool carry_out(const effect::outside_effect& what);
  federation::release_answer act(const effect::outside_effect& what);

  store::effects::effect_store& effects_;
  sharing& with_;
  std::string told_; // the last trouble, so that it is logged once
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

} // namespace cresset::coord::server
