#include "coord/server/call_out.hpp"

#include "capture/base/json_writer.hpp"
#include "capture/base/log.hpp"

#include <fmt/format.h>

namespace cresset::coord::server {
namespace {

delivery::mail message_of(const alarm::alarm& one, int step, timestamp at) {
  delivery::mail message;
  message.subject = fmt::format("[Cresset] {}: {}", to_string(one.cause.kind), one.cause.subject);
  message.text =
      fmt::format("{}\n\nAlarm {}, raised {}.\nStep {} of the call-out list: nobody has "
                  "acknowledged it so far. Acknowledge it in the console or over the API.\n",
                  one.cause.text, one.id.value, to_rfc3339_ms(one.raised), step + 1);
  message.date = at;
  return message;
}

std::string json_of(const alarm::alarm& one, int step) {
  std::string body;
  json_writer json{body};
  json.begin_object()
      .member("alarm", one.id.value)
      .member("kind", to_string(one.cause.kind))
      .member("subject", one.cause.subject)
      .member("text", one.cause.text)
      .member("incident", one.cause.incident.value_or(incident::incident_id{}).value)
      .member("raised", to_rfc3339_ms(one.raised))
      .member("step", step + 1)
      .end_object();
  return body;
}

} // namespace

incident::result<void> call_out::make_calls(const std::vector<alarm::call_out_step>& list,
                                            timestamp at) {
  if (list.empty())
    return {};
  const auto open = alarms_.waiting(alarms_at_a_time);
  if (!open)
    return unexpected{open.error()};
  for (const auto& one : *open) {
    const auto done = static_cast<std::size_t>(one.steps_done);
    const auto step = alarm::due_step(list, done, one.raised, at);
    if (!step)
      continue;
    const auto calls = tell(one, static_cast<int>(*step), list[*step]);
    if (auto noted = alarms_.called(one.id, static_cast<int>(*step), calls); !noted)
      return noted;
  }
  return {};
}

std::vector<alarm::call> call_out::tell(const alarm::alarm& one, int step,
                                        const alarm::call_out_step& whom) {
  std::vector<alarm::call> calls;
  const auto note = [&](const char* channel, const std::string& address,
                        const expected<void, std::string>& done) {
    calls.push_back({one.id, step, channel, address, now(), done ? "" : done.error()});
    if (!done)
      log(log_level::warning, "call-out", "alarm {}: {} {}: {}", one.id.value, channel, address,
          done.error());
  };
  for (const auto& address : whom.mail) {
    auto message = message_of(one, step, now());
    message.to = {address};
    note("mail", address, mail_.send(message));
  }
  for (const auto& url : whom.webhooks)
    note("webhook", url, webhooks_.post(url, json_of(one, step)));
  return calls;
}

} // namespace cresset::coord::server
