#include "coord/server/notify_loop.hpp"

#include "capture/base/log.hpp"
#include "coord/signed/digest.hpp"

#include <map>
#include <tuple>

namespace cresset::coord::server {

notify_loop::notify_loop(notify::notification_repository& notices, const notify::notice_desk& desk,
                         delivery::mail_sender& mail)
    : notices_{notices}, desk_{desk}, mail_{mail}, thread_{[this] { run(); }} {}

notify_loop::~notify_loop() {
  {
    const std::lock_guard lock{mutex_};
    stopping_ = true;
  }
  stop_.notify_all();
  thread_.join();
}

incident::result<void> notify_loop::send(const std::vector<notify::notification>& some) {
  const auto& first = some.front();
  notify::letter text{first.subject, first.text};
  if (first.how == segment::delivery::digest)
    text = desk_.digest_of(some);
  delivery::mail message;
  message.to = {first.email};
  message.subject = text.subject;
  message.text = text.text;
  message.date = now();
  message.message_id = first.message_id;
  for (const auto& n : some)
    message.attachments.push_back(
        {"report-" + std::to_string(n.id.value) + ".csv", "text/csv", n.report_csv});
  const auto sent = mail_.send(message);
  notify::notification_repository::delivery_report report;
  for (const auto& n : some)
    report.of.push_back(n.id);
  report.at = now();
  if (sent) {
    report.sha256 = signed_::digest::of(notify::told_bytes(text.subject, text.text)).hex();
    report.message_id = message.message_id;
    told_.add(some.size());
  } else {
    report.error = sent.error();
    report.next_try = report.at + notify::pause_after(first.attempts);
    report.is_final = first.attempts >= notify::attempts_limit;
    failed_tries_.add();
    log(log_level::warning, "notify", "{} was not told (try {}): {}", first.owner, first.attempts,
        report.error);
  }
  return notices_.settle(report);
}

incident::result<bool> notify_loop::step() {
  const auto claimed = notices_.claim(now(), lease, batch_limit);
  if (!claimed)
    return unexpected{claimed.error()};
  std::map<std::tuple<std::string, std::string, std::string>, std::vector<notify::notification>>
      digests;
  for (const auto& n : *claimed) {
    if (n.how == segment::delivery::digest)
      digests[{n.email, n.language, n.owner}].push_back(n);
    else if (const auto done = send({n}); !done)
      return unexpected{done.error()};
  }
  for (const auto& [whom, some] : digests)
    if (const auto done = send(some); !done)
      return unexpected{done.error()};
  return claimed->size() == static_cast<std::size_t>(batch_limit);
}

void notify_loop::run() {
  std::string told;
  bool more = false;
  std::unique_lock lock{mutex_};
  while (!stop_.wait_for(lock, more ? std::chrono::seconds{0} : look_every,
                         [this] { return stopping_; })) {
    lock.unlock();
    // Without a relay everything waits in the queue, and no try is wasted.
    const auto done = mail_.is_configured() ? step() : incident::result<bool>{false};
    more = done && *done;
    if (!done && done.error().text != told)
      log(log_level::warning, "notify", "{}", done.error().text);
    told = done ? std::string{} : done.error().text;
    lock.lock();
  }
}

} // namespace cresset::coord::server
