#pragma once

#include "capture/base/expected.hpp"
#include "capture/base/timestamp.hpp"
#include "coord/casework/case_content.hpp"
#include "coord/egress/gate.hpp"
#include "coord/federation/peer.hpp"
#include "coord/federation/stream_store.hpp"
#include "coord/federation/stream_writer.hpp"
#include "coord/federation/withdrawal.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cresset::coord::federation {

/// What became of a wish to tell one partner of an incident.
struct release_answer {
  std::string partner; ///< short name
  egress::verdict decided = egress::verdict::refused;
  /// True when the object stands in the stream to the partner now, whether it was put there by this
  /// call or before.
  bool is_in_stream = false;
  std::string sentence; ///< of the gate, of the checker, or why it could not be done
  /// It is not in the stream for a reason that passes: ask again.
  bool may_work_later = false;
};

/// An incident with what is told of it, and who approved this very version.
struct release_wish {
  const incident::incident& told;
  std::span<const incident::alert_group> groups;
  std::span<const incident::user_id> approvers;
  /// Tasks, events and impacts that are told with it.
  casework::case_content work{};
};

/// An object that may leave and has not left yet.
struct prepared_release {
  release_answer told;
  /// Nothing when it may not leave; `told` says why.
  std::optional<released_object> made;
};

/// The one way out: gate → object → checker → stream. An incident's version becomes one object,
/// whose bytes all partners get; asking twice releases once. Any thread.
class release_desk {
public:
  /// All must outlive the desk.
  release_desk(const own_identity& self, const peer_directory& peers, const egress::gate& gate,
               stream_store& store)
      : self_{self}, peers_{peers}, gate_{gate}, store_{store}, writer_{self, store} {}

  /// Gate, object and checker for one partner, by its short name: what would leave, and nothing
  /// has left. Asking twice gives the same object.
  prepared_release prepare(const release_wish& wish, std::string_view partner, timestamp now);
  /// Puts an object that `prepare` made into the stream; asking twice puts it there once.
  release_answer dispatch(const released_object& made, std::string_view partner, timestamp now);
  /// Tells a partner that we take back what we told; `number` as in `withdrawal_of`.
  release_answer withdraw(const withdrawal& told, std::string_view partner, timestamp now);
  /// What withdrawals name as their sender.
  std::string_view own_id() const noexcept { return self_.id(); }
  /// Both at once, to one partner.
  release_answer release(const release_wish& wish, std::string_view partner, timestamp now);
  /// To every partner whom the gate lets have it; those it refuses are in the answer with their
  /// reasons.
  std::vector<release_answer> release_to_all(const release_wish& wish, timestamp now);

private:
  std::optional<std::string> check(std::string_view kind, std::string_view body,
                                   std::string_view partner) const;
  release_answer append(const signed_::object& content, const signed_::seal& stated,
                        std::string_view partner, timestamp now);
  expected<released_object, std::string> object_of(const release_wish& wish, timestamp now);
  expected<released_object, std::string> make_object(const release_wish& wish,
                                                     const std::optional<released_object>& before,
                                                     timestamp now);

  const own_identity& self_;
  const peer_directory& peers_;
  const egress::gate& gate_;
  stream_store& store_;
  stream_writer writer_;
};

} // namespace cresset::coord::federation
