#include "capture/base/json_writer.hpp"
#include "coord/notify/letters.hpp"
#include "coord/segment/csv_line.hpp"

#include <fmt/format.h>

namespace cresset::coord::notify {
std::string report_json(const matter& what, notification_id id) {
  std::string text;
  json_writer json{text};
  json.begin_object()
      .member("format", "cresset owner report 1")
      .member("notification", id.value)
      .member("incident", what.name)
      .member("classification", what.classified.classification)
      .member("type", what.classified.type)
      .member("severity", what.severity)
      .member("tlp", tlp_label(what.label))
      .member("exercise", what.exercise)
      .member("owner", what.owner.key);
  json.key("observations").begin_array();
  for (const auto& o : what.observations)
    json.begin_object()
        .member("victim", o.key.victim.to_string())
        .member("attacker", attacker_text(o.key, "many"))
        .member("traffic", incident::to_string(o.key.way))
        .member("gid", o.key.gid)
        .member("sid", o.key.sid)
        .member("message", o.message)
        .member("alerts", o.alerts)
        .member("first_seen", to_rfc3339_ms(o.first_seen))
        .member("last_seen", to_rfc3339_ms(o.last_seen))
        .end_object();
  json.end_array().end_object();
  return text;
}

std::string report_csv(const matter& what) {
  using segment::csv_field;
  std::string text = "incident,classification,type,tlp,exercise,victim,attacker,traffic,gid,sid,"
                     "message,alerts,first_seen,last_seen\r\n";
  for (const auto& o : what.observations)
    text += fmt::format("{},{},{},{},{},{},{},{},{},{},{},{},{},{}\r\n", csv_field(what.name),
                        what.classified.classification, what.classified.type, tlp_label(what.label),
                        what.exercise, o.key.victim.to_string(), attacker_text(o.key, "many"),
                        incident::to_string(o.key.way), o.key.gid, o.key.sid,
                        csv_field(escaped(o.message, escaping::plain)), o.alerts,
                        to_rfc3339_ms(o.first_seen), to_rfc3339_ms(o.last_seen));
  return text;
}

} // namespace cresset::coord::notify
