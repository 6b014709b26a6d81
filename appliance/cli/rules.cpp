// The sensor itself reads and compiles the rules, so that what is said here is what it will do.
#include "appliance/cli/rules.hpp"

#include "capture/base/json_writer.hpp"
#include "detect/inspect/signature.hpp"
#include "detect/sensor/config.hpp"
#include "detect/sensor/rules.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <memory>
#include <set>
#include <sstream>

namespace cresset::appliance::cli {
namespace {

using detect::inspect::rule_kind;
using detect::inspect::signature;

constexpr std::size_t shown_limit = 50; ///< rules listed one by one in the table, of each sort

/// What a rule is tried on that no literal leads to; empty when something else does: an event, an
/// address, the protocol being known.
std::string tried_on(const signature& s) {
  if (!s.lead.literal.empty())
    return {};
  switch (s.kind) {
  case rule_kind::decoder_event:
  case rule_kind::ip_only:
  case rule_kind::protocol_only: return {};
  case rule_kind::stream: return "every window of a TCP stream";
  case rule_kind::packet_and_stream: return "every TCP payload and window";
  case rule_kind::packet:
    return fmt::format("every {} packet{}", s.source->header.protocol,
                       s.sections.empty() ? "" : " with a payload");
  case rule_kind::frame: return fmt::format("every frame {}", s.frame_type);
  case rule_kind::transaction: break;
  }
  if (s.lead.section < s.sections.size())
    return fmt::format("every {}", s.sections[s.lead.section].source->keyword->name);
  return fmt::format("every transaction of {}", s.source->header.protocol);
}

std::string text_of(const std::filesystem::path& file) {
  std::ifstream in{file};
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

/// Names behind a `$` in lines that are no comments.
void find_names(const std::string& text, std::set<std::string>& into) {
  std::istringstream lines{text};
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with('#'))
      continue;
    const auto head = line.substr(0, line.find('('));
    for (auto at = head.find('$'); at != std::string::npos; at = head.find('$', at + 1)) {
      auto end = at + 1;
      while (end < head.size() &&
             (std::isalnum(static_cast<unsigned char>(head[end])) != 0 || head[end] == '_'))
        ++end;
      into.insert(head.substr(at + 1, end - at - 1));
    }
  }
}

std::vector<std::string> unused_in(const detect::sensor::sensor_config& config,
                                   const std::vector<std::filesystem::path>& files) {
  std::set<std::string> named;
  for (const auto& file : files)
    find_names(text_of(file), named);
  for (const auto* groups : {&config.address_groups, &config.port_groups})
    for (const auto& [name, text] : *groups)
      find_names(text, named); // a group may be used by another
  std::vector<std::string> unused;
  for (const auto* groups : {&config.address_groups, &config.port_groups})
    for (const auto& [name, text] : *groups)
      if (!named.contains(name))
        unused.push_back(name);
  return unused;
}

rules_check_report report_of(const detect::sensor::loaded_rules& loaded) {
  rules_check_report report;
  report.loaded = loaded.image->signatures().size();
  report.disabled = loaded.disabled;
  report.literals = loaded.image->literals();
  for (const auto& one : loaded.refusals) {
    report.refused.push_back({one.file, one.line, one.column, one.sid, one.reason});
    ++report.reasons[one.reason];
  }
  for (const auto& s : loaded.image->signatures())
    if (auto what = tried_on(s); !what.empty())
      report.costly.push_back({s.source->location.file, s.source->location.line, s.source->sid,
                               s.source->msg, std::move(what)});
  std::stable_sort(report.costly.begin(), report.costly.end(),
                   [](const auto& a, const auto& b) { return a.tried_on < b.tried_on; });
  return report;
}

detect::sensor::settings read_settings(const rules_check_request& request) {
  return request.configuration.empty() ? detect::sensor::settings{}
                                       : detect::sensor::settings::from_file(request.configuration);
}

int finish(const rules_check_request& request, bool json) {
  const auto report = check_rules(request);
  if (!report) {
    std::fprintf(stderr, "cresset rules: %s\n", report.error().c_str());
    return 1;
  }
  const auto text = json ? as_json(*report) : as_table(*report);
  std::fwrite(text.data(), 1, text.size(), stdout);
  return report->refused.empty() ? 0 : 3;
}

} // namespace

expected<rules_check_report, std::string> check_rules(const rules_check_request& request) {
  try {
    detect::sensor::command_line wanted;
    wanted.test_only = true;
    wanted.rule_files = request.files;
    if (!request.configuration.empty())
      wanted.configuration = request.configuration;
    auto config = detect::sensor::make_config(wanted, read_settings(request));
    config.rule_files.clear();
    for (const auto& file : request.files)
      config.rule_files.push_back(file.string());
    auto report = report_of(detect::sensor::read_rules(config));
    report.unused_variables = unused_in(config, request.files);
    return report;
  } catch (const std::exception& error) {
    return unexpected{std::string{error.what()}};
  }
}

std::string as_table(const rules_check_report& report) {
  auto text = fmt::format("{:>8}  rules loaded\n{:>8}  refused\n{:>8}  disabled in their files\n"
                          "{:>8}  literals to scan for\n{:>8}  rules that no literal leads to\n",
                          report.loaded, report.refused.size(), report.disabled, report.literals,
                          report.costly.size());
  const auto list = [&](std::string_view title, std::size_t count, const auto& line) {
    if (count == 0)
      return;
    text += fmt::format("\n{}\n", title);
    for (std::size_t i = 0; i < std::min(count, shown_limit); ++i)
      text += "  " + line(i) + "\n";
    if (count > shown_limit)
      text += fmt::format("  and {} more (--json names all)\n", count - shown_limit);
  };
  std::vector<std::pair<std::string, std::size_t>> reasons{report.reasons.begin(),
                                                           report.reasons.end()};
  std::stable_sort(reasons.begin(), reasons.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  list("refused, by reason", reasons.size(), [&](std::size_t i) {
    return fmt::format("{:>6}  {}", reasons[i].second, reasons[i].first);
  });
  list("refused, one by one", report.refused.size(), [&](std::size_t i) {
    const auto& r = report.refused[i];
    return fmt::format("{}:{}:{}: {}{}", r.file, r.line, r.column, r.reason,
                       r.sid != 0 ? fmt::format(" (sid {})", r.sid) : "");
  });
  list("variables that no rule names", report.unused_variables.size(),
       [&](std::size_t i) { return "$" + report.unused_variables[i]; });
  list("no literal leads to them, so they are tried on", report.costly.size(), [&](std::size_t i) {
    const auto& c = report.costly[i];
    return fmt::format("{:<32} sid {:<9} {}:{} {}", c.tried_on, c.sid, c.file, c.line, c.message);
  });
  return text;
}

std::string as_json(const rules_check_report& report) {
  std::string text;
  json_writer json{text};
  json.begin_object().member("loaded", report.loaded).member("disabled", report.disabled);
  json.member("literals", report.literals).key("refused").begin_array();
  for (const auto& r : report.refused)
    json.begin_object()
        .member("file", r.file)
        .member("line", r.line)
        .member("column", r.column)
        .member("sid", r.sid)
        .member("reason", r.reason)
        .end_object();
  json.end_array().key("reasons").begin_object();
  for (const auto& [reason, count] : report.reasons)
    json.member(reason, count);
  json.end_object().key("unused_variables").begin_array();
  for (const auto& name : report.unused_variables)
    json.text(name);
  json.end_array().key("without_literal").begin_array();
  for (const auto& c : report.costly)
    json.begin_object()
        .member("file", c.file)
        .member("line", c.line)
        .member("sid", c.sid)
        .member("msg", c.message)
        .member("tried_on", c.tried_on)
        .end_object();
  json.end_array().end_object();
  return text + "\n";
}

void add_rules(CLI::App& app, int& exit_code) {
  auto* rules = app.add_subcommand("rules", "look at rule files as a sensor does");
  rules->require_subcommand(1);
  auto* check = rules->add_subcommand(
      "check", "what loads, what is refused and why, which variables nobody uses, what costs most");
  struct texts {
    std::vector<std::string> files;
    std::string configuration;
    bool json = false;
  };
  auto given = std::make_shared<texts>();
  check->add_option("FILE", given->files, "rule files")->required();
  check->add_option("-c,--config", given->configuration,
                    "the sensor's configuration, for its variables");
  check->add_flag("--json", given->json, "one JSON object instead of a table");
  check->callback([given, &exit_code] {
    rules_check_request request;
    request.files.assign(given->files.begin(), given->files.end());
    request.configuration = given->configuration;
    exit_code = finish(request, given->json);
  });
}

} // namespace cresset::appliance::cli
