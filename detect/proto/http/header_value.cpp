#include "detect/proto/http/header_value.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>

namespace cresset::detect::proto::http {
namespace {

constexpr std::string_view blanks = " \t";

std::string_view trimmed(std::string_view text) noexcept {
  const auto begin = text.find_first_not_of(blanks);
  if (begin == std::string_view::npos)
    return {};
  return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

bool equal_in_any_case(std::string_view a, std::string_view b) noexcept {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [](unsigned char x, unsigned char y) {
           return std::tolower(x) == std::tolower(y);
         });
}

/// The end of one parameter: the next ';' that does not stand in quotes.
std::size_t end_of_parameter(std::string_view text) noexcept {
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"')
      quoted = !quoted;
    else if (text[i] == '\\' && quoted)
      ++i;
    else if (text[i] == ';' && !quoted)
      return i;
  }
  return text.size();
}

bool take_number(std::string_view& text, std::int64_t& number) noexcept {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || number < 0)
    return false;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return true;
}

} // namespace

std::optional<std::string_view> parameter_of(std::string_view header,
                                             std::string_view name) noexcept {
  header.remove_prefix(std::min(end_of_parameter(header), header.size()));
  while (!header.empty()) {
    header.remove_prefix(1); // the ';'
    const auto one = header.substr(0, end_of_parameter(header));
    header.remove_prefix(one.size());
    const auto equals = one.find('=');
    if (equals == std::string_view::npos ||
        !equal_in_any_case(trimmed(one.substr(0, equals)), name))
      continue;
    auto value = trimmed(one.substr(equals + 1));
    if (value.starts_with('"')) {
      value.remove_prefix(1);
      value = value.substr(0, value.rfind('"'));
    }
    return value;
  }
  return std::nullopt;
}

std::optional<content_range> parse_content_range(std::string_view header) noexcept {
  header = trimmed(header);
  constexpr std::string_view unit = "bytes";
  if (!equal_in_any_case(header.substr(0, unit.size()), unit))
    return std::nullopt;
  header = trimmed(header.substr(unit.size()));
  content_range range;
  if (header.starts_with('*')) {
    header.remove_prefix(1);
  } else {
    if (!take_number(header, range.start) || !header.starts_with('-'))
      return std::nullopt;
    header.remove_prefix(1);
    if (!take_number(header, range.end))
      return std::nullopt;
  }
  if (!header.starts_with('/'))
    return std::nullopt;
  header.remove_prefix(1);
  if (header != "*" && !take_number(header, range.size))
    return std::nullopt;
  return range;
}

bool media_type_is(std::string_view header, std::string_view type) noexcept {
  return equal_in_any_case(trimmed(header.substr(0, header.find(';'))), type);
}

} // namespace cresset::detect::proto::http
