#include "coord/server/app.hpp"

#include "capture/base/log.hpp"
#include "coord/api/casework/casework.hpp"
#include "coord/api/effects/effects.hpp"
#include "coord/api/handover/handover.hpp"
#include "coord/api/health.hpp"
#include "coord/api/indicators/indicators.hpp"
#include "coord/api/people/approvals.hpp"
#include "coord/api/quality/quality.hpp"
#include "coord/api/reports/reports.hpp"
#include "coord/api/retention/retention.hpp"
#include "coord/console/assets.hpp"
#include "coord/server/embedded_config.hpp"
#include "coord/server/first_login.hpp"
#include "coord/server/own_key.hpp"
#include "coord/store/change_feed.hpp"

#include <fmt/format.h>

#include <fstream>
#include <sstream>
#include <unistd.h>

namespace cresset::coord::server {
namespace {

/// What the file says, or what was compiled in when none is named; `what` names it in the error.
std::string text_of(const std::filesystem::path& file, std::string_view embedded,
                    std::string_view what) {
  if (file.empty())
    return std::string{embedded};
  std::ifstream in{file};
  std::stringstream read;
  read << in.rdbuf();
  if (!in)
    throw std::runtime_error{fmt::format("{}: cannot read {}", what, file.string())};
  return read.str();
}

std::vector<incident::correlation_rule> correlation_rules(const std::filesystem::path& file) {
  auto rules = incident::parse_correlation_rules(
      text_of(file, embedded_correlation(), "correlation"),
      file.empty() ? "the built-in rules of correlation" : file.string());
  if (!rules)
    throw std::runtime_error{"correlation: " + rules.error()};
  return *std::move(rules);
}

std::string first_line(const std::filesystem::path& file) {
  auto text = text_of(file, "", "webhook.secret");
  return text.substr(0, text.find('\n'));
}

incident::rsit_map classes_of(const std::filesystem::path& file) {
  if (file.empty())
    return incident::rsit_map::built_in();
  auto map = incident::rsit_map::parse(text_of(file, "", "rsit-map"), file.string());
  if (!map)
    throw std::runtime_error{"rsit-map: " + map.error()};
  return *std::move(map);
}

std::string holder() {
  char host[256] = "host";
  (void)::gethostname(host, sizeof host - 1);
  return fmt::format("{} {}", host, ::getpid());
}

api::metric count_of(std::string name, std::string help, const counter& value) {
  return {std::move(name), std::move(help), "counter", static_cast<double>(value.value()), {}};
}

ingest::ingest_options ingest_options_of(const config& settings) {
  ingest::ingest_options options;
  options.endpoint = settings.ingest;
  options.own = own_ingest_key(settings.state);
  return options;
}

} // namespace

app::app(const config& settings)
    : settings_{settings}, data_{open_database(settings_)}, mail_{settings_.mail},
      webhooks_{settings_.mail.ca_file, first_line(settings_.webhook_secret)},
      casework_{data_.store->pool()}, effects_{data_.store->pool()},
      indicators_{data_.store->pool()}, quality_{data_.store->pool()},
      reports_{data_.store->pool()}, watch_{indicators_, data_.store->alerts},
      segment_{data_.store->pool()}, owners_{settings_, data_.store->pool(), segment_.registry(),
                                             mail_},
      sensors_{data_.store->sensors, registry_}, notices_feed_{std::make_unique<store::change_feed>(
                                                     data_.store->url())},
      partners_{*data_.store, casework_, effects_, settings_.hold}, kept_{data_.store->pool()},
      handovers_{data_.store->pool()}, box_{people::own_secret_key(settings_.state /
                                                                   "second-factor.key")},
      credentials_{data_.store->pool()},
      approvals_{data_.store->pool()}, accounts_{data_.store->users}, logins_{accounts_} {
  if (const auto known = sensors_.refresh(); !known)
    throw std::runtime_error{"database: " + known.error().text};
  make_first_login();
  if (!settings_.identity.empty()) {
    sharing_ = std::make_unique<sharing>(settings_, data_.store->pool());
    releases_ =
        std::make_unique<release_loop>(*data_.store, casework_, effects_, *sharing_,
                                       std::make_unique<store::change_feed>(data_.store->url()));
    carried_out_ = std::make_unique<effect_loop>(effects_, *sharing_);
    partners_.use(*sharing_);
  }
  const auto classes = classes_of(settings_.rsit_map);
  data_.store->groups.classify_with(classes);
  if (const auto watched = watch_.refresh(now()); !watched)
    throw std::runtime_error{"database: " + watched.error().text};
  correlation_ = std::make_unique<correlation_loop>(
      data_.store->correlation, std::make_unique<store::change_feed>(data_.store->url()),
      correlation_rules(settings_.correlation), holder(), classes);
  data_.store->alerts.use(segment_.books());
  ingest_ = std::make_unique<ingest::ingest_loop>(registry_, data_.store->alerts,
                                                  ingest_options_of(settings_));
  sensors_.watch(*ingest_);
  clocks_ = std::make_unique<clock_desk>(
      data_.store->pool(), text_of(settings_.deadlines, embedded_deadlines(), "deadlines"), mail_,
      webhooks_);
  start_https();
  housekeeping_ = std::make_unique<housekeeping>(*data_.store, sensors_, watch_, settings_.keep,
                                                 settings_.state);
}

app::~app() {
  // Pages and their handlers first: they ask everything else.
  notices_.reset();
  https_.reset();
  housekeeping_.reset();
}

void app::make_first_login() {
  const auto is_first = data_.store->users.is_empty();
  if (!is_first)
    throw std::runtime_error{"database: " + is_first.error().text};
  // Before the account is made, because its password is told once.
  if (*is_first && !settings_.first_login.empty() && std::filesystem::exists(settings_.first_login))
    throw std::runtime_error{fmt::format("first-login: {} is there already: move it away",
                                         settings_.first_login.string())};
  const auto made = api::make_first_account(data_.store->users, settings_.first_password_changes);
  if (!made)
    throw std::runtime_error{"database: " + made.error().text};
  if (*made)
    tell_first_login(settings_.first_login, "admin", **made);
}

void app::start_https() {
  const auto not_ready = [this] { return trouble_of(measured_parts()); };
  api::install(routes_, {data_.store->groups, data_.store->incidents, data_.store->users, sensors_,
                         partners_, logins_, pushes_, not_ready, [this] { return metrics(); }});
  clocks_->install(routes_);
  api::retention::install_retention(routes_, {kept_, settings_.keep});
  api::handover::install_handover(routes_, {handovers_, clocks_->clocks(), clocks_->alarms(),
                                            data_.store->groups, sensors_, partners_});
  segment_.install(routes_);
  owners_.install(routes_, pushes_);
  install_incident_work();
  install_people();
  console::install(routes_);
  http::server_config how;
  how.address = settings_.https_address;
  how.port = settings_.https_port;
  how.tls = http::own_certificate(settings_.state, {"localhost", settings_.https_address});
  how.client_authority = settings_.client_authority;
  how.is_client_certificate_required = settings_.client_certificate_required;
  https_ = std::make_unique<http::server>(how, routes_, logins_, pushes_);
  notices_ = std::make_unique<api::change_notices>(*notices_feed_, data_.store->groups, pushes_);
  https_->start();
}

/// Behind all other routes: the policy may name any of them.
void app::install_people() {
  accounts_.use(credentials_, box_);
  const api::people::people_parts all{
      data_.store->users, logins_, credentials_, approvals_, box_, "Cresset", [] { return now(); }};
  api::people::install_people(routes_, all);
  try {
    api::people::ask_two_persons(routes_, all, api::people::acts_from(settings_.two_persons));
  } catch (const std::invalid_argument& wrong) {
    throw config_error{fmt::format("two-persons: {}", wrong.what())};
  }
  routes_.on_forbidden(
      [this](const http::request& r, const http::route& of) { accounts_.note_forbidden(r, of); });
}

void app::install_incident_work() {
  api::casework::install(routes_, {casework_, [this](incident::incident_id id) {
                                     pushes_.publish(api::incidents_notice({id}));
                                   }});
  api::effects::install(routes_, effects_);
  api::indicators::install(routes_, indicators_);
  api::quality::install(routes_, quality_);
  api::reports::install(routes_, reports_);
}

measured app::measured_parts() {
  return {*ingest_,
          store::operation::operation_store{data_.store->pool()},
          data_.cluster.get(),
          sensors_,
          partners_,
          state_folder_};
}

std::vector<api::metric> app::metrics() {
  auto all = operation_metrics(measured_parts());
  all.push_back(count_of("cresset_mail_sent_total", "Messages a relay took", mail_.sent()));
  all.push_back(count_of("cresset_mail_failed_total", "Messages no relay took", mail_.failed()));
  all.push_back(
      count_of("cresset_webhooks_sent_total", "Webhooks that were taken", webhooks_.sent()));
  all.push_back(
      count_of("cresset_webhooks_failed_total", "Webhooks that were not", webhooks_.failed()));
  for (auto& one : clocks_->metrics())
    all.push_back(std::move(one));
  for (auto& one : owners_.metrics())
    all.push_back(std::move(one));
  const auto found = correlation_->count();
  const auto correlated = [&](std::string name, std::string help, std::uint64_t value) {
    all.push_back({"cresset_correlator_" + std::move(name),
                   std::move(help),
                   "counter",
                   static_cast<double>(value),
                   {}});
  };
  correlated("changes_total", "Changes of groups weighed since this server leads", found.changes);
  correlated("opened_total", "Incidents opened", found.opened);
  correlated("attached_total", "Groups joined to incidents", found.attached);
  correlated("subjects_evicted_total", "Subjects forgotten for want of room",
             found.subjects_evicted);
  correlated("groups_left_out_total", "Groups beyond what one incident collects",
             found.groups_left_out);
  for (auto& one : api::metrics_of(https_->counters()))
    all.push_back(std::move(one));
  return all;
}

std::string app::readiness() const {
  auto line = fmt::format("ready ingest={} ingest-key={} https={}", ingest_->endpoint(),
                          (settings_.state / "ingest.pub").string(), https_->url());
  if (sharing_ && !sharing_->links.endpoint().empty())
    line += " federation=" + sharing_->links.endpoint();
  return line;
}

} // namespace cresset::coord::server
