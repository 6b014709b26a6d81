#pragma once

#include "coord/api/account_store.hpp"
#include "coord/api/change_notices.hpp"
#include "coord/api/people/people_parts.hpp"
#include "coord/api/routes.hpp"
#include "coord/delivery/curl_library.hpp"
#include "coord/http/server.hpp"
#include "coord/ingest/ingest_loop.hpp"
#include "coord/server/clock_desk.hpp"
#include "coord/server/config.hpp"
#include "coord/server/correlation_loop.hpp"
#include "coord/server/database.hpp"
#include "coord/server/effect_loop.hpp"
#include "coord/server/housekeeping.hpp"
#include "coord/server/indicator_watch.hpp"
#include "coord/server/metrics.hpp"
#include "coord/server/owner_desk.hpp"
#include "coord/server/partner_desk.hpp"
#include "coord/server/release_loop.hpp"
#include "coord/server/segment_desk.hpp"
#include "coord/server/sensor_desk.hpp"
#include "coord/server/sharing.hpp"
#include "coord/store/casework/casework_store.hpp"
#include "coord/store/effects/effect_store.hpp"
#include "coord/store/handover/handover_store.hpp"
#include "coord/store/indicators/indicator_store.hpp"
#include "coord/store/people/approval_store.hpp"
#include "coord/store/people/credential_store.hpp"
#include "coord/store/quality/quality_store.hpp"
#include "coord/store/reports/report_store.hpp"
#include "coord/store/retention/retention_store.hpp"

#include <memory>
#include <string>

namespace cresset::coord::server {

/// All parts of the server, built in the order of their members and ended in the reverse one. The
/// thread that builds it must live as long (the private database is tied to it).
class app {
public:
  /// Throws std::runtime_error with one line for whatever does not let the server start.
  explicit app(const config& settings);
  ~app();
  app(const app&) = delete;
  app& operator=(const app&) = delete;

  /// "ready ingest=tcp://… https=https://… …": where it listens, with the ports that the system
  /// chose.
  std::string readiness() const;

private:
  void make_first_login();
  void start_https();
  measured measured_parts();
  std::vector<api::metric> metrics();
  void install_incident_work();
  void install_people();

  const config settings_;
  const delivery::curl_library curl_;
  const std::string state_folder_ = settings_.state.string();
  database data_;
  delivery::mail_sender mail_;
  delivery::webhook_sender webhooks_;
  store::casework::casework_store casework_;
  store::effects::effect_store effects_;
  store::indicators::indicator_store indicators_;
  store::quality::quality_store quality_;
  store::reports::report_store reports_;
  indicator_watch watch_;
  segment_desk segment_;
  owner_desk owners_;
  ingest::sensor_registry registry_;
  sensor_desk sensors_;
  std::unique_ptr<incident::change_feed> notices_feed_;
  std::unique_ptr<sharing> sharing_; // none without an identity
  std::unique_ptr<release_loop> releases_;
  std::unique_ptr<effect_loop> carried_out_;
  partner_desk partners_;
  store::retention::retention_store kept_;
  std::unique_ptr<ingest::ingest_loop> ingest_;
  std::unique_ptr<correlation_loop> correlation_;
  std::unique_ptr<clock_desk> clocks_;
  store::handover::handover_store handovers_;
  const people::secret_box box_;
  store::people::credential_store credentials_;
  store::people::approval_store approvals_;
  api::account_store accounts_;
  http::push_hub pushes_;
  http::login logins_;
  http::router routes_;
  std::unique_ptr<http::server> https_;
  std::unique_ptr<api::change_notices> notices_;
  std::unique_ptr<housekeeping> housekeeping_;
};

} // namespace cresset::coord::server
