#pragma once

#include "coord/federation/ingress.hpp"
#include "coord/federation/message.hpp"
#include "coord/federation/peer.hpp"
#include "coord/federation/stream.hpp"
#include "coord/federation/stream_store.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cresset::coord::federation {

/// Why something was not taken, and the alarm it raises if it does.
struct refused {
  refusal reason = refusal::malformed;
  std::string sentence;
  std::optional<partner_alarm> raised;
};

enum class taken { accepted, duplicate };

/// A partner's stream to us: holds each entry against the checks of docs/federation.md section 5
/// and gathers those that pass until they are committed together. No clock, no socket; the store is
/// the only thing outside. One thread.
class incoming_stream {
public:
  /// Entries gathered before they must be committed.
  static constexpr std::size_t pending_limit = 64;

  /// `store` must outlive it; `sender` is the pinned partner.
  incoming_stream(std::string own_id, peer sender, stream_store& store);

  /// Forgets what is pending and reads where the stream stands.
  stored<void> load();

  /// Takes an opening. What is pending is committed first.
  expected<taken, refused> open_epoch(std::string_view opening_bytes);
  expected<taken, refused> push(const push_message& told, const ingress_gate& gate);
  /// Holds the sender's claim of its length against what we have; nothing when they agree or we are
  /// only behind.
  std::optional<refused> check_head(std::string_view head_bytes) const;

  /// Stores what is pending in one transaction. After an error nothing is pending and nothing was
  /// stored.
  stored<void> commit();
  std::size_t pending() const noexcept { return pending_.size(); }

  /// Committed up to here; epoch empty before the first opening.
  const stream_position& committed() const noexcept { return state_.head; }
  /// The envelope at `committed()`; empty at sequence 0.
  stored<std::string> committed_envelope() const;
  /// A newer key record that an accepted opening brought; given once.
  std::optional<signed_::signed_key_record> take_renewed();

private:
  struct opened_epoch {
    opening stated;
    stream_epoch kept;
  };

  refused wrong(refusal reason, std::string sentence) const;
  refused alarming(refusal reason, alarm_kind kind, std::string sentence,
                   std::vector<std::string> evidence) const;
  stream_position tip() const;

  std::optional<refused> why_not_open(const opening& stated, std::string_view bytes) const;
  std::optional<refused> why_not_after(const opening& stated, std::string_view bytes) const;
  std::optional<refused> record_objection(const signed_::signed_key_record& record,
                                          std::string_view bytes) const;

  std::optional<refused> envelope_objection(const push_message& told,
                                            const claimed<envelope>& read) const;
  expected<taken, refused> compare_with_stored(const push_message& told) const;
  std::optional<refused> body_objection(const signed_::seal& stated,
                                        const stream_entry& entry) const;
  expected<taken, refused> take(const push_message& told, const claimed<envelope>& read,
                                const ingress_gate& gate);

  std::string own_id_;
  peer sender_;
  stream_store& store_;
  incoming_state state_;
  std::vector<received_entry> pending_;
  std::optional<signed_::key_record> in_force_; ///< of the newest epoch
  std::uint64_t newest_record_ = 0;
  std::optional<signed_::signed_key_record> renewed_;
};

} // namespace cresset::coord::federation
