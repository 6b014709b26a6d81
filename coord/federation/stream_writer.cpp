#include "coord/federation/stream_writer.hpp"

#include "coord/federation/stream.hpp"

namespace cresset::coord::federation {
namespace {

/// Whether the newest opening carries this very record.
bool is_current(const outgoing_state& state, const signed_::signed_key_record& record) {
  if (state.epochs.empty())
    return false;
  const auto opened = read_opening(state.epochs.back().opening);
  return opened && opened->record.bytes == record.bytes;
}

} // namespace

std::string_view to_string(stream_store_errc error) noexcept {
  switch (error) {
  case stream_store_errc::moved: return "somebody else appended at the same time";
  case stream_store_errc::held:
    return "the stream is held after a restore until the partner was heard";
  case stream_store_errc::equivocation:
    return "the same object and version is there with another body";
  case stream_store_errc::unavailable: return "the database does not answer";
  }
  return "unknown error";
}

std::string_view to_string(alarm_kind kind) noexcept {
  switch (kind) {
  case alarm_kind::equivocation: return "equivocation";
  case alarm_kind::chain_broken: return "chain_broken";
  case alarm_kind::hash_mismatch: return "hash_mismatch";
  case alarm_kind::bad_signature: return "bad_signature";
  case alarm_kind::truncated: return "truncated";
  case alarm_kind::false_claim: return "false_claim";
  case alarm_kind::wrong_partner: return "wrong_partner";
  case alarm_kind::bad_key_record: return "bad_key_record";
  case alarm_kind::malformed: return "malformed";
  case alarm_kind::diverged: return "diverged";
  case alarm_kind::out_of_order: return "out_of_order";
  case alarm_kind::refused_by_partner: return "refused_by_partner";
  }
  return "malformed";
}

stored<void> stream_writer::open_after(std::string_view partner, const outgoing_state& state,
                                       timestamp now) {
  opening made;
  made.from = self_.id();
  made.to = partner;
  made.epoch = new_epoch_id();
  made.record = self_.record;
  made.opened = to_rfc3339_ms(now);
  if (!state.epochs.empty())
    made.after = state.head;
  return store_.open_outgoing(partner, state.head, {made.epoch, sign(made, self_.key), made.after});
}

stored<outgoing_state> stream_writer::ensure_open(std::string_view partner, timestamp now) {
  for (int attempt = 0; attempt < attempt_limit; ++attempt) {
    auto state = store_.outgoing(partner);
    // A held stream opens its epoch when the partner was heard, not here.
    if (!state || is_current(*state, self_.record) || state->held)
      return state;
    if (const auto opened = open_after(partner, *state, now);
        !opened && opened.error() != stream_store_errc::moved)
      return unexpected{opened.error()};
  }
  return unexpected{stream_store_errc::moved};
}

stored<append_outcome> stream_writer::append(std::string_view partner,
                                             const signed_::object& content,
                                             const signed_::seal& stated,
                                             const signed_::digest& policy, timestamp now) {
  for (int attempt = 0; attempt < attempt_limit; ++attempt) {
    const auto state = ensure_open(partner, now);
    if (!state)
      return unexpected{state.error()};
    if (state->held)
      return unexpected{stream_store_errc::held};
    envelope made;
    made.from = self_.id();
    made.to = partner;
    made.at = {state->head.epoch, state->head.sequence + 1, state->head.hash};
    made.object = signed_::digest::of(content.seal_bytes);
    made.policy = policy;
    made.released = to_rfc3339_ms(now);
    const stream_entry entry{made.at.sequence, sign(made, self_.key), content};
    const auto appended = store_.append_outgoing(partner, state->head, entry, stated);
    if (appended || appended.error() != stream_store_errc::moved)
      return appended;
  }
  return unexpected{stream_store_errc::moved};
}

stored<void> stream_writer::reopen(std::string_view partner, timestamp now) {
  const auto state = store_.outgoing(partner);
  if (!state)
    return unexpected{state.error()};
  return open_after(partner, *state, now);
}

} // namespace cresset::coord::federation
