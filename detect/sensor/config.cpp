#include "detect/sensor/config.hpp"

#include "detect/sensor/dealer.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <algorithm>

namespace cresset::detect::sensor {
namespace {

/// What a capture file is turned into: everything that is read of it.
std::set<std::string, std::less<>> file_event_types() {
  std::set<std::string, std::less<>> types{"alert", "anomaly", "fileinfo", "flow", "stats"};
  for (const auto protocol : proto::catalogue::parsed())
    types.emplace(proto::event_name_of(proto::name_of(protocol)));
  return types;
}

void read_streams(sensor_config& config, const settings& from) {
  auto& tcp = config.tcp.tcp;
  tcp.midstream = from.flag("stream.midstream", false);
  tcp.async_oneside = from.flag("stream.async-oneside", false);
  tcp.reassembly.inline_mode = from.one_of("stream.inline", "no", {"no", "yes", "auto"}) == "yes";
  tcp.reassembly.depth_bytes = from.size_bytes("stream.reassembly.depth", 1 << 20);
  tcp.urgent_out_of_band = from.one_of("stream.reassembly.urgent.policy", "oob",
                                       {"oob", "inline", "drop", "gap"}) == "oob";
  config.tcp.limit_stream_bytes = from.size_bytes("stream.reassembly.memcap", 256U << 20);
  // one key for both directions as the ecosystem has them
  config.inspector.chunk_bytes = {from.size_bytes("stream.reassembly.toserver-chunk-size", 2560),
                                  from.size_bytes("stream.reassembly.toclient-chunk-size", 2560)};
  tcp.reassembly.retained_tail_bytes =
      std::max(config.inspector.chunk_bytes[0], config.inspector.chunk_bytes[1]);
  config.ignore_checksums = !from.flag("stream.checksum-validation", true);
  from.text("stream.midstream-policy", "ignore");
}

void read_flows(sensor_config& config, const settings& from) {
  config.flows.limit_flows = from.number("flow.max-flows", 262'144, 1024, 1U << 26);
  config.flows.key.vlan = from.flag("vlan.use-for-tracking", true);
  config.flows.key.tunnel_depth = from.flag("decoder.recursion-level.use-for-tracking", true);
  config.fragments.limit_bytes = from.size_bytes("defrag.memcap", 32U << 20);
  config.tcp.limit_sessions = config.flows.limit_flows;
}

void read_decoder(sensor_config& config, const settings& from) {
  auto& decoder = config.decoder;
  decoder.vxlan = from.flag("decoder.vxlan.enabled", true);
  decoder.geneve = from.flag("decoder.geneve.enabled", true);
  decoder.teredo = from.flag("decoder.teredo.enabled", true);
}

void read_dcerpc(sensor_config& config, const settings& from) {
  constexpr std::uint64_t limit_live = 65'535;
  auto& dcerpc = config.protocols.dcerpc;
  dcerpc.limit_live =
      from.number("app-layer.protocols.dcerpc.max-tx", dcerpc.limit_live, 1, limit_live);
}

void read_smb(sensor_config& config, const settings& from) {
  constexpr std::uint64_t limit_live = 65'535, limit_chunks = 4096;
  auto& smb = config.protocols.smb;
  const std::string key = "app-layer.protocols.smb.";
  smb.limit_live = from.number(key + "max-tx", smb.limit_live, 1, limit_live);
  smb.stream_depth_bytes = from.size_bytes(key + "stream-depth", smb.stream_depth_bytes);
  smb.max_read_size = from.size_bytes(key + "max-read-size", smb.max_read_size);
  smb.max_write_size = from.size_bytes(key + "max-write-size", smb.max_write_size);
  smb.max_read_queue_size = from.size_bytes(key + "max-read-queue-size", smb.max_read_queue_size);
  smb.max_write_queue_size =
      from.size_bytes(key + "max-write-queue-size", smb.max_write_queue_size);
  smb.max_read_queue_count =
      from.number(key + "max-read-queue-cnt", smb.max_read_queue_count, 0, limit_chunks);
  smb.max_write_queue_count =
      from.number(key + "max-write-queue-cnt", smb.max_write_queue_count, 0, limit_chunks);
}

void read_services(sensor_config& config, const settings& from) {
  auto& mqtt = config.protocols.mqtt;
  mqtt.max_message_bytes =
      from.size_bytes("app-layer.protocols.mqtt.max-msg-length", mqtt.max_message_bytes);
  mqtt.max_transactions =
      from.number("app-layer.protocols.mqtt.max-tx", mqtt.max_transactions, 1, 4096);
  for (const auto& [key, limit] : {std::pair{"subscribe", &mqtt.subscribe_topics_matched},
                                   {"unsubscribe", &mqtt.unsubscribe_topics_matched}})
    *limit = from.number(fmt::format("app-layer.protocols.mqtt.{}-topic-match-limit", key), *limit,
                         0, 1024);
  mqtt.logged_text_bytes =
      from.log_type("mqtt").size_bytes("string-log-limit", mqtt.logged_text_bytes);
  mqtt.log_passwords = from.log_type("mqtt").flag("passwords", mqtt.log_passwords);
  auto& nfs = config.protocols.nfs;
  nfs.limit_live = from.number("app-layer.protocols.nfs.max-tx", nfs.limit_live, 1, 4096);
  nfs.stream_depth_bytes =
      from.size_bytes("app-layer.protocols.nfs.stream-depth", nfs.stream_depth_bytes);
  auto& pgsql = config.protocols.pgsql;
  pgsql.max_transactions =
      from.number("app-layer.protocols.pgsql.max-tx", pgsql.max_transactions, 1, 4096);
  pgsql.log_passwords = from.log_type("pgsql").flag("passwords", pgsql.log_passwords);
}

void read_protocols(sensor_config& config, const settings& from) {
  auto& http = config.protocols.http;
  const std::string libhtp = "app-layer.protocols.http.libhtp.default-config.";
  http.request_body_limit = from.size_bytes(libhtp + "request-body-limit", http.request_body_limit);
  http.response_body_limit =
      from.size_bytes(libhtp + "response-body-limit", http.response_body_limit);
  http.decompression_layers =
      static_cast<int>(from.number(libhtp + "response-body-decompress-layer-limit",
                                   static_cast<std::uint64_t>(http.decompression_layers), 0, 16));
  http.double_decode_path = from.flag(libhtp + "double-decode-path", false);
  http.double_decode_query = from.flag(libhtp + "double-decode-query", false);
  auto& http2 = config.protocols.http2;
  http2.request_body_limit = http.request_body_limit;
  http2.response_body_limit = http.response_body_limit;
  http2.stream_limit =
      from.number("app-layer.protocols.http2.max-streams", http2.stream_limit, 1, 1U << 20);
  // Known, and without effect: a rule for http means both versions unless it says http1 or http2.
  from.flag("app-layer.protocols.http2.http1-rules", true);
  auto& websocket = config.protocols.websocket;
  websocket.payload_limit =
      from.size_bytes("app-layer.protocols.websocket.max-payload-size", websocket.payload_limit);
  auto& tls = config.protocols.tls;
  tls.log_ja3 = from.flag("app-layer.protocols.tls.ja3-fingerprints", false);
  tls.log_ja4 = from.flag("app-layer.protocols.tls.ja4-fingerprints", false);
  config.protocols.dhcp.extended = from.log_type("dhcp").flag("extended", false);
  auto& ldap = config.protocols.ldap;
  ldap.max_transactions =
      from.number("app-layer.protocols.ldap.max-tx", ldap.max_transactions, 1, 1U << 16);
  read_dcerpc(config, from);
  read_smb(config, from);
  for (std::size_t i = 1; i < proto::app_protocol_count; ++i) {
    const auto protocol = static_cast<proto::app_protocol>(i);
    const auto key = fmt::format("app-layer.protocols.{}.", proto::name_of(protocol));
    if (from.text(key + "enabled", "yes") == "detection-only")
      continue;
    if (!from.flag(key + "enabled", true))
      config.identify.disable(protocol);
    for (const auto over : {proto::transport::tcp, proto::transport::udp})
      for (const auto& place :
           {key + "detection-ports.dp",
            key + (over == proto::transport::tcp ? "tcp" : "udp") + ".detection-ports.dp"})
        for (const auto& port : from.list(place)) {
          const auto number = std::strtoul(port.c_str(), nullptr, 10);
          if (number == 0 || number > 65'535)
            throw configuration_error{
                fmt::format("setting {}: '{}' is not a port from 1 to 65535", place, port)};
          config.identify.extra_ports.push_back(
              {protocol, over, static_cast<std::uint16_t>(number)});
        }
  }
}

void read_mail(sensor_config& config, const settings& from) {
  auto& smtp = config.protocols.smtp;
  const std::string mime = "app-layer.protocols.smtp.mime.";
  const bool decodes = from.flag(mime + "decode-mime", true);
  smtp.decode_base64 = decodes && from.flag(mime + "decode-base64", true);
  smtp.decode_quoted_printable = decodes && from.flag(mime + "decode-quoted-printable", true);
  smtp.header_value_limit =
      from.number(mime + "header-value-depth", smtp.header_value_limit, 1, 8 * 1024);
  smtp.extract_urls = decodes && from.flag(mime + "extract-urls", true);
  if (from.has(mime + "extract-urls-schemes"))
    smtp.url_schemes = from.list(mime + "extract-urls-schemes");
  smtp.log_url_scheme = from.flag(mime + "log-url-scheme", false);
  smtp.file_limit_bytes = from.size_bytes(
      "app-layer.protocols.smtp.inspected-tracker.content-limit", smtp.file_limit_bytes);
  const auto told = from.log_type("smtp");
  smtp.logs_all_headers = told.flag("extended", false);
  for (auto header : told.list("custom")) {
    std::replace(header.begin(), header.end(), '-', '_');
    smtp.logged_headers.push_back(std::move(header));
  }
  smtp.body_md5 = from.flag(mime + "body-md5", false);
  for (const auto& of : told.list("md5")) {
    smtp.body_md5 |= of == "body";
    smtp.subject_md5 |= of == "subject";
  }
}

/// What is told and kept of files; the digests asked for stand with the log or with the store.
void read_files(sensor_config& config, const settings& from) {
  const auto stored = from.output("file-store");
  const auto told = from.log_type("files");
  for (const auto* one : {&stored, &told})
    for (const auto& hash : one->list("force-hash")) {
      config.files.md5 |= hash == "md5";
      config.files.sha1 |= hash == "sha1";
      config.files.sha256 |= hash == "sha256";
      if (hash != "md5" && hash != "sha1" && hash != "sha256")
        throw configuration_error{
            fmt::format("setting force-hash: '{}' is none of md5, sha1, sha256", hash)};
    }
  config.files.magic = stored.flag("force-magic", false) || told.flag("force-magic", false);
  auto& store = config.file_store;
  store.is_enabled = stored.flag("enabled", false);
  store.folder = stored.text("dir", "filestore");
  store.stores_all = stored.flag("force-filestore", false);
  store.limit_file_bytes = stored.size_bytes("max-file-size", store.limit_file_bytes);
  store.limit_total_bytes = stored.size_bytes("max-total-size", store.limit_total_bytes);
  store.limit_open_files = stored.number("max-open-files", store.limit_open_files, 1, 1U << 20);
  if (!store.is_enabled || stored.text("stream-depth", "no") == "no")
    return;
  // files longer than what is followed of a stream need a deeper one
  const auto depth = stored.size_bytes("stream-depth", 0);
  auto& stream = config.tcp.tcp.reassembly.depth_bytes;
  stream = depth == 0 ? 0 : std::max<std::uint64_t>(stream, depth);
}

void read_coordinator(sensor_config& config, const command_line& wanted, const settings& from) {
  auto& to = config.coordinator;
  to.address = wanted.coordinator.value_or(from.text("coordinator.address", ""));
  if (to.address.empty())
    return;
  if (!to.address.starts_with("tcp://"))
    throw configuration_error{
        fmt::format("coordinator '{}': write it as tcp://HOST:PORT", to.address)};
  to.own_key = from.text("coordinator.key", "");
  to.server_key = from.text("coordinator.server-key", "");
  to.spool_folder = from.text("coordinator.spool", "/var/lib/cresset/spool");
  to.spool_limit_bytes = from.size_bytes("coordinator.spool-limit", std::uint64_t{1} << 30);
  for (const auto& [key, path] :
       {std::pair{"coordinator.key", to.own_key}, {"coordinator.server-key", to.server_key}})
    if (path.empty())
      throw configuration_error{fmt::format(
          "setting {}: needed with a coordinator; 'cresset keys new' makes the files", key)};
}

rule::payload::dataset_type dataset_type_from(const std::string& word, const std::string& key) {
  using type = rule::payload::dataset_type;
  for (const auto& [name, meant] : {std::pair{"string", type::string},
                                    {"md5", type::md5},
                                    {"sha256", type::sha256},
                                    {"ipv4", type::ipv4},
                                    {"ip", type::ip}})
    if (word == name)
      return meant;
  throw configuration_error{
      fmt::format("setting {}: '{}' is not string, md5, sha256, ipv4 or ip", key, word)};
}

void read_lists(sensor_config& config, const command_line& wanted, const settings& from) {
  auto& lists = config.lists;
  lists.data_folder = from.text("default-data-dir", wanted.log_folder.string());
  lists.categories_file = from.text("reputation-categories-file", "");
  lists.reputation_folder = from.text("default-reputation-path", "");
  lists.reputation_files = from.list("reputation-files");
  lists.countries_file = from.text("geoip-database", "");
  lists.suffix_file =
      from.text("detect.public-suffix-file", inspect::lists::public_suffixes::default_file);
  lists.memcap_bytes = from.size_bytes("datasets.defaults.memcap", 0);
  from.text("datasets.defaults.hashsize", ""); // our sets grow by themselves
  for (const auto& [name, unused] : from.members("datasets")) {
    if (name == "defaults" || name == "rules" || name == "limits")
      continue;
    const auto key = "datasets." + name;
    inspect::lists::configured_dataset set;
    set.name = name;
    set.type = dataset_type_from(from.text(key + ".type", ""), key + ".type");
    set.state = from.text(key + ".state", from.text(key + ".save", ""));
    set.load = from.text(key + ".load", "");
    set.memcap_bytes = from.size_bytes(key + ".memcap", 0);
    from.text(key + ".hashsize", "");
    lists.datasets.push_back(std::move(set));
  }
}

} // namespace

sensor_config make_config(const command_line& wanted, const settings& from) {
  sensor_config config;
  std::array<char, 256> host{};
  gethostname(host.data(), host.size() - 1);
  config.exercise = wanted.exercise;
  config.name = from.text("sensor-name", host.data());
  read_streams(config, from);
  read_flows(config, from);
  read_decoder(config, from);
  read_protocols(config, from);
  read_services(config, from);
  read_mail(config, from);
  read_files(config, from);
  read_coordinator(config, wanted, from);
  read_lists(config, wanted, from);
  config.threshold_file = from.text("threshold-file", "");
  config.inspector.naive = from.one_of("detect.plan", "scan", {"scan", "naive"}) == "naive";
  config.inspector.limit_alerts = from.number("packet-alert-max", 15, 1, 255);
  config.shunt = from.flag("detect.shunt", true);
  config.guess_transaction = from.flag("detect.guess-applayer-tx", false);
  config.address_groups = from.members("vars.address-groups");
  config.port_groups = from.members("vars.port-groups");
  config.rule_files = from.list("rule-files");
  for (const auto& file : wanted.rule_files)
    config.rule_files.push_back(file.string());
  config.classification_file = from.text("classification-file", "");
  config.reference_file = from.text("reference-config-file", "");
  config.cache_folder = from.text("detect.cache-folder", "");
  config.workers =
      static_cast<std::uint32_t>(from.number("threading.workers", 1, 1, dealer::limit_workers));
  config.stats_interval_s = from.number("stats.interval", 8, 1, 3600);
  if (wanted.checksums)
    config.ignore_checksums = *wanted.checksums == "none";
  const auto types = from.event_types();
  if (types)
    for (const auto& type : *types) // the log's type is "files", its events are "fileinfo"
      config.events.types.insert(type == "files" ? "fileinfo" : type);
  else if (wanted.capture_file)
    config.events.types = file_event_types();
  else
    config.events.types = {"alert", "anomaly", "stats"};
  return config;
}

} // namespace cresset::detect::sensor
