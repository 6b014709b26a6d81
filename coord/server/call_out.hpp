#pragma once

#include "coord/alarm/alarm_repository.hpp"
#include "coord/alarm/call_out.hpp"
#include "coord/delivery/mail_sender.hpp"
#include "coord/delivery/webhook_sender.hpp"

#include <string>
#include <vector>

namespace cresset::coord::server {

/// Tells people of open alarms along the call-out list, until somebody acknowledges. Each attempt
/// is kept; a server that dies between telling and noting it tells twice, which is better than not
/// at all.
class call_out {
public:
  static constexpr int alarms_at_a_time = 100;

  /// All outlive this.
  call_out(alarm::alarm_repository& alarms, delivery::mail_sender& mail,
           delivery::webhook_sender& webhooks)
      : alarms_{alarms}, mail_{mail}, webhooks_{webhooks} {}

  /// Makes every call that is due at the moment. Waits for relays and servers: not for a thread
  /// that keeps time.
  incident::result<void> make_calls(const std::vector<alarm::call_out_step>& list, timestamp at);

private:
  std::vector<alarm::call> tell(const alarm::alarm& one, int step,
                                const alarm::call_out_step& whom);

  alarm::alarm_repository& alarms_;
  delivery::mail_sender& mail_;
  delivery::webhook_sender& webhooks_;
};

} // namespace cresset::coord::server
