#pragma once

#include "capture/base/expected.hpp"
#include "capture/base/timestamp.hpp"
#include "coord/federation/stream_entry.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cresset::coord::federation {

enum class stream_store_errc {
  moved, ///< the stream's end is not where the caller thought: read it again
  held,  ///< nothing may be signed until the partner's open was seen (docs/federation.md section 7)
  equivocation, ///< the same object id and version are there with another body
  unavailable,  ///< the database does not answer; nothing was changed
};
std::string_view to_string(stream_store_errc error) noexcept;

template <typename T>
using stored = expected<T, stream_store_errc>;

/// Our stream to a partner.
struct outgoing_state {
  std::vector<stream_epoch> epochs; ///< oldest first; empty before the first opening
  stream_position head;             ///< of the newest epoch
  stream_position acknowledged;     ///< the last position the partner has confirmed
  bool held = false;
};

/// A partner's stream to us.
struct incoming_state {
  std::vector<stream_epoch> epochs; ///< oldest first
  stream_position head;             ///< committed up to here, in the newest epoch
};

enum class append_outcome { appended, already_there };

enum class alarm_kind {
  equivocation,
  chain_broken,
  hash_mismatch,
  bad_signature,
  truncated,
  false_claim,
  wrong_partner,
  bad_key_record,
  malformed,
  diverged,
  out_of_order,
  refused_by_partner,
};
std::string_view to_string(alarm_kind kind) noexcept;

/// What an operator has to see, with the bytes that prove it. `out_of_order` is a notice, the rest
/// are alarms.
struct partner_alarm {
  alarm_kind kind = alarm_kind::malformed;
  std::string partner;  ///< identity id
  std::string sentence; ///< one line in plain words
  std::vector<std::string> evidence;
};
inline constexpr std::size_t alarm_limit_evidence_bytes = 64 * 1024;

/// A received entry and where it stands.
struct unprocessed_entry {
  stream_position at;
  received_entry received;
};

/// The object that was made of one of our matters in one of its versions. All partners get the same
/// bytes.
struct released_object {
  std::int64_t source_version = 0;
  std::string object_id;
  timestamp created;
  timestamp modified;
  signed_::object content;
};

/// Where streams are kept. A call either did everything and it is durable, or changed nothing.
/// Partners are named by identity id. Any thread may call; appends to one stream are serialised by
/// the store.
class stream_store {
public:
  virtual ~stream_store() = default;

  virtual stored<outgoing_state> outgoing(std::string_view partner) = 0;
  virtual stored<incoming_state> incoming(std::string_view partner) = 0;

  /// Begins an epoch of our stream. `moved` when the stream's head is not `expected_head` (empty
  /// epoch: no stream yet). Releases a hold.
  virtual stored<void> open_outgoing(std::string_view partner, const stream_position& expected_head,
                                     const stream_epoch& opened) = 0;
  /// Appends behind `expected_head`; `moved` when that is not the head. `already_there` when the
  /// stream holds the seal's id and version with the same body: nothing is appended. `content`
  /// describes the entry.
  virtual stored<append_outcome> append_outgoing(std::string_view partner,
                                                 const stream_position& expected_head,
                                                 const stream_entry& entry,
                                                 const signed_::seal& content) = 0;
  /// The entries behind `from` in its epoch, in order, at most `limit`.
  virtual stored<std::vector<stream_entry>>
  read_outgoing(std::string_view partner, const stream_position& from, std::size_t limit) = 0;
  /// The hash at a sequence of an epoch of ours (0: of the opening); nothing when it is not there.
  virtual stored<std::optional<signed_::digest>>
  outgoing_hash(std::string_view partner, const epoch_id& epoch, std::uint64_t sequence) = 0;
  /// Keeps the greatest acknowledged position.
  virtual stored<void> acknowledge(std::string_view partner, const stream_position& position) = 0;
  /// After a restore: nothing may be signed for any partner until `open_outgoing`.
  virtual stored<void> hold_outgoing() = 0;

  /// Begins an epoch of the partner's stream; entries behind `opened.after` in the epoch before
  /// become superseded.
  virtual stored<void> open_incoming(std::string_view partner, const stream_position& expected_head,
                                     const stream_epoch& opened) = 0;
  /// Appends all of them in one transaction, or none. The transaction itself holds each against the
  /// chain: sequence and previous hash must continue the stored head, which must be
  /// `expected_head`; else `moved`.
  virtual stored<stream_position> append_incoming(std::string_view partner,
                                                  const stream_position& expected_head,
                                                  std::span<const received_entry> entries) = 0;
  virtual stored<std::optional<stream_entry>>
  incoming_entry(std::string_view partner, const epoch_id& epoch, std::uint64_t sequence) = 0;
  /// The entry that holds an object; what equivocation is measured against.
  virtual stored<std::optional<stream_entry>> incoming_object(std::string_view partner,
                                                              std::string_view object_id,
                                                              std::string_view version) = 0;
  /// Entries taken in since the last `mark_processed`, oldest first; superseded ones are left out.
  virtual stored<std::vector<unprocessed_entry>> unprocessed(std::string_view partner,
                                                             std::size_t limit) = 0;
  virtual stored<void> mark_processed(std::string_view partner, const epoch_id& epoch,
                                      std::uint64_t sequence) = 0;

  /// The newest object made of `source` ("incident/17").
  virtual stored<std::optional<released_object>> released(std::string_view source) = 0;
  /// Keeps it; `already_there` when this version of the source has one: that one holds.
  virtual stored<append_outcome> keep_released(std::string_view source,
                                               const released_object& made) = 0;

  virtual stored<void> raise(const partner_alarm& raised) = 0;
};

} // namespace cresset::coord::federation
