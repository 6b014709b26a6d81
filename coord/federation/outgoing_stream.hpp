#pragma once

#include "coord/federation/message.hpp"
#include "coord/federation/peer.hpp"
#include "coord/federation/stream_store.hpp"
#include "coord/federation/stream_writer.hpp"

#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cresset::coord::federation {

/// Our stream to a partner, as it goes out: where the partner stands, what is in flight, what may
/// be sent next. No clock, no socket. One thread; entries are appended by `stream_writer`, from
/// any.
class outgoing_stream {
public:
  /// `self`, `store` and `writer` must outlive it.
  outgoing_stream(const own_identity& self, peer recipient, stream_store& store,
                  stream_writer& writer);

  /// Why a link cannot go on: a word for the close message, a sentence, an alarm.
  struct objection {
    std::string reason;
    std::string sentence;
    std::optional<partner_alarm> raised;
  };

  /// Reads where the stream stands and forgets what was in flight.
  stored<void> load(timestamp now);
  /// Reads how far the stream has grown.
  stored<void> refresh();

  /// Starts behind what the partner has. After a restore this is where a new epoch opens
  /// (docs/federation.md section 7).
  std::optional<objection> resume(const open_message& told, timestamp now);
  /// The partner has committed; an alarm when it names an entry that is not ours.
  std::optional<partner_alarm> acknowledge(const acknowledge_message& told);
  /// Back to the acknowledged entry: what is in flight is sent again.
  void rewind();

  /// What may be sent now, in order, as far as the credit goes.
  std::vector<message> next();

  /// Our word for the length of the stream; empty while it is held: then nothing is signed.
  std::string signed_head(timestamp now) const;
  bool is_held() const noexcept { return state_.held; }
  const stream_position& head() const noexcept { return state_.head; }
  const stream_position& acknowledged() const noexcept { return acknowledged_; }
  std::size_t in_flight() const noexcept { return in_flight_.size(); }
  std::uint64_t credit() const noexcept { return credit_; }

private:
  static constexpr std::size_t read_limit = 16;

  std::optional<std::size_t> index_of(const epoch_id& epoch) const;
  std::uint64_t last_sequence(std::size_t index) const;
  void stand_at(const stream_position& position);
  bool is_proof(const open_message& told, const signed_::key_record& record) const;
  std::optional<objection> compare(const open_message& told, timestamp now);
  std::optional<objection> forgot(const open_message& told, std::size_t index, timestamp now);
  objection close(std::string reason, alarm_kind kind, std::string sentence,
                  const open_message& told) const;
  bool send_entries(std::size_t index, std::vector<message>& into);
  void send_opening(std::size_t index, std::vector<message>& into);

  const own_identity& self_;
  peer recipient_;
  stream_store& store_;
  stream_writer& writer_;
  outgoing_state state_;
  stream_position
      acknowledged_; ///< by the partner, in this life of the link; epoch empty: it has nothing
  stream_position cursor_; ///< sent up to here
  std::deque<stream_position> in_flight_;
  std::uint64_t credit_ = 0;
};

} // namespace cresset::coord::federation
