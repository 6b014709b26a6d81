#pragma once

#include "capture/base/timestamp.hpp"
#include "coord/incident/number_id.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cresset::coord::people {

using approval_id = incident::number_id<struct approval_tag>;

enum class approval_state : std::uint8_t {
  waiting,   ///< for a second person
  approved,  ///< and not carried out yet, or interrupted while it was
  refused,   ///< by a second person
  withdrawn, ///< by the one who asked
  done       ///< approved and carried out; `outcome` says with what answer
};
std::string_view to_string(approval_state state) noexcept;
std::optional<approval_state> approval_state_from(std::string_view word) noexcept;

/// A call of the API that one person made and that waits for a second one, because the policy names
/// it. It is carried out as it was made, with the rights that its maker has then.
struct approval {
  approval_id id;
  /// The route: "PATCH /api/v1/users/{id}".
  std::string act;
  std::string method;
  /// Path and query, as they were called.
  std::string target;
  std::string body;
  incident::user_id asked_by;
  std::string asked_by_login;
  timestamp asked;
  timestamp expires;
  approval_state state = approval_state::waiting;
  /// Whoever approved, refused or withdrew it; empty while it waits.
  std::string decided_by_login;
  std::optional<timestamp> decided;
  /// Status of the answer when it was carried out; 0 before.
  int outcome = 0;
};

inline constexpr std::chrono::hours approval_life{24};
inline constexpr int approvals_waiting_an_account = 20;
inline constexpr std::size_t approval_body_limit_bytes = 64 * 1024;
/// Whoever made an account, or set its password for it, knows for a while how to be that account.
inline constexpr std::chrono::hours credentials_rest{24};

/// Whoever wants to decide on a request.
struct second_person {
  incident::user_id id;
  /// Has the right that the route itself needs.
  bool has_right = false;
  /// Signed in, or shown by a certificate: a program's token is no person.
  bool is_in_person = false;
  /// Who last made or reset this account, if it was somebody else, and when.
  incident::user_id credentials_by;
  timestamp credentials_at;
};

/// Why this person may not approve (or refuse) that request at that moment, in one sentence;
/// nothing when they may.
std::optional<std::string> why_not_second(const approval& asked, const second_person& who,
                                          timestamp at);

} // namespace cresset::coord::people
