#pragma once

#include "capture/base/json_writer.hpp"
#include "detect/sensor/config.hpp"
#include "detect/sensor/event_writer.hpp"
#include "detect/uplink/outbox.hpp"
#include "detect/uplink/spool.hpp"
#include "detect/uplink/uplink.hpp"

#include <memory>

namespace cresset::detect::sensor {

/// The way to the coordination server: spool, outbox and uplink in the order they need each other.
/// Make it before DPDK starts: threads made later inherit its one CPU.
class reporting {
public:
  /// Throws configuration_error with one clear line for a key or spool that cannot be used.
  explicit reporting(const coordinator_settings& to);

  /// What workers give their alerts to; it outlives them.
  alert_sink sink();
  /// Writes what is left and waits until the server has it, or `patience` is over.
  void finish(std::chrono::milliseconds patience);

  /// Members of the event `stats`: how full the spool is, what it dropped, whether the server makes
  /// us wait. Any thread.
  void write_stats(json_writer& json) const;

  std::uint64_t refused() const noexcept { return outbox_->refused(); }
  /// What kills of earlier runs have cost.
  uplink::kill_losses losses() const noexcept { return outbox_->losses(); }

private:
  std::unique_ptr<uplink::spool> spool_;
  std::unique_ptr<uplink::uplink> link_;
  std::unique_ptr<uplink::outbox> outbox_;
};

} // namespace cresset::detect::sensor
