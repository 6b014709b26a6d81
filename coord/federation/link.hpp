#pragma once

#include "coord/federation/incoming_stream.hpp"
#include "coord/federation/outgoing_stream.hpp"

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace cresset::coord::federation {

/// A moment by both clocks: the one that measures, and the one that people read.
struct moment {
  std::chrono::steady_clock::time_point steady;
  timestamp wall;
};

/// How long a link waits for what (docs/federation.md section 6).
struct link_times {
  std::chrono::milliseconds head_every{10'000};
  std::chrono::milliseconds open_again{2'000};
  std::chrono::milliseconds resend_after{5'000};
  std::chrono::milliseconds silence{30'000};
  std::chrono::milliseconds halt{30'000};
  std::chrono::milliseconds alarm_again{60'000}; ///< one alarm of a kind in so long
};

/// What a page or a log says of a link.
struct link_status {
  enum class state { closed, open, halted } now = state::closed;
  std::string trouble;          ///< why it is not open; one sentence
  stream_position sent;         ///< head of our stream
  stream_position acknowledged; ///< by the partner
  stream_position received;     ///< committed from the partner
  std::size_t in_flight = 0;
  std::uint64_t accepted = 0;
  std::uint64_t duplicates = 0;
  std::uint64_t refusals = 0;
  std::uint64_t resends = 0;
  std::uint64_t ignored = 0; ///< messages of unknown types, or outside an open link
};

/// One link between two servers: a state machine over messages, a clock that the caller reads, and
/// the store. It has no socket and no thread: whatever it wants sent it leaves for
/// `take_messages()`. One thread.
class link {
public:
  enum class role { dials, listens };

  /// `self`, `store` and `writer` must outlive it.
  link(const own_identity& self, const peer& partner, role part, stream_store& store,
       stream_writer& writer, link_times times = {});

  void receive(const message& told, moment now);
  /// To be called about every 100 ms.
  void tick(moment now);
  /// To be called when nothing more is waiting to be received: commits what was gathered,
  /// acknowledges it, sends what may go.
  void settle(moment now);
  /// The dialler's connection came up, for the first time or again: whatever the partner knew of a
  /// session went with the old one, so the link is opened anew.
  void connected();
  /// Says goodbye; the partner knows at once.
  void leave();

  std::vector<message> take_messages();
  std::vector<partner_alarm> take_alarms();
  /// A newer key record of the partner, when one came.
  std::optional<signed_::signed_key_record> take_renewed() { return incoming_.take_renewed(); }
  /// True once after entries were committed.
  bool take_committed();
  link_status status() const;
  const peer& partner() const noexcept { return partner_; }

private:
  using clock = std::chrono::steady_clock;
  enum class state { closed, opening, open };

  void on(const open_message& told, moment now);
  void on(const epoch_message& told, moment now);
  void on(const push_message& told, moment now);
  void on(const acknowledge_message& told, moment now);
  void on(const head_message& told, moment now);
  void on(const refuse_message& told, moment now);
  void on(const close_message& told, moment now);
  void on(const unknown_message& told, moment now);

  bool is_for_us(const open_message& told, moment now);
  bool load(moment now);
  void ask(moment now);
  void send_open(const std::string& answers, moment now);
  void send_head(moment now);
  void acknowledge(bool resend, moment now);
  void refuse(const refused& why, const epoch_id& epoch, std::uint64_t sequence, moment now);
  void commit(moment now);
  void pump(moment now);
  void close(std::string reason, std::string sentence, moment now);
  void halt(std::string sentence, moment now);
  void raise(partner_alarm raised, moment now);
  void tick_open(moment now);
  bool in_session(moment now);
  bool takes_entries(moment now);

  const own_identity& self_;
  peer partner_;
  role role_;
  link_times times_;
  ingress_gate gate_;
  incoming_stream incoming_;
  outgoing_stream outgoing_;

  state state_ = state::closed;
  std::string session_;
  std::string trouble_;
  bool incoming_halted_ = false;
  bool outgoing_halted_ = false;
  bool owes_acknowledgement_ = false;
  bool committed_ = false;
  std::uint64_t told_credit_ = 0;
  clock::time_point opened_again_{};
  clock::time_point heard_{};
  clock::time_point head_sent_{};
  clock::time_point progress_{};
  clock::time_point halted_at_{};
  clock::time_point resend_asked_{};
  clock::time_point scolded_{};
  std::optional<refuse_message> refused_; ///< what halted the partner's stream
  std::map<alarm_kind, clock::time_point> raised_;
  link_status counts_;
  std::vector<message> messages_;
  std::vector<partner_alarm> alarms_;
};

} // namespace cresset::coord::federation
