#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cresset::coord::incident {

/// The languages the server speaks to people.
enum class language : std::uint8_t { en = 0, ru = 1 };

/// "en" or "ru"; also the head of a longer tag ("ru-RU"). Nothing for any other.
std::optional<language> language_from(std::string_view tag) noexcept;

/// One reason why something is an incident: a code, and the values that made it true. Codes and
/// values are stored; words are made when somebody reads them.
///
/// Codes: rule, seen, alerts_reached, victims_reached, stages_reached, risk_reached,
/// indicator_matched, since, joined, raised_by, reason_given, reported, merged_from, split_from.
struct reason {
  std::string code;
  std::vector<std::pair<std::string, std::string>> values;

  /// The value of that name; empty when there is none.
  std::string_view value(std::string_view name) const noexcept;
  friend bool operator==(const reason&, const reason&) = default;
};

using explanation = std::vector<reason>;

/// The most reasons an explanation keeps, values a reason, and bytes a value.
inline constexpr std::size_t reasons_limit = 32;
inline constexpr std::size_t reason_values_limit = 16;
inline constexpr std::size_t reason_value_limit_bytes = 2000;

/// One clause in words. A code this program does not know is shown as it stands, with its values.
std::string render(const reason& one, language in);
/// All clauses, the first as the sentence's beginning, joined by "; ".
std::string render(const explanation& all, language in);

/// `[{"code":"seen","values":{"sid":"7"}}]`: what the store keeps.
std::string to_json(const explanation& all);
/// Nothing when the text is not such a list, or is beyond the limits.
std::optional<explanation> explanation_from(std::string_view json);

} // namespace cresset::coord::incident
