#pragma once

#include "coord/incident/incident.hpp"
#include "coord/incident/repository.hpp"
#include "coord/segment/owner.hpp"

#include <optional>
#include <string>
#include <vector>

namespace cresset::coord::notify {

using incident::result;
using notification_id = incident::number_id<struct notification_tag>;

/// What one owner is told of one incident: nothing of others' networks.
struct matter {
  incident::incident_id incident;
  std::string name; ///< "INC-2026-000017"
  incident::rsit classified;
  int severity = 0;
  incident::tlp label = incident::tlp::amber;
  bool exercise = false;
  /// Of the registry.
  segment::record owner;
  struct observation {
    incident::group_key key;
    std::string message;
    std::int64_t alerts = 0;
    timestamp first_seen;
    timestamp last_seen;
  };
  /// The owner's groups in the incident, gravest first, at most `observations_limit`.
  std::vector<observation> observations;
};
inline constexpr std::size_t observations_limit = 1000;
/// Observations a letter shows; the report has all.
inline constexpr std::size_t letter_observations = 20;
/// Notifications of one incident, and those that wait in all.
inline constexpr int incident_notifications_limit = 200;
inline constexpr int queue_limit = 10'000;
inline constexpr std::size_t note_limit_bytes = 4000;
inline constexpr std::size_t answer_text_limit_bytes = 2000;
/// Answers kept of one notification; more are refused.
inline constexpr int answers_limit = 20;

enum class notification_state : std::uint8_t {
  queued = 0,    ///< waits for its moment, or for another try
  sent = 1,      ///< the relay took it
  failed = 2,    ///< given up after `attempts_limit` tries
  cancelled = 3, ///< by an analyst
  offered = 4,   ///< no mail: waits to be fetched
  fetched = 5,   ///< no mail: the report was fetched by its link
};
std::string_view to_string(notification_state state) noexcept;

enum class answer_kind : std::uint8_t { fixed = 0, false_alarm = 1, need_help = 2 };
/// "fixed", "false", "need_help".
std::string_view to_string(answer_kind kind) noexcept;
std::optional<answer_kind> answer_kind_from(std::string_view word) noexcept;

struct answer {
  notification_id of;
  timestamp at;
  answer_kind kind = answer_kind::fixed;
  std::string text;
  /// The address it came from.
  std::string peer;
};

/// One message to one contact, with what proves it.
struct notification {
  notification_id id;
  incident::incident_id incident;
  std::string owner;
  std::string contact;
  std::string email;
  std::string language;
  segment::delivery how = segment::delivery::instant;
  incident::tlp label = incident::tlp::amber;
  notification_state state = notification_state::queued;
  timestamp created;
  std::string by;
  std::string subject;
  /// For a digest, its part of the message.
  std::string text;
  std::string report_json;
  std::string report_csv;
  /// SHA-256 in hex over what was told: `told_bytes` of subject and text.
  std::string sha256;
  std::string message_id;
  int attempts = 0;
  timestamp next_try;
  std::string last_error;
  std::optional<timestamp> told;
  timestamp answer_until;
  std::vector<answer> answers;
};

/// Tries before a notification counts as failed, and the pause behind try `attempts` (from 1): a
/// minute, doubled up to four hours.
inline constexpr int attempts_limit = 10;
std::chrono::seconds pause_after(int attempts) noexcept;
/// When the digest that follows `now` goes out: each day at this hour (UTC).
timestamp next_digest(timestamp now, int hour) noexcept;

/// What is hashed as proof: the subject, a line end, the text.
std::string told_bytes(const std::string& subject, const std::string& text);

/// Notifications as they are kept. Any thread. Every change is one transaction with its journal
/// entry.
class notification_repository {
public:
  virtual ~notification_repository() = default;

  /// Owners of victims of this incident, with how many of its groups are theirs.
  struct affected {
    std::string owner;
    int groups = 0;
    std::optional<timestamp> told;
  };
  virtual result<std::vector<affected>> owners_of(incident::incident_id id) = 0;
  /// What that owner would be told; `not_found` when nothing of the incident is theirs.
  virtual result<matter> matter_of(incident::incident_id id, const std::string& owner) = 0;
  /// Numbers for notifications that are then given to `queue`.
  virtual result<std::vector<notification_id>> take_numbers(int count) = 0;
  /// `refused` past the limits above.
  virtual result<void> queue(const std::vector<notification>& some) = 0;

  virtual result<std::vector<notification>> of_incident(incident::incident_id id) = 0;
  /// Newest first, before `before` (all when 0); of one state, or all. Without texts and reports.
  virtual result<std::vector<notification>> list(std::optional<notification_state> state,
                                                 notification_id before, int limit) = 0;
  virtual result<notification> one(notification_id id) = 0;
  /// Puts a failed one back into the queue / takes a queued or offered one out.
  virtual result<void> retry(notification_id id, const std::string& by, timestamp at) = 0;
  virtual result<void> cancel(notification_id id, const std::string& by, timestamp at) = 0;

  /// Claims what is due: nobody else gets it before `lease` ends, and its `attempts` counts this
  /// one. All digests for one address and language come together.
  virtual result<std::vector<notification>> claim(timestamp now, std::chrono::seconds lease,
                                                  int limit) = 0;
  struct delivery_report {
    std::vector<notification_id> of;
    timestamp at;
    /// What was sent; its hash is the proof. Empty when it failed.
    std::string sha256;
    std::string message_id;
    /// Why it failed; empty when it was sent.
    std::string error;
    timestamp next_try;
    bool is_final = false;
  };
  virtual result<void> settle(const delivery_report& report) = 0;
  /// An offered one was fetched by its link: from now on its owner was told.
  virtual result<void> mark_fetched(notification_id id, const std::string& peer, timestamp at) = 0;
  virtual result<void> take(const answer& given) = 0;
};

/// Kinds of the journal's entries.
namespace journal_kind {
inline constexpr std::string_view queued = "owner_notice_queued";
inline constexpr std::string_view told = "owner_notified";
inline constexpr std::string_view failed = "owner_notice_failed";
inline constexpr std::string_view changed = "owner_notice_changed";
inline constexpr std::string_view answered = "owner_answered";
} // namespace journal_kind

} // namespace cresset::coord::notify
