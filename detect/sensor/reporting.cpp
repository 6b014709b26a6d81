#include "detect/sensor/reporting.hpp"

#include "capture/base/log.hpp"

namespace cresset::detect::sensor {
namespace {

key_file load(const std::filesystem::path& path) {
  auto key = load_key_file(path);
  if (!key)
    throw configuration_error{key.error().text};
  return *std::move(key);
}

} // namespace

reporting::reporting(const coordinator_settings& to) {
  uplink::uplink_options options;
  options.endpoint = to.address;
  options.own = load(to.own_key);
  options.server = load(to.server_key);
  auto spool =
      uplink::spool::open({.folder = to.spool_folder, .limit_bytes = to.spool_limit_bytes});
  if (!spool)
    throw configuration_error{spool.error().text};
  spool_ = std::make_unique<uplink::spool>(*std::move(spool));
  link_ = std::make_unique<uplink::uplink>(*spool_, std::move(options));
  auto ledger = uplink::outbox_ledger::open(to.spool_folder, spool_->position());
  if (!ledger)
    throw configuration_error{ledger.error()};
  if (const auto cost = ledger->losses(); cost.last_lost != 0)
    log(log_level::warning, "uplink",
        "an earlier run was killed with {} alerts raised and not yet spooled; {} kills have cost "
        "{} alerts so far",
        cost.last_lost, cost.kills, cost.lost);
  outbox_ = std::make_unique<uplink::outbox>(
      *spool_, uplink::outbox_options{}, [this] { link_->wake(); }, *std::move(ledger));
}

alert_sink reporting::sink() {
  return [this](alert::alert alert) { outbox_->offer(std::move(alert)); };
}

void reporting::write_stats(json_writer& json) const {
  json.key("outbox")
      .begin_object()
      .member("raised", outbox_->raised())
      .member("spooled", outbox_->spooled())
      .member("refused", outbox_->refused())
      .member("waiting", outbox_->waiting())
      .end_object();
  const auto& s = spool_->counters();
  json.key("spool").begin_object().member("alerts", s.held_records.value());
  json.member("bytes", s.held_bytes.value())
      .member("dropped", s.dropped.value())
      .member("damaged", s.damaged.value())
      .member("failed_writes", s.failed_writes.value())
      .end_object();
  const auto& u = link_->counters();
  json.key("uplink").begin_object().member("connected", u.is_up.value() == 1);
  json.member("acknowledged", u.acknowledged.value())
      .member("told_to_wait", u.busy.value())
      .member("resumes", u.resumes.value())
      .member("sessions", u.connected.value())
      .member("broken", u.broken.value())
      .member("refused", u.refused.value())
      .end_object();
}

void reporting::finish(std::chrono::milliseconds patience) {
  outbox_->stop();
  link_->stop(patience);
  const auto held = spool_->position();
  if (held.first != held.next)
    log(log_level::warning, "uplink", "{} alerts stay in the spool until the server can be reached",
        held.next - held.first);
  if (outbox_->refused() != 0)
    log(log_level::error, "uplink", "{} alerts could not be written to the spool",
        outbox_->refused());
}

} // namespace cresset::detect::sensor
