#include "coord/api/query_input.hpp"

#include <algorithm>
#include <charconv>

namespace cresset::coord::api {

namespace {

std::optional<std::int64_t> whole_number(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed != std::errc{} || end != text.data() + text.size() || text.front() == '-')
    return std::nullopt;
  return value;
}

} // namespace

std::optional<std::string_view> query_input::text(std::string_view name) {
  asked_.push_back(name);
  std::optional<std::string_view> found;
  for (const auto& [key, value] : request_.query) {
    if (key != name)
      continue;
    if (found)
      refuse(name, "is there twice");
    found = value;
  }
  return found;
}

std::int64_t query_input::number(std::string_view name, std::int64_t otherwise, std::int64_t least,
                                 std::int64_t most) {
  const auto given = text(name);
  if (!given)
    return otherwise;
  const auto value = given->empty() ? std::nullopt : whole_number(*given);
  if (!value || *value < least || *value > most) {
    refuse(name, "has to be a whole number from " + std::to_string(least) + " to " +
                     std::to_string(most));
    return otherwise;
  }
  return *value;
}

bool query_input::boolean(std::string_view name, bool otherwise) {
  const auto given = text(name);
  if (given && *given != "true" && *given != "false")
    refuse(name, "has to be true or false");
  return given ? *given == "true" : otherwise;
}

std::int64_t query_input::id(std::string_view name) {
  const auto text = request_.parameter(name);
  const auto value = text.empty() || text.front() == '0' ? std::nullopt : whole_number(text);
  if (!value && !mistake_)
    mistake_ = http::problem(404, "there is nothing at " + request_.path());
  return value.value_or(0);
}

void query_input::refuse(std::string_view name, std::string_view detail) {
  if (!mistake_)
    mistake_ = http::problem(400, "\"" + std::string{name} + "\" " + std::string{detail}, name);
}

std::optional<http::response> query_input::mistake() {
  for (const auto& [key, value] : request_.query)
    if (std::ranges::find(asked_, std::string_view{key}) == asked_.end())
      refuse(key, "is not known here");
  return mistake_;
}

} // namespace cresset::coord::api
