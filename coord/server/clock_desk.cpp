#include "coord/server/clock_desk.hpp"

#include "capture/base/log.hpp"
#include "coord/api/clock/clocks.hpp"

#include <stdexcept>

namespace cresset::coord::server {

clock_desk::clock_desk(store::connection_pool& pool, const std::string& first_table,
                       delivery::mail_sender& mail, delivery::webhook_sender& webhooks)
    : clocks_{pool}, alarms_{pool}, calls_{alarms_, mail, webhooks} {
  put_first(first_table);
  if (const auto read = refresh_table(); !read)
    throw std::runtime_error{"deadlines: " + read.error().text};
  time_keeper_ =
      std::make_unique<periodic_thread>(tick, [this] { complain(time_trouble_, keep_time()); });
  caller_ = std::make_unique<periodic_thread>(
      tick, [this] { complain(call_trouble_, calls_.make_calls(current()->call_out, now())); });
}

void clock_desk::put_first(const std::string& text) {
  const auto known = clocks_.table();
  if (known)
    return;
  if (known.error().why != incident::store_errc::not_found)
    throw std::runtime_error{"database: " + known.error().text};
  if (const auto read = clock::parse_deadline_table(text, "deadlines"); !read)
    throw std::runtime_error{read.error()};
  // Another server may have been quicker; its table is as good.
  const auto put = clocks_.put_table(0, text, "first start", now());
  if (!put && put.error().why != incident::store_errc::stale)
    throw std::runtime_error{"database: " + put.error().text};
}

incident::result<void> clock_desk::refresh_table() {
  const auto found = clocks_.table();
  if (!found)
    return unexpected{found.error()};
  if (found->version == version_)
    return {};
  auto read = clock::parse_deadline_table(found->text, "version " + std::to_string(found->version));
  if (!read)
    return unexpected{incident::store_error{incident::store_errc::broken, read.error()}};
  const std::lock_guard lock{mutex_};
  table_ = std::make_shared<const clock::deadline_table>(*std::move(read));
  version_ = found->version;
  return {};
}

clock_desk::table clock_desk::current() const {
  const std::lock_guard lock{mutex_};
  return table_;
}

incident::result<void> clock_desk::keep_time() {
  if (auto read = refresh_table(); !read)
    return read;
  const auto rules = current();
  for (int read = entries_at_a_time; read == entries_at_a_time;) {
    const auto done = clocks_.read_journal(*rules, version_, entries_at_a_time);
    if (!done)
      return unexpected{done.error()};
    read = *done;
  }
  const auto raised = clocks_.raise_due(now(), deadlines_at_a_time);
  if (!raised)
    return unexpected{raised.error()};
  raised_ += static_cast<std::uint64_t>(*raised);
  return {};
}

/// Each trouble is logged once, until it is over.
void clock_desk::complain(std::string& told, const incident::result<void>& done) {
  auto text = done ? std::string{} : done.error().text;
  if (!text.empty() && text != told)
    log(log_level::warning, "clocks", "{}", text);
  told = std::move(text);
}

void clock_desk::install(http::router& routes) {
  api::clock::install_clocks(routes, {clocks_, alarms_});
  api::clock::install_alarms(routes, {clocks_, alarms_});
}

std::vector<api::metric> clock_desk::metrics() const {
  return {{"cresset_deadlines_raised_total", "Warnings and alarms of deadlines", "counter",
           static_cast<double>(raised_.load()), ""}};
}

} // namespace cresset::coord::server
