#pragma once

#include "coord/notify/answer_token.hpp"
#include "coord/notify/letters.hpp"
#include "coord/segment/segment_repository.hpp"

namespace cresset::coord::notify {

struct notice_settings {
  /// "https://cirt.example": what answer links begin with, without a '/' at the end.
  std::string public_url;
  /// How long an answer link holds.
  std::chrono::days answer_days{30};
  /// Of the day (UTC), when digests go out.
  int digest_hour = 6;
  std::string default_language = "ru";
  /// Of our messages' ids: the part behind '@'.
  std::string message_domain = "cresset.invalid";
};

/// Makes notifications of an incident for an owner: finds whom to tell and in which language, fills
/// the letters, makes the answer links. Any thread.
class notice_desk {
public:
  /// All outlive the desk.
  notice_desk(notification_repository& notices, segment::segment_repository& registry,
              const letters& texts, notice_settings settings, const answer_key& key)
      : notices_{notices}, registry_{registry}, texts_{texts}, settings_{std::move(settings)},
        key_{key} {}

  struct request {
    incident::incident_id incident;
    std::string owner;
    std::string note;
    std::string by;
    timestamp at;
  };
  /// What `notify` would queue; links of a preview answer to nothing.
  result<std::vector<notification>> preview(const request& wanted);
  /// Queues a notification for each contact of the owner that holds today. `refused` when there is
  /// none.
  result<std::vector<notification>> notify(const request& wanted);

  std::string link_of(const notification& n) const;
  std::string path_of(const notification& n) const;
  /// The notification whose link this token is.
  std::optional<notification_id> read(std::string_view token, timestamp at, token_errc& why) const;
  /// The page behind a link.
  std::string page(const notification& n, std::optional<answer_kind> thanks);

  /// One letter for digests of one address and language, in the order given.
  letter digest_of(const std::vector<notification>& some) const;
  const notice_settings& settings() const noexcept { return settings_; }

private:
  result<std::vector<notification>> compose(const request& wanted, bool is_real);
  notification draft(const request& wanted, const matter& what, const segment::record& contact,
                     notification_id id) const;

  notification_repository& notices_;
  segment::segment_repository& registry_;
  const letters& texts_;
  const notice_settings settings_;
  const answer_key key_;
};

} // namespace cresset::coord::notify
