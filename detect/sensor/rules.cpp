#include "detect/sensor/rules.hpp"

#include "capture/base/log.hpp"

#include "built_in_tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <malloc.h>
#include <sstream>
#include <tuple>

namespace cresset::detect::sensor {
namespace {

constexpr std::uintmax_t table_limit_bytes = 4 << 20;

/// The reference's own defaults: an operator who defines nothing gets a private network of its own.
rule::variables make_variables(const sensor_config& config) {
  rule::variables names;
  names.define_addresses("HOME_NET", "[192.168.0.0/16,10.0.0.0/8,172.16.0.0/12]");
  names.define_addresses("EXTERNAL_NET", "!$HOME_NET");
  for (const auto* group : {"HTTP_SERVERS", "SMTP_SERVERS", "SQL_SERVERS", "DNS_SERVERS",
                            "TELNET_SERVERS", "DC_SERVERS", "DNP3_SERVER", "DNP3_CLIENT",
                            "MODBUS_CLIENT", "MODBUS_SERVER", "ENIP_CLIENT", "ENIP_SERVER"})
    names.define_addresses(group, "$HOME_NET");
  names.define_addresses("AIM_SERVERS", "$EXTERNAL_NET");
  for (const auto& [group, ports] : std::initializer_list<std::pair<const char*, const char*>>{
           {"HTTP_PORTS", "80"},
           {"SHELLCODE_PORTS", "!80"},
           {"ORACLE_PORTS", "1521"},
           {"SSH_PORTS", "22"},
           {"DNP3_PORTS", "20000"},
           {"MODBUS_PORTS", "502"},
           {"FTP_PORTS", "21"},
           {"GENEVE_PORTS", "6081"},
           {"VXLAN_PORTS", "4789"},
           {"TEREDO_PORTS", "3544"},
           {"SIP_PORTS", "[5060,5061]"},
           {"FILE_DATA_PORTS", "[$HTTP_PORTS,110,143]"}})
    names.define_ports(group, ports);
  for (const auto& [name, text] : config.address_groups)
    names.define_addresses(name, text);
  for (const auto& [name, text] : config.port_groups)
    names.define_ports(name, text);
  return names;
}

std::string read_table(const std::filesystem::path& file, std::string_view key,
                       std::string_view built_in) {
  if (file.empty())
    return std::string{built_in};
  std::error_code error;
  const auto size = std::filesystem::file_size(file, error);
  std::ifstream in{file};
  if (error || !in)
    throw configuration_error{fmt::format("setting {}: {} cannot be read: {}", key, file.string(),
                                          error ? error.message() : std::strerror(errno))};
  if (size > table_limit_bytes)
    throw configuration_error{fmt::format("setting {}: {} is larger than {} bytes", key,
                                          file.string(), table_limit_bytes)};
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

template <typename Table>
void load_table(Table& table, const std::filesystem::path& file, std::string_view key,
                std::string_view built_in) {
  for (const auto& refusal : table.load_text(read_table(file, key, built_in)))
    log(log_level::warning, "rules", "{}: byte {}: {}", file.string(), refusal.offset,
        refusal.reason);
}

/// A line that is wrong is told and left out: it must not keep a sensor from starting.
rule::threshold_config read_thresholds(const sensor_config& config) {
  if (config.threshold_file.empty())
    return {};
  const auto text = read_table(config.threshold_file, "threshold-file", {});
  auto names = make_variables(config);
  auto read = rule::parse_threshold_config(text, names);
  for (const auto& refusal : read.refusals)
    log(log_level::warning, "rules", "{}: byte {}: {}", config.threshold_file.string(),
        refusal.offset, refusal.reason);
  return read;
}

void tell_limits(const inspect::image& image) {
  for (const auto& one : image.limited())
    log(log_level::warning, "rules", "{}:{}: {} (sid {})", one.source->location.file,
        one.source->location.line, one.reason, one.source->sid);
}

void tell(const std::vector<rule::rule_refusal>& refusals) {
  for (const auto& r : refusals)
    log(log_level::warning, "rules", "{}:{}:{}: {}{}", r.file, r.line, r.column, r.reason,
        r.sid != 0 ? fmt::format(" (sid {})", r.sid) : std::string{});
}

} // namespace

loaded_rules read_rules(const sensor_config& config) {
  loaded_rules loaded;
  load_table(loaded.classes, config.classification_file, "classification-file",
             built_in_classification);
  load_table(loaded.references, config.reference_file, "reference-config-file", built_in_reference);
  rule::parser reader{make_variables(config)};
  rule::ruleset rules{reader};
  for (const auto& file : config.rule_files)
    rules.load(file);
  for (const auto& refusal : rules.refusals())
    if (refusal.why == rule::text::errc::unreadable)
      throw configuration_error{fmt::format("rule file {}: {}", refusal.file, refusal.reason)};
  std::vector<std::uint8_t> priorities;
  for (const auto& r : rules.rules()) {
    const auto* known = loaded.classes.find(r->classtype);
    priorities.push_back(r->priority        ? *r->priority
                         : known != nullptr ? known->priority
                                            : rule::classifications::default_priority);
  }
  pattern::database_cache cache{config.cache_folder};
  inspect::image_inputs inputs;
  inputs.thresholds = read_thresholds(config);
  try {
    inputs.lists = std::make_shared<inspect::lists::library>(config.lists);
  } catch (const std::runtime_error& wrong) {
    throw configuration_error{wrong.what()};
  }
  loaded.image =
      std::make_unique<const inspect::image>(rules.rules(), priorities, cache, std::move(inputs));
  malloc_trim(0); // compiling takes several times what stays
  loaded.refusals = rules.refusals();
  for (const auto& bad : loaded.image->unusable())
    loaded.refusals.push_back({bad.source->location.file, bad.source->location.line, 1,
                               rule::text::errc::not_supported, bad.reason, bad.source->sid});
  std::sort(loaded.refusals.begin(), loaded.refusals.end(), [](const auto& a, const auto& b) {
    return std::tie(a.file, a.line, a.column) < std::tie(b.file, b.line, b.column);
  });
  loaded.disabled = rules.disabled();
  return loaded;
}

loaded_rules load_rules(const sensor_config& config, bool strict) {
  auto loaded = read_rules(config);
  tell_limits(*loaded.image);
  tell(loaded.refusals);
  log(log_level::info, "rules",
      "{} rules loaded, {} refused, {} disabled in their files, {} literals",
      loaded.image->signatures().size(), loaded.refusals.size(), loaded.disabled,
      loaded.image->literals());
  if (strict && !loaded.refusals.empty())
    throw configuration_error{fmt::format(
        "{} rules were refused and --strict-rules asks for all of them: see the lines above",
        loaded.refusals.size())};
  return loaded;
}

} // namespace cresset::detect::sensor
