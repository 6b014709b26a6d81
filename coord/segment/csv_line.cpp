#include "coord/segment/csv_line.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace cresset::coord::segment {
namespace {

/// Takes the text of one column into the record; gives what is wrong.
using take = std::optional<std::string> (*)(record&, const std::string&);

struct column {
  std::string_view name;
  take read;
};

std::optional<std::string> take_day(std::optional<day>& to, const std::string& text) {
  if (text.empty())
    return std::nullopt;
  to = parse_day(text);
  return to ? std::nullopt : std::optional{"'" + text + "' is no day: write 2026-11-22"};
}

std::optional<std::string> take_text(std::string& to, const std::string& text) {
  to = text;
  return std::nullopt;
}

const std::array<column, 15> columns{{
    {"kind",
     [](record& r, const std::string& text) -> std::optional<std::string> {
       const auto kind = record_kind_from(text);
       if (!kind)
         return "kind: '" + text + "' is none of owner, contact, prefix, as_number, domain";
       r.kind = *kind;
       return std::nullopt;
     }},
    {"key", [](record& r, const std::string& text) { return take_text(r.key, text); }},
    {"owner", [](record& r, const std::string& text) { return take_text(r.owner, text); }},
    {"name", [](record& r, const std::string& text) { return take_text(r.name, text); }},
    {"sector", [](record& r, const std::string& text) { return take_text(r.sector, text); }},
    {"criticality",
     [](record& r, const std::string& text) -> std::optional<std::string> {
       const bool digit = text.size() == 1 && text[0] >= '0' && text[0] <= '5';
       if (!text.empty() && !digit)
         return "criticality: '" + text + "' is not 0 to 5";
       r.criticality = text.empty() ? 0 : text[0] - '0';
       return std::nullopt;
     }},
    {"country", [](record& r, const std::string& text) { return take_text(r.country, text); }},
    {"ours",
     [](record& r, const std::string& text) -> std::optional<std::string> {
       if (!text.empty() && text != "true" && text != "false")
         return "ours: '" + text + "' is not true or false";
       r.ours = text != "false";
       return std::nullopt;
     }},
    {"email", [](record& r, const std::string& text) { return take_text(r.email, text); }},
    {"phone", [](record& r, const std::string& text) { return take_text(r.phone, text); }},
    {"role", [](record& r, const std::string& text) { return take_text(r.role, text); }},
    {"language", [](record& r, const std::string& text) { return take_text(r.language, text); }},
    {"delivery",
     [](record& r, const std::string& text) -> std::optional<std::string> {
       const auto how = delivery_from(text.empty() ? "instant" : text);
       if (!how)
         return "delivery: '" + text + "' is none of instant, digest, download";
       r.how = *how;
       return std::nullopt;
     }},
    {"valid_from", [](record& r, const std::string& text) { return take_day(r.valid.from, text); }},
    {"valid_to", [](record& r, const std::string& text) { return take_day(r.valid.to, text); }},
}};

bool is_resource(record_kind kind) noexcept {
  return kind == record_kind::prefix || kind == record_kind::as_number ||
         kind == record_kind::domain;
}

bool begins_formula(std::string_view text) noexcept {
  return !text.empty() && std::string_view{"=+-@"}.find(text.front()) != std::string_view::npos;
}

/// Takes off the apostrophe that `csv_field` put before what a spreadsheet would compute.
std::string_view without_guard(std::string_view text) noexcept {
  if (text.starts_with('\'') && begins_formula(text.substr(1)))
    text.remove_prefix(1);
  return text;
}

std::string_view trimmed(std::string_view text) noexcept {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
    text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
    text.remove_suffix(1);
  return text;
}

} // namespace

const char* const csv_header = "kind,key,owner,name,sector,criticality,country,ours,email,phone,"
                               "role,language,delivery,valid_from,valid_to";

std::optional<std::vector<std::string>> split_csv(std::string_view line, char separator) {
  std::vector<std::string> fields(1);
  bool quoted = false;
  bool closed = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (quoted) {
      if (c != '"') {
        fields.back() += c;
      } else if (i + 1 < line.size() && line[i + 1] == '"') {
        fields.back() += '"';
        ++i;
      } else {
        quoted = false;
        closed = true;
      }
    } else if (c == separator) {
      fields.emplace_back();
      closed = false;
    } else if (c == '"' && fields.back().empty() && !closed) {
      quoted = true;
    } else if (c == '"' || closed) {
      return std::nullopt;
    } else {
      fields.back() += c;
    }
  }
  return quoted ? std::nullopt : std::optional{std::move(fields)};
}

std::string csv_field(std::string_view text) {
  const bool formula = begins_formula(text);
  if (!formula && text.find_first_of(",;\"\r\n") == std::string_view::npos)
    return std::string{text};
  std::string field = formula ? "\"'" : "\"";
  for (const char c : text) {
    if (c == '"')
      field += '"';
    field += c;
  }
  return field + '"';
}

std::optional<std::string> csv_reader::read_header(std::string_view line) {
  separator_ = line.find(';') != std::string_view::npos ? ';' : ',';
  const auto names = split_csv(line, separator_);
  if (!names)
    return "a quotation mark stands where none may";
  std::vector<std::size_t> found;
  for (const auto& name : *names) {
    const auto known = std::ranges::find(columns, trimmed(name), &column::name);
    if (known == columns.end())
      return fmt::format("the column '{}' is not known; columns are {}", trimmed(name), csv_header);
    const auto number = static_cast<std::size_t>(known - columns.begin());
    if (std::ranges::find(found, number) != found.end())
      return fmt::format("the column '{}' is there twice", known->name);
    found.push_back(number);
  }
  for (const std::size_t needed : {0, 1})
    if (std::ranges::find(found, needed) == found.end())
      return fmt::format("the column '{}' is missing", columns[needed].name);
  columns_ = std::move(found);
  return std::nullopt;
}

expected<std::optional<record>, std::string> csv_reader::read(std::string_view line) {
  if (trimmed(line).empty())
    return std::optional<record>{};
  if (columns_.empty()) {
    if (auto wrong = read_header(line))
      return unexpected{*std::move(wrong)};
    return std::optional<record>{};
  }
  const auto fields = split_csv(line, separator_);
  if (!fields)
    return unexpected{std::string{"a quotation mark stands where none may"}};
  if (fields->size() != columns_.size())
    return unexpected{fmt::format("has {} fields and not {}", fields->size(), columns_.size())};
  record r;
  r.ours = true;
  r.weight = layer::imported;
  for (std::size_t i = 0; i < columns_.size(); ++i)
    if (auto wrong =
            columns[columns_[i]].read(r, std::string{without_guard(trimmed((*fields)[i]))}))
      return unexpected{*std::move(wrong)};
  r.ours = r.ours && is_resource(r.kind);
  return std::optional{std::move(r)};
}

std::string csv_line(const record& r) {
  const auto day_or_empty = [](const std::optional<day>& d) {
    return d ? to_string(*d) : std::string{};
  };
  return fmt::format("{},{},{},{},{},{},{},{},{},{},{},{},{},{},{}", to_string(r.kind),
                     csv_field(r.key), csv_field(r.owner), csv_field(r.name), csv_field(r.sector),
                     r.criticality, r.country, r.ours, csv_field(r.email), csv_field(r.phone),
                     csv_field(r.role), r.language, to_string(r.how), day_or_empty(r.valid.from),
                     day_or_empty(r.valid.to));
}

} // namespace cresset::coord::segment
