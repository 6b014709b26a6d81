#include "detect/inspect/lists/dataset_file.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <vector>

namespace cresset::detect::inspect::lists {
namespace {

namespace json = boost::json;

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos)
    return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

/// Calls `take(line, number)` for each line that is neither blank nor a comment; ends at the first
/// that answers with a sentence.
template <typename F>
std::string each_line(std::string_view text, F&& take) {
  std::size_t number = 0;
  while (!text.empty()) {
    const auto end = text.find('\n');
    const auto line = trimmed(text.substr(0, end));
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
    ++number;
    if (line.empty() || line.front() == '#')
      continue;
    if (auto wrong = take(line); !wrong.empty())
      return fmt::format("line {}: {}", number, wrong);
  }
  return {};
}

/// The value at a path such as "a.b"; null when there is none.
json::value* find(json::value& in, std::string_view path, json::object** holder = nullptr) {
  json::value* at = &in;
  while (!path.empty()) {
    const auto dot = path.find('.');
    auto* object = at->if_object();
    if (object == nullptr)
      return nullptr;
    const auto key = path.substr(0, dot);
    at = object->if_contains(json::string_view{key.data(), key.size()});
    if (at == nullptr)
      return nullptr;
    if (holder != nullptr)
      *holder = object;
    path = dot == std::string_view::npos ? std::string_view{} : path.substr(dot + 1);
  }
  return at;
}

/// A JSON file writes texts as they are, not in base64.
std::optional<std::string> element_of_json(const dataset& into, const json::value& value) {
  const auto* text = value.if_string();
  if (text == nullptr)
    return std::nullopt;
  const std::string_view written{text->data(), text->size()};
  return into.of() == dataset::type::string ? std::optional<std::string>{written}
                                            : into.element_from(written);
}

std::string take_object(dataset& into, json::value object, const dataset_format& format,
                        std::size_t& added) {
  json::object* holder = nullptr;
  const auto* value = find(object, format.value_key, &holder);
  if (value == nullptr)
    return {}; // an object without the key is of no use and no harm
  const auto element = element_of_json(into, *value);
  if (!element || element->empty())
    return fmt::format("the value of '{}' is none of this set's type", format.value_key);
  if (format.remove_key && holder != nullptr) {
    const auto dot = format.value_key.rfind('.');
    const auto last =
        dot == std::string::npos ? format.value_key : format.value_key.substr(dot + 1);
    holder->erase(json::string_view{last.data(), last.size()});
  }
  added += into.add(*element, 0, format.keeps_object ? json::serialize(object) : std::string{});
  return {};
}

std::string load_json(dataset& into, std::string_view text, const dataset_format& format,
                      std::size_t& added) {
  json::error_code error;
  auto whole = json::parse(json::string_view{text.data(), text.size()}, error);
  if (error)
    return "the file is not JSON";
  auto* at = format.array_key.empty() ? &whole : find(whole, format.array_key);
  if (at == nullptr || !at->is_array())
    return "the file has no array there";
  for (auto& object : at->as_array())
    if (auto wrong = take_object(into, std::move(object), format, added); !wrong.empty())
      return wrong;
  return {};
}

std::string load_ndjson(dataset& into, std::string_view text, const dataset_format& format,
                        std::size_t& added) {
  return each_line(text, [&](std::string_view line) -> std::string {
    json::error_code error;
    auto object = json::parse(json::string_view{line.data(), line.size()}, error);
    if (error)
      return "not JSON";
    return take_object(into, std::move(object), format, added);
  });
}

std::string load_csv(dataset& into, std::string_view text, const dataset_format& format,
                     std::size_t& added) {
  return each_line(text, [&](std::string_view line) -> std::string {
    const auto comma = line.find(',');
    const auto element = into.element_from(trimmed(line.substr(0, comma)));
    if (!element)
      return "no value of this set's type";
    std::uint16_t reputation = 0;
    if (comma != std::string_view::npos) {
      const auto number = trimmed(line.substr(comma + 1));
      const auto [end, error] =
          std::from_chars(number.data(), number.data() + number.size(), reputation);
      if (error != std::errc{} || end != number.data() + number.size())
        return "a reputation from 0 to 65535 is expected behind the comma";
    } else if (format.has_reputation) {
      return "a comma and a reputation are expected behind the value";
    }
    added += into.add(*element, reputation);
    return {};
  });
}

} // namespace

expected<std::string, std::string> read_list_file(const std::filesystem::path& file) {
  std::error_code error;
  const auto size = std::filesystem::file_size(file, error);
  if (error)
    return unexpected{fmt::format("{}: {}", file.string(), error.message())};
  if (size > list_file_limit_bytes)
    return unexpected{
        fmt::format("{}: larger than {} bytes", file.string(), list_file_limit_bytes)};
  std::string text(size, '\0');
  std::ifstream in{file, std::ios::binary};
  if (!in.read(text.data(), static_cast<std::streamsize>(size)))
    return unexpected{fmt::format("{}: cannot be read", file.string())};
  return text;
}

expected<std::size_t, std::string> load_dataset(dataset& into, std::string_view text,
                                                const dataset_format& format) {
  using written = rule::payload::dataset::format;
  std::size_t added = 0;
  auto wrong = format.written_as == written::csv    ? load_csv(into, text, format, added)
               : format.written_as == written::json ? load_json(into, text, format, added)
                                                    : load_ndjson(into, text, format, added);
  if (!wrong.empty())
    return unexpected{std::move(wrong)};
  if (into.refused() != 0)
    return unexpected{
        fmt::format("more than fits into its memcap: {} values were left out", into.refused())};
  return added;
}

std::string dataset_text(const dataset& of) {
  std::vector<std::string> lines;
  of.each([&](const std::string& element) { lines.push_back(of.written(element)); });
  std::sort(lines.begin(), lines.end());
  std::string text;
  for (const auto& line : lines)
    text += line + '\n';
  return text;
}

} // namespace cresset::detect::inspect::lists
