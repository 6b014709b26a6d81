#pragma once

#include "capture/base/timestamp.hpp"
#include "coord/federation/peer.hpp"
#include "coord/federation/stream_store.hpp"

#include <string_view>

namespace cresset::coord::federation {

/// Signs entries and puts them into our streams. Whatever another server or thread of ours appends
/// in between shows as `moved`, and the entry is signed again for its new place; nothing that was
/// signed for a place it did not get ever leaves. Any thread.
class stream_writer {
public:
  /// Both must outlive the writer.
  stream_writer(const own_identity& self, stream_store& store) : self_{self}, store_{store} {}

  /// Makes sure that our stream to the partner has an epoch, and that its opening carries our
  /// newest key record: a rotated key opens a new one.
  stored<outgoing_state> ensure_open(std::string_view partner, timestamp now);
  /// Appends an object. `already_there` when the stream has it.
  stored<append_outcome> append(std::string_view partner, const signed_::object& content,
                                const signed_::seal& stated, const signed_::digest& policy,
                                timestamp now);
  /// Opens a new epoch behind our last entry: after a restore.
  stored<void> reopen(std::string_view partner, timestamp now);

private:
  static constexpr int attempt_limit = 16;

  stored<void> open_after(std::string_view partner, const outgoing_state& state, timestamp now);

  const own_identity& self_;
  stream_store& store_;
};

} // namespace cresset::coord::federation
