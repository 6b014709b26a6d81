#include "coord/api/notify/notification_json.hpp"

#include "coord/api/json_output.hpp"

namespace cresset::coord::api::notify {
using namespace coord::notify;

void write(json_writer& json, const notification& n, bool with_text,
           const std::string& answer_link) {
  json.begin_object()
      .member("id", n.id.value)
      .member("incident", n.incident.value)
      .member("owner", n.owner)
      .member("contact", n.contact)
      .member("email", n.email)
      .member("language", n.language)
      .member("delivery", coord::segment::to_string(n.how))
      .member("tlp", incident::to_string(n.label))
      .member("state", to_string(n.state));
  write_time(json, "created", n.created);
  json.member("by", n.by)
      .member("subject", n.subject)
      .member("sha256", n.sha256)
      .member("message_id", n.message_id)
      .member("attempts", n.attempts);
  write_time(json, "next_try", n.state == notification_state::queued ? n.next_try : timestamp{});
  json.member("last_error", n.last_error);
  write_time(json, "told", n.told.value_or(timestamp{}));
  write_time(json, "answer_until", n.answer_until);
  json.key("answers").begin_array();
  for (const auto& given : n.answers) {
    json.begin_object();
    write_time(json, "at", given.at);
    json.member("answer", to_string(given.kind))
        .member("text", given.text)
        .member("peer", given.peer)
        .end_object();
  }
  json.end_array();
  if (with_text)
    json.member("text", n.text).member("answer_link", answer_link);
  json.end_object();
}

void write(json_writer& json, const notification_repository::affected& owner) {
  json.begin_object().member("owner", owner.owner).member("groups", owner.groups);
  write_time(json, "told", owner.told.value_or(timestamp{}));
  json.end_object();
}

} // namespace cresset::coord::api::notify
