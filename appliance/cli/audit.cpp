#include "appliance/cli/audit.hpp"

#include "appliance/cli/sibling.hpp"
#include "coord/journal/export_line.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <limits>
#include <memory>
#include <sstream>

namespace cresset::appliance::cli {
using namespace coord;
namespace {

constexpr std::size_t line_limit_bytes = std::size_t{2} << 20;
constexpr std::size_t told_limit = 20;

/// Cuts what comes in pieces into lines.
class line_cutter {
public:
  explicit line_cutter(auditor& to) : to_{to} {}
  void add(std::string_view piece) {
    for (auto end = piece.find('\n'); end != std::string_view::npos; end = piece.find('\n')) {
      rest_ += piece.substr(0, end);
      to_.read(rest_);
      rest_.clear();
      piece.remove_prefix(end + 1);
    }
    rest_ += piece.substr(0, line_limit_bytes);
  }
  void end() {
    if (!rest_.empty())
      to_.read(rest_);
  }

private:
  auditor& to_;
  std::string rest_;
};

std::string name_of(const published_checkpoint& one) {
  return fmt::format("entry {}{}{}", one.at.end.sequence, one.time.empty() ? "" : " of ", one.time);
}

struct audit_request {
  std::string exported, state, configuration, checkpoints;
};

expected<audit_verdict, std::string> verify(const audit_request& given) {
  auto file = given.checkpoints;
  if (file.empty() && !given.state.empty())
    file = given.state + "/published/checkpoints";
  std::vector<published_checkpoint> known;
  if (std::ifstream in{file}; !file.empty() && in) {
    auto read = read_checkpoints(in);
    if (!read)
      return unexpected{file + ": " + read.error()};
    known = *std::move(read);
  } else if (!given.checkpoints.empty()) {
    return unexpected{given.checkpoints + ": cannot be read"};
  }
  auditor audit{std::move(known)};
  line_cutter lines{audit};
  if (!given.exported.empty()) {
    std::ifstream in{given.exported, std::ios::binary};
    std::string piece(std::size_t{1} << 16, '\0');
    while (in.read(piece.data(), static_cast<std::streamsize>(piece.size())) || in.gcount() > 0)
      lines.add({piece.data(), static_cast<std::size_t>(in.gcount())});
    if (!in.eof())
      return unexpected{given.exported + ": cannot be read"};
  } else {
    std::vector<std::string> words{"journal", "export"};
    for (const auto& [option, value] :
         {std::pair{"--config", given.configuration}, {"--state", given.state}})
      if (!value.empty())
        words.insert(words.end(), {option, value});
    if (const auto done =
            read_sibling("cresset-coord", words, [&](std::string_view piece) { lines.add(piece); });
        !done)
      return unexpected{done.error()};
  }
  lines.end();
  return audit.finish();
}

} // namespace

expected<std::vector<published_checkpoint>, std::string> read_checkpoints(std::istream& in) {
  std::vector<published_checkpoint> read;
  std::size_t number = 0;
  for (std::string line; std::getline(in, line);) {
    ++number;
    if (line.empty())
      continue;
    published_checkpoint one;
    auto text = std::string_view{line};
    if (line.find('T') < line.find(' ')) {
      one.time = line.substr(0, line.find(' '));
      text.remove_prefix(one.time.size() + 1);
    }
    const auto parsed = journal::checkpoint::parse(text);
    if (!parsed)
      return unexpected{fmt::format("line {} is no checkpoint (TIME SEQUENCE HASH)", number)};
    one.at = *parsed;
    read.push_back(std::move(one));
  }
  return read;
}

auditor::auditor(std::vector<published_checkpoint> known) : known_{std::move(known)} {
  std::ranges::stable_sort(known_, {}, [](const auto& one) { return one.at.end.sequence; });
}

void auditor::read(std::string_view line) {
  const auto entry = journal::read_export_line(line);
  if (!entry) {
    ++verdict_.unread_lines;
    return;
  }
  chain_.read(*entry);
  ++verdict_.entries;
  for (; next_ < known_.size() && known_[next_].at.end.sequence <= entry->sequence; ++next_) {
    const auto& at = known_[next_].at.end;
    (at.sequence == entry->sequence && at.hash == entry->hash ? verdict_.held : verdict_.broken)
        .push_back(known_[next_]);
  }
}

audit_verdict auditor::finish() {
  for (; next_ < known_.size(); ++next_)
    verdict_.broken.push_back(known_[next_]);
  verdict_.findings = chain_.finish();
  return std::move(verdict_);
}

std::string in_words(const audit_verdict& verdict) {
  std::string text =
      fmt::format("{} entries, {} findings\n", verdict.entries,
                  verdict.findings.size() + verdict.broken.size() + verdict.unread_lines);
  for (std::size_t i = 0; i < std::min(told_limit, verdict.findings.size()); ++i)
    text += fmt::format("entry {}: {}\n", verdict.findings[i].sequence,
                        to_string(verdict.findings[i].what));
  if (verdict.findings.size() > told_limit)
    text += fmt::format("and {} more\n", verdict.findings.size() - told_limit);
  if (verdict.unread_lines != 0)
    text += fmt::format("{} lines are no entries\n", verdict.unread_lines);
  if (!verdict.broken.empty()) {
    const auto& first = verdict.broken.front();
    text += fmt::format("the checkpoint at {} does not hold: {}\n", name_of(first),
                        first.at.end.sequence > verdict.entries
                            ? "the journal ends before it"
                            : "the journal was changed at it or before");
  }
  // A checkpoint whose hash still stands says nothing of entries that do not fit their own hashes.
  auto first_fault = std::numeric_limits<std::int64_t>::max();
  for (const auto& finding : verdict.findings)
    first_fault = std::min(first_fault, finding.sequence);
  const published_checkpoint* last = nullptr;
  for (const auto& one : verdict.held)
    if (one.at.end.sequence < first_fault)
      last = &one;
  if (verdict.held.empty() && verdict.broken.empty())
    text += "no published checkpoint was given: whoever changed everything would not be found; "
            "give --checkpoints FILE\n";
  else if (last == nullptr)
    text += "no published checkpoint holds\n";
  else
    text += fmt::format("the last published checkpoint that holds is {}: up to it the journal is "
                        "what was published; {} entries follow it\n",
                        name_of(*last), verdict.entries - last->at.end.sequence);
  return text;
}

void add_audit(CLI::App& app, int& exit_code) {
  auto* audit = app.add_subcommand("audit", "hold the journal against what was published of it");
  audit->require_subcommand(1);
  auto* check = audit->add_subcommand(
      "verify", "find any change of the journal back to the last published checkpoint");
  auto given = std::make_shared<audit_request>();
  auto* exported =
      check->add_option("--export", given->exported,
                        "what 'cresset-coord journal export' wrote, instead of a server");
  check->add_option("--state", given->state, "the server's state folder")->excludes(exported);
  check->add_option("--config", given->configuration, "the server's configuration")
      ->excludes(exported);
  check->add_option(
      "--checkpoints", given->checkpoints,
      "published checkpoints, best a copy from elsewhere (STATE/published/checkpoints)");
  check->callback([given, &exit_code] {
    const auto verdict = verify(*given);
    if (!verdict) {
      std::fputs(fmt::format("cresset: {}\n", verdict.error()).c_str(), stderr);
      exit_code = 1;
      return;
    }
    std::fputs(in_words(*verdict).c_str(), stdout);
    exit_code = verdict->is_sound() ? 0 : 3;
  });
}

} // namespace cresset::appliance::cli
