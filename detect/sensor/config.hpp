#pragma once

#include "capture/decode/decoder_settings.hpp"
#include "detect/flow/flow_table.hpp"
#include "detect/flow/ip_reassembly.hpp"
#include "detect/flow/tcp_tracker.hpp"
#include "detect/inspect/inspector.hpp"
#include "detect/proto/catalogue/catalogue.hpp"
#include "detect/sensor/file_event.hpp"
#include "detect/sensor/file_store.hpp"
#include "detect/sensor/options.hpp"
#include "detect/sensor/settings.hpp"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace cresset::detect::sensor {

/// Which events are written to the event log, and what they carry.
struct event_settings {
  std::set<std::string, std::less<>> types;
  bool payload = false;
  bool packet = false;
  bool wants(std::string_view type) const { return types.find(type) != types.end(); }
};

/// Where alerts go beside the event log.
struct coordinator_settings {
  std::string address; ///< "tcp://192.0.2.1:7431"; empty: nowhere
  std::filesystem::path own_key;
  std::filesystem::path server_key;
  std::filesystem::path spool_folder;
  std::uint64_t spool_limit_bytes = std::uint64_t{1} << 30;
};

/// Everything the sensor is told, checked and typed.
struct sensor_config {
  std::string name;
  bool exercise = false; ///< every alert says that it is part of an exercise
  capture::decode::decoder_settings decoder;
  flow::flow_table_settings flows;
  flow::tcp_tracker_settings tcp;
  flow::ip_reassembly_settings fragments;
  inspect::inspector_settings inspector;
  proto::parser_settings protocols;
  proto::identify_settings identify;
  event_settings events;
  file_event_settings files;
  file_store_settings file_store;
  coordinator_settings coordinator;
  std::map<std::string, std::string> address_groups;
  std::map<std::string, std::string> port_groups;
  std::vector<std::string> rule_files;
  std::filesystem::path classification_file;
  std::filesystem::path reference_file;
  std::filesystem::path threshold_file; ///< `threshold-file`; empty: none
  inspect::lists::library_settings lists;
  std::filesystem::path cache_folder; ///< of compiled literals; empty: none
  std::uint32_t workers = 1;          ///< `threading.workers`
  bool ignore_checksums = false;      ///< -k none
  bool shunt = true;                  ///< `detect.shunt`
  bool guess_transaction = false;     ///< `detect.guess-applayer-tx`
  std::uint64_t stats_interval_s = 8;
};

/// Reads the settings a sensor knows. Throws configuration_error naming the key, its value and what
/// it takes.
sensor_config make_config(const command_line& wanted, const settings& from);

} // namespace cresset::detect::sensor
