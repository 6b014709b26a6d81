#include "coord/server/commands.hpp"

#include "capture/base/key_file.hpp"
#include "capture/base/z85.hpp"
#include "coord/server/backup_commands.hpp"
#include "coord/server/database.hpp"
#include "coord/server/operation_commands.hpp"
#include "coord/server/segment_commands.hpp"
#include "coord/server/sharing_commands.hpp"
#include "coord/server/stream_commands.hpp"
#include "coord/store/retention/retention_store.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <fstream>

namespace cresset::coord::server {
namespace {

std::string needed(const command_line& line, std::string_view option) {
  auto value = line.option(option);
  if (value.empty())
    throw config_error{fmt::format("{} needs --{}", fmt::join(line.command, " "), option)};
  return value;
}

template <typename Result>
auto value_of(Result&& result) {
  if (!result)
    throw std::runtime_error{result.error().text};
  return *std::move(result);
}

ingest::curve_public_key public_key_of(const std::string& file) {
  const auto key = load_key_file(file);
  if (!key)
    throw std::runtime_error{key.error().text};
  ingest::curve_public_key bytes{};
  if (key->kind != key_kind::curve || key->public_key.size() != bytes.size())
    throw std::runtime_error{file + " holds no CURVE key: give --key the sensor's public key file"};
  std::ranges::copy(key->public_key, bytes.begin());
  return bytes;
}

int add_sensor(const command_line& line) {
  const auto name = needed(line, "name");
  const auto key = public_key_of(needed(line, "key"));
  const auto data = borrow_database(line.settings);
  value_of(data.store->sensors.add(name, key, "command line"));
  fmt::print("sensor {} is registered\n", name);
  return 0;
}

int list_sensors(const command_line& line) {
  const auto data = borrow_database(line.settings);
  for (const auto& one : value_of(data.store->sensors.all()))
    fmt::print("{:<32} {} {} stored {} refused {} dropped {}\n", one.sensor.name,
               to_z85(one.sensor.key), one.disabled ? "disabled" : "enabled ", one.stored,
               one.refused, one.dropped);
  return 0;
}

int verify_journal(const command_line& line) {
  std::optional<journal::checkpoint> known;
  if (const auto file = line.option("checkpoint"); !file.empty()) {
    std::ifstream in{file};
    std::string text;
    std::getline(in, text);
    known = journal::checkpoint::parse(text);
    if (!known)
      throw std::runtime_error{file +
                               " holds no checkpoint: it is what 'journal checkpoint' printed"};
  }
  const auto data = borrow_database(line.settings);
  const auto verdict = value_of(data.store->audit.verify(known));
  for (const auto& finding : verdict.findings)
    fmt::print("entry {}: {}\n", finding.sequence, to_string(finding.what));
  fmt::print("{} entries, {} findings\n", verdict.end.end.sequence, verdict.findings.size());
  return verdict.findings.empty() ? 0 : 1;
}

int print_checkpoint(const command_line& line) {
  const auto data = borrow_database(line.settings);
  fmt::print("{}\n", value_of(data.store->audit.verify(std::nullopt)).end.to_string());
  return 0;
}

std::int64_t number_in(const command_line& line, std::string_view option) {
  const auto text = needed(line, option);
  std::int64_t value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  if (read.ec != std::errc{} || read.ptr != text.data() + text.size() || value < 1)
    throw config_error{fmt::format("--{}: '{}' is no number from 1", option, text)};
  return value;
}

int erase_journal(const command_line& line) {
  const auto sequence = number_in(line, "sequence");
  const auto reason = needed(line, "reason");
  const auto data = borrow_database(line.settings);
  store::retention::retention_store kept{data.store->pool()};
  const auto done = value_of(kept.erase_journal_body(sequence, reason, "command line", now()));
  fmt::print("entry {} is erased; entry {} says so\n", sequence, done.journal);
  return 0;
}

int erase_evidence(const command_line& line) {
  const auto alert = number_in(line, "alert");
  const auto reason = needed(line, "reason");
  const auto data = borrow_database(line.settings);
  store::retention::retention_store kept{data.store->pool()};
  const auto done = value_of(kept.erase_evidence({alert}, reason, "command line", now()));
  fmt::print("{} pieces of evidence of alert {} are erased; journal entry {} says so\n",
             done.pieces, alert, done.journal);
  return 0;
}

int list_holds(const command_line& line) {
  const auto data = borrow_database(line.settings);
  store::retention::retention_store kept{data.store->pool()};
  for (const auto& hold : value_of(kept.holds(true, {}, incident::page_limit)))
    fmt::print("hold {} on {} {} since {} by {}: {}\n", hold.id.value,
               hold.incident ? "incident" : "group",
               hold.incident ? hold.incident.value : hold.group.value, to_rfc3339_ms(hold.placed),
               hold.placed_by, hold.reason);
  return 0;
}

struct command {
  std::vector<std::string> words;
  std::vector<std::string> options;
  int (*run)(const command_line&);
};

} // namespace

int run_command(const command_line& line) {
  const std::vector<std::string> segment_options{"source",  "format", "file", "own-country",
                                                 "country", "owner",  "note"};
  const command commands[] = {{{"sensor", "add"}, {"name", "key"}, add_sensor},
                              {{"sensor", "list"}, {}, list_sensors},
                              {{"journal", "verify"}, {"checkpoint"}, verify_journal},
                              {{"journal", "checkpoint"}, {}, print_checkpoint},
                              {{"journal", "erase"}, {"sequence", "reason"}, erase_journal},
                              {{"evidence", "erase"}, {"alert", "reason"}, erase_evidence},
                              {{"hold", "list"}, {}, list_holds},
                              {{"journal", "export"}, {}, export_journal},
                              {{"journal", "publish"}, {}, publish_journal},
                              {{"doctor"}, {}, examine_server},
                              {{"backup"}, {"to"}, make_backup},
                              {{"restore"}, {"from", "hash"}, restore_backup},
                              {{"store", "verify"}, {}, verify_store},
                              {{"identity", "make"}, {"name", "endpoint"}, make_identity},
                              {{"partner", "show"}, {"file"}, show_partner},
                              {{"partner", "pin"}, {"file", "fingerprint"}, pin_partner},
                              {{"segment", "import"}, segment_options, import_segment},
                              {{"segment", "diff"}, segment_options, compare_segment},
                              {{"segment", "undo"}, {"change"}, undo_segment},
                              {{"segment", "list"}, {}, list_segment},
                              {{"segment", "export"}, {"source"}, export_segment},
                              {{"streams", "list"}, {}, list_streams},
                              {{"streams", "hold"}, {}, hold_streams}};
  for (const auto& known : commands) {
    if (known.words != line.command)
      continue;
    for (const auto& [name, value] : line.own)
      if (std::ranges::find(known.options, name) == known.options.end())
        throw config_error{
            fmt::format("{} has no option --{}", fmt::join(line.command, " "), name)};
    return known.run(line);
  }
  throw config_error{
      fmt::format("unknown command '{}': --help lists them", fmt::join(line.command, " "))};
}

} // namespace cresset::coord::server
