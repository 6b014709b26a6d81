#pragma once

#include "capture/base/json_writer.hpp"
#include "detect/alert/alert.hpp"
#include "detect/flow/flow.hpp"
#include "detect/inspect/match.hpp"
#include "detect/inspect/subject.hpp"
#include "detect/rule/classification.hpp"
#include "detect/sensor/config.hpp"
#include "detect/sensor/event_log.hpp"
#include "detect/sensor/file_event.hpp"

#include <functional>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace cresset::detect::sensor {

/// Where finished alerts go beside the event log.
using alert_sink = std::function<void(alert::alert)>;

/// An event that is not written yet, with its place among those of all workers.
struct held_event {
  std::uint64_t moment = 0;
  std::uint32_t worker = 0;
  std::string json;
};

/// Turns what a worker saw into events: alerts, transactions, flows, anomalies. One a worker; the
/// log is shared and locked once an event.
class event_writer {
public:
  event_writer(const sensor_config& config, const rule::classifications& classes,
               const rule::reference_systems& references, event_log& log, std::mutex& log_mutex,
               alert_sink sink, const file_event_settings& told, file_store* stored);

  /// One alert, to the log and to the sink.
  void write_alert(const inspect::match& found, const inspect::subject& on,
                   std::string_view interface_name, bool is_live);
  /// A transaction that is over.
  void write_transaction(const proto::transaction& tx, std::string_view protocol,
                         const inspect::subject& on);
  /// A packet that a rule with `tag` wants told.
  void write_packet(const inspect::subject& on);
  /// A frame that is over (event type `frame`).
  void write_frame(const proto::frame& one, std::string_view protocol, const inspect::subject& on);
  /// Stores and tells of the transaction's files that are over; with `all`, of every one. Each is
  /// told of once.
  void write_files(const proto::transaction& tx, std::string_view protocol,
                   const inspect::subject& on, bool all);
  void write_flow(const flow::flow& ended, flow::flow_end why, timestamp at);
  /// What is odd about a packet, its connection or its transaction.
  void write_anomaly(std::string_view type, std::string_view event, std::string_view protocol,
                     const inspect::subject& on, std::optional<std::uint64_t> transaction);

  /// Keeps events instead of writing them, until they are taken.
  void hold(bool on) noexcept { holds_ = on; }
  void set_moment(std::uint64_t moment, std::uint32_t worker) noexcept {
    moment_ = moment;
    worker_ = worker;
  }
  std::vector<held_event> take_held() noexcept { return std::exchange(held_, {}); }

  bool wants(std::string_view type) const { return config_.events.wants(type); }

private:
  alert::alert make_alert(const inspect::match& found, const inspect::subject& on,
                          std::string_view interface_name, bool is_live);
  void add_rule(alert::alert& made, const rule::rule& from, std::uint8_t priority) const;
  void add_transaction(alert::alert& made, const inspect::match& found, const inspect::subject& on);
  void begin(std::string_view type, const five_tuple& tuple, const inspect::subject& on,
             timestamp at);
  void write_file(const proto::file_view& file, const inspect::file_record& known,
                  const proto::transaction& tx, std::string_view protocol,
                  const inspect::subject& on);
  void flush_line();

  const sensor_config& config_;
  const rule::classifications& classes_;
  const rule::reference_systems& references_;
  event_log& log_;
  std::mutex& log_mutex_;
  alert_sink sink_;
  file_events files_;
  std::string line_;
  bool holds_ = false;
  std::uint64_t moment_ = 0;
  std::uint32_t worker_ = 0;
  std::vector<held_event> held_;
};

} // namespace cresset::detect::sensor
