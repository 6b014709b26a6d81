#include "detect/inspect/lists/reputation.hpp"

#include <fmt/format.h>

#include <charconv>

namespace cresset::detect::inspect::lists {
namespace {

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos)
    return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

std::optional<unsigned> number(std::string_view text, unsigned most) {
  unsigned value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value > most)
    return std::nullopt;
  return value;
}

/// Calls `take(three fields)` for each line that is neither blank nor a comment.
template <typename F>
expected<void, std::string> each_line(std::string_view text, F&& take) {
  std::size_t line_number = 0;
  while (!text.empty()) {
    const auto end = text.find('\n');
    auto line = trimmed(text.substr(0, end));
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
    ++line_number;
    if (line.empty() || line.front() == '#')
      continue;
    std::array<std::string_view, 3> fields;
    for (std::size_t i = 0; i < fields.size(); ++i) {
      const auto comma = i + 1 < fields.size() ? line.find(',') : std::string_view::npos;
      fields[i] = trimmed(line.substr(0, comma));
      line = comma == std::string_view::npos ? std::string_view{} : line.substr(comma + 1);
    }
    if (const std::string_view wrong = take(fields); !wrong.empty())
      return unexpected{fmt::format("line {}: {}", line_number, wrong)};
  }
  return {};
}

} // namespace

std::size_t reputation::hash::operator()(const ip_address& a) const noexcept {
  std::uint64_t h = a.is_v6() ? 1 : 0;
  for (const auto byte : a.bytes())
    h = (h ^ std::to_integer<std::uint64_t>(byte)) * 0x100000001b3U;
  return h ^ h >> 29;
}

expected<void, std::string> reputation::load_categories(std::string_view text) {
  return each_line(text, [&](const auto& fields) -> std::string_view {
    const auto id = number(fields[0], category_limit);
    if (!id || fields[1].empty())
      return "a number up to 60 and the name of a category are expected";
    categories_.insert_or_assign(std::string{fields[1]}, *id);
    return {};
  });
}

expected<void, std::string> reputation::load_scores(std::string_view text) {
  return each_line(text, [&](const auto& fields) -> std::string_view {
    const auto slash = fields[0].find('/');
    const auto address = ip_address::parse(fields[0].substr(0, slash));
    if (!address)
      return "an address is expected";
    const auto bits = slash == std::string_view::npos
                          ? std::optional{address->width_bits()}
                          : number(fields[0].substr(slash + 1), address->width_bits());
    const auto category = number(fields[1], category_limit);
    const auto score = number(fields[2], 127);
    if (!bits || !category || !score)
      return "a prefix, a category up to 60 and a score up to 127 are expected";
    auto& known = scores_[*category];
    (address->is_v4() ? known.v4 : known.v6)[*bits].insert_or_assign(
        address->prefix(*bits), static_cast<std::uint8_t>(*score));
    return {};
  });
}

std::optional<unsigned> reputation::category(std::string_view name) const noexcept {
  const auto found = categories_.find(name);
  return found == categories_.end() ? std::nullopt : std::optional{found->second};
}

std::optional<std::uint8_t> reputation::score(unsigned category,
                                              const ip_address& address) const noexcept {
  const auto& known = scores_[category];
  for (const auto& [bits, prefixes] : address.is_v4() ? known.v4 : known.v6)
    if (const auto found = prefixes.find(address.prefix(bits)); found != prefixes.end())
      return found->second;
  return std::nullopt;
}

} // namespace cresset::detect::inspect::lists
