#include "coord/server/segment_commands.hpp"

#include "coord/segment/csv_line.hpp"
#include "coord/segment/importer.hpp"
#include "coord/server/database.hpp"
#include "coord/signed/digest.hpp"
#include "coord/store/segment/segment_store.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <iostream>

namespace cresset::coord::server {
namespace {

constexpr std::size_t shown_limit = 50;
constexpr const char* who = "command line";

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

/// At most one byte more than the limit: the reader refuses it then.
std::string read_text(const std::string& file) {
  std::ifstream opened;
  if (file != "-")
    opened.open(file, std::ios::binary);
  std::istream& in = file == "-" ? std::cin : opened;
  std::string text(segment::import_limit_bytes + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (in.gcount() == 0 && (file != "-" && !opened.is_open()))
    throw std::runtime_error{fmt::format("segment: cannot read {}", file)};
  text.resize(static_cast<std::size_t>(in.gcount()));
  return text;
}

std::string country(const command_line& line, std::string_view option) {
  auto value = line.option(option);
  if (!value.empty() && !segment::is_country(value))
    throw config_error{
        fmt::format("--{}: '{}' is no country: two upper-case letters", option, value)};
  return value;
}

void print(const char* sign, const std::vector<segment::record>& records) {
  for (std::size_t i = 0; i < std::min(records.size(), shown_limit); ++i)
    fmt::print("{} {:<9} {} {} {}\n", sign, to_string(records[i].kind), records[i].key,
               records[i].owner, records[i].country);
  if (records.size() > shown_limit)
    fmt::print("{} … and {} more\n", sign, records.size() - shown_limit);
}

int read_in(const command_line& line, bool dry_run) {
  const auto format = segment::import_format_from(needed(line, "format"));
  if (!format)
    throw config_error{"--format: has to be delegated, prefix_list or csv"};
  segment::import_request request;
  request.source = needed(line, "source");
  const auto text = read_text(needed(line, "file"));
  const auto read = segment::read_import(text, {*format, country(line, "own-country"),
                                                country(line, "country"), line.option("owner")});
  if (!read) {
    for (const auto& [number, why] : read.error())
      fmt::print(stderr, "{}:{}: {}\n", line.option("file"), number, why);
    throw std::runtime_error{"segment: nothing was imported"};
  }
  request.format = segment::to_string(*format);
  request.sha256 = signed_::digest::of(text).hex();
  request.note = line.option("note");
  request.records = read->records;
  request.by = who;
  request.at = now();
  request.dry_run = dry_run;
  const auto data = borrow_database(line.settings);
  store::segment::segment_store registry{data.store->pool()};
  const auto done = value_of(registry.import(request));
  if (dry_run) {
    print("+", done.what.added);
    for (std::size_t i = 0; i < std::min(done.what.changed.size(), shown_limit); ++i)
      print("~", {done.what.changed[i].after});
    print("-", done.what.removed);
  }
  for (const auto& owner : done.unknown_owners)
    fmt::print("owner {} is named and not registered\n", owner);
  fmt::print("{} records, {} added, {} changed, {} removed{}\n", read->records.size(),
             done.what.added.size(), done.what.changed.size(), done.what.removed.size(),
             done.made ? fmt::format(": change {}", done.made->id.value)
                       : std::string{dry_run ? " (not done)" : ""});
  return 0;
}

} // namespace

int import_segment(const command_line& line) {
  return read_in(line, false);
}

int compare_segment(const command_line& line) {
  return read_in(line, true);
}

int undo_segment(const command_line& line) {
  const auto text = needed(line, "change");
  std::int64_t number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  if (read.ec != std::errc{} || read.ptr != text.data() + text.size() || number <= 0)
    throw config_error{fmt::format("--change: '{}' is no number of a change", text)};
  const auto data = borrow_database(line.settings);
  store::segment::segment_store registry{data.store->pool()};
  const auto done = value_of(registry.undo({number}, who, now()));
  fmt::print("change {} took {} back: {} added, {} changed, {} removed\n", done.id.value, number,
             done.added, done.changed, done.removed);
  return 0;
}

int export_segment(const command_line& line) {
  const auto data = borrow_database(line.settings);
  store::segment::segment_store registry{data.store->pool()};
  segment::record_query query;
  query.source = line.option("source");
  query.limit = incident::page_limit;
  fmt::print("{}\n", segment::csv_header);
  for (;;) {
    const auto page = value_of(registry.search(query));
    for (const auto& one : page)
      fmt::print("{}\n", segment::csv_line(one.what));
    if (page.size() < static_cast<std::size_t>(query.limit))
      return 0;
    query.after = page.back().id;
  }
}

int list_segment(const command_line& line) {
  const auto data = borrow_database(line.settings);
  store::segment::segment_store registry{data.store->pool()};
  for (const auto& one : value_of(registry.change_sets({}, incident::page_limit)))
    fmt::print("{:>6} {} {:<6} {:<20} +{} ~{} -{} {}{} {}\n", one.id.value, to_rfc3339_ms(one.at),
               to_string(one.what), one.source, one.added, one.changed, one.removed, one.by,
               one.undone_by ? fmt::format(" (undone by {})", one.undone_by->value) : "", one.note);
  return 0;
}

} // namespace cresset::coord::server
