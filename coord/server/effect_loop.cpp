#include "coord/server/effect_loop.hpp"

#include "capture/base/log.hpp"

namespace cresset::coord::server {

effect_loop::effect_loop(store::effects::effect_store& effects, sharing& with)
    : effects_{effects}, with_{with}, thread_{[this] { run(); }} {}

effect_loop::~effect_loop() {
  stopping_ = true;
  thread_.join();
}

void effect_loop::run() {
  while (!stopping_) {
    const bool any = look();
    const auto end = std::chrono::steady_clock::now() + look_every;
    while (!any && !stopping_ && std::chrono::steady_clock::now() < end)
      std::this_thread::sleep_for(std::chrono::milliseconds{20});
  }
}

/// True when something was done, so that more may be due.
bool effect_loop::look() {
  const auto due = effects_.due(now(), batch_limit);
  if (!due) {
    if (told_ != due.error().text)
      log(log_level::warning, "effects", "{}", due.error().text);
    told_ = due.error().text;
    return false;
  }
  bool any = false;
  for (const auto& what : *due)
    any = carry_out(what) || any;
  return any;
}

bool effect_loop::carry_out(const effect::outside_effect& what) {
  const auto answer = act(what);
  if (!answer.is_in_stream && answer.may_work_later) {
    if (told_ != answer.sentence)
      log(log_level::warning, "effects", "{} to {}: {}", to_string(what.kind), what.partner,
          answer.sentence);
    told_ = answer.sentence;
    return false;
  }
  told_.clear();
  const auto moment = std::chrono::floor<std::chrono::microseconds>(now());
  const auto ended = effects_.end(
      {what.id, answer.is_in_stream ? effect::effect_state::done : effect::effect_state::failed,
       answer.is_in_stream ? std::string{} : answer.sentence},
      moment);
  if (!ended)
    log(log_level::warning, "effects", "{}", ended.error().text);
  if (answer.is_in_stream)
    with_.links.appended();
  return ended.has_value();
}

federation::release_answer effect_loop::act(const effect::outside_effect& what) {
  if (what.kind == effect::effect_kind::withdrawal)
    return with_.desk.withdraw(federation::withdrawal_of(with_.desk.own_id(), what.object_id,
                                                         what.object_version, what.reason,
                                                         what.id.value, what.asked),
                               what.partner, now());
  const auto made = effects_.object_of(what);
  if (made)
    return with_.desk.dispatch(*made, what.partner, now());
  federation::release_answer failed;
  failed.partner = what.partner;
  failed.sentence = made.error().text;
  failed.may_work_later = made.error().why == incident::store_errc::unavailable;
  return failed;
}

} // namespace cresset::coord::server
