// Three formats, one way: each line becomes records or a mistake with its number. What follows is
// the same for all: every record is brought into its one form, the whole is sorted, and two lines
// for one key must say the same.
//
// A delegation of IPv4 is a count of addresses and not always a power of two: it becomes the fewest
// prefixes that cover it exactly, at most 62 (1 + 2 + … on the way up, then down again).
#include "coord/segment/importer.hpp"

#include "coord/incident/words.hpp"
#include "coord/segment/csv_line.hpp"
#include "detect/alert/utf8.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <tuple>
#include <utility>

namespace cresset::coord::segment {
namespace {

constexpr incident::words<import_format, 3> formats{{"delegated", "prefix_list", "csv"}};

/// A record with the line it came from.
struct numbered {
  record what;
  std::size_t line = 0;
};

/// What the readers of all formats fill.
struct gathered {
  const import_options& options;
  std::vector<numbered> records;
  std::vector<import_mistake> mistakes;
  std::size_t line = 0;
  std::size_t left_out = 0;
  bool is_overfull = false;

  bool is_full() const noexcept { return mistakes.size() >= import_limit_mistakes; }
  void refuse(std::string why) {
    if (!is_full())
      mistakes.push_back({line, std::move(why)});
  }
  void take(record r) {
    if (records.size() >= import_limit_records) {
      if (!std::exchange(is_overfull, true))
        refuse(fmt::format("the file holds more than {} records", import_limit_records));
    } else if (auto wrong = settle(r)) {
      refuse(*std::move(wrong));
    } else {
      records.push_back({std::move(r), line});
    }
  }
};

std::optional<std::uint64_t> number(std::string_view text) noexcept {
  std::uint64_t value = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || failed != std::errc{} || end != text.data() + text.size())
    return std::nullopt;
  return value;
}

std::string_view trimmed(std::string_view text) noexcept {
  const auto is_space = [](char c) { return c == ' ' || c == '\t' || c == '\r'; };
  while (!text.empty() && is_space(text.front()))
    text.remove_prefix(1);
  while (!text.empty() && is_space(text.back()))
    text.remove_suffix(1);
  return text;
}

record resource(const gathered& all, record_kind kind, std::string key, std::string_view country) {
  record r;
  r.kind = kind;
  r.key = std::move(key);
  r.country = country;
  r.ours = !country.empty() && country == all.options.own_country;
  r.weight = kind == record_kind::prefix && all.options.format == import_format::prefix_list
                 ? layer::listed
                 : layer::delegated;
  return r;
}

void take_v4(gathered& all, std::string_view country, std::string_view start,
             std::string_view many) {
  const auto first = ip_address::parse(start);
  const auto count = number(many);
  constexpr std::uint64_t all_addresses = std::uint64_t{1} << 32;
  if (!first || first->is_v6() || !count || *count == 0 ||
      first->v4_value() + *count > all_addresses) {
    all.refuse(fmt::format("'{}|{}' is no range of IPv4 addresses", start, many));
    return;
  }
  std::uint64_t at = first->v4_value();
  for (auto left = *count; left > 0;) {
    const auto aligned = at == 0 ? all_addresses : std::uint64_t{1} << std::countr_zero(at);
    const auto size = std::min(aligned, std::bit_floor(left));
    const auto bits = 32 - static_cast<unsigned>(std::countr_zero(size));
    all.take(resource(all, record_kind::prefix,
                      network{ip_address::v4(static_cast<std::uint32_t>(at)), bits}.to_string(),
                      country));
    at += size;
    left -= size;
  }
}

void take_delegation(gathered& all, const std::array<std::string_view, 7>& field) {
  const auto& [registry, country, type, start, count, date, status] = field;
  if (status != "allocated" && status != "assigned") {
    ++all.left_out;
    return;
  }
  if (!is_country(country)) {
    all.refuse(fmt::format("'{}' is no country: two upper-case letters", country));
  } else if (type == "ipv4") {
    take_v4(all, country, start, count);
  } else if (type == "ipv6") {
    all.take(resource(all, record_kind::prefix, fmt::format("{}/{}", start, count), country));
  } else if (type == "asn") {
    const auto first = number(start);
    const auto many = number(count);
    if (!first || !many || *many == 0 || *first > UINT32_MAX || *many > UINT32_MAX ||
        *first + *many - 1 > UINT32_MAX)
      all.refuse(fmt::format("'{}|{}' is no range of AS numbers", start, count));
    else
      all.take(resource(all, record_kind::as_number,
                        fmt::format("AS{}-AS{}", *first, *first + *many - 1), country));
  } else {
    all.refuse(fmt::format("'{}' is none of ipv4, ipv6, asn", type));
  }
}

void read_delegated(gathered& all, std::string_view line) {
  if (line.empty() || line.starts_with('#'))
    return;
  std::array<std::string_view, 7> field;
  std::size_t fields = 0;
  for (auto rest = line; fields < field.size(); ++fields) {
    const auto bar = std::min(rest.find('|'), rest.size());
    field[fields] = rest.substr(0, bar);
    if (bar == rest.size()) {
      ++fields;
      break;
    }
    rest.remove_prefix(bar + 1);
  }
  // "2|ripencc|…" begins the file, "ripencc|*|ipv4|*|49932|summary" lines follow.
  const bool is_version = number(field[0]).has_value() && fields == 7;
  const bool is_summary = fields == 6 && field[5] == "summary";
  if (is_version || is_summary)
    ++all.left_out;
  else if (fields < 7)
    all.refuse("has fewer than the seven fields registry|cc|type|start|value|date|status");
  else
    take_delegation(all, field);
}

/// "# Country: Kazakhstan (KZ)".
std::optional<std::string> told_country(std::string_view comment) {
  const auto text = trimmed(comment.substr(1));
  if (!text.starts_with("Country:") || text.size() < 4 || !text.ends_with(')') ||
      text[text.size() - 4] != '(')
    return std::nullopt;
  return std::string{text.substr(text.size() - 3, 2)};
}

void read_listed(gathered& all, std::string& country, std::string_view line) {
  if (line.starts_with('#')) {
    auto told = told_country(line);
    if (told && !is_country(*told))
      all.refuse(fmt::format("'{}' is no country: two upper-case letters", *told));
    else if (told && !country.empty() && *told != country)
      all.refuse(fmt::format("the list is of {} and not of {}", *told, country));
    else if (told)
      country = *std::move(told);
    return;
  }
  line = trimmed(line.substr(0, line.find('#')));
  if (line.empty())
    return;
  auto r = resource(all, record_kind::prefix, std::string{line}, country);
  r.owner = all.options.owner;
  all.take(std::move(r));
}

/// Calls `read` with each line, without its end, until there are enough mistakes.
template <typename Read>
void each_line(gathered& all, std::string_view text, Read read) {
  while (!text.empty() && !all.is_full() && !all.is_overfull) {
    ++all.line;
    const auto end = std::min(text.find('\n'), text.size());
    auto line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.ends_with('\r'))
      line.remove_suffix(1);
    if (line.size() > import_limit_line_bytes)
      all.refuse(fmt::format("is longer than {} bytes", import_limit_line_bytes));
    else if (!detect::alert::is_clean_utf8(line))
      all.refuse("is not UTF-8, or holds a NUL");
    else
      read(line);
  }
}

/// Sorts, and leaves one record a key; two that differ are a mistake of the later line.
imported settled(gathered& all) {
  std::ranges::stable_sort(all.records, [](const numbered& a, const numbered& b) {
    return std::tie(a.what.kind, a.what.key) < std::tie(b.what.kind, b.what.key);
  });
  imported done;
  done.lines = all.line;
  done.left_out = all.left_out;
  std::size_t first_line = 0;
  for (auto& [what, line] : all.records) {
    const bool again = !done.records.empty() && done.records.back().kind == what.kind &&
                       done.records.back().key == what.key;
    if (!again) {
      done.records.push_back(std::move(what));
      first_line = line;
    } else if (done.records.back() == what) {
      ++done.repeated;
    } else {
      all.line = line;
      all.refuse(fmt::format("says something else of {} than line {}", what.key, first_line));
    }
  }
  return done;
}

} // namespace

std::string_view to_string(import_format format) noexcept {
  return formats.word(format);
}
std::optional<import_format> import_format_from(std::string_view word) noexcept {
  return formats.value(word);
}

expected<imported, std::vector<import_mistake>> read_import(std::string_view text,
                                                            const import_options& options) {
  gathered all{options, {}, {}, 0, 0, false};
  if (text.size() > import_limit_bytes) {
    all.refuse(fmt::format("the file is larger than {} MiB", import_limit_bytes >> 20));
    return unexpected{std::move(all.mistakes)};
  }
  if (text.starts_with("\xEF\xBB\xBF"))
    text.remove_prefix(3);
  if (options.format == import_format::delegated) {
    each_line(all, text, [&](std::string_view line) { read_delegated(all, line); });
  } else if (options.format == import_format::prefix_list) {
    auto country = options.country;
    each_line(all, text, [&](std::string_view line) { read_listed(all, country, line); });
  } else {
    csv_reader reader;
    each_line(all, text, [&](std::string_view line) {
      auto read = reader.read(line);
      if (!read)
        all.refuse(std::move(read.error()));
      else if (*read)
        all.take(**std::move(read));
    });
    if (!reader.has_header() && all.mistakes.empty())
      all.refuse("the file is empty: its first line names the columns");
  }
  auto done = settled(all);
  if (!all.mistakes.empty()) {
    std::ranges::stable_sort(all.mistakes, {}, &import_mistake::line);
    return unexpected{std::move(all.mistakes)};
  }
  return done;
}

} // namespace cresset::coord::segment
