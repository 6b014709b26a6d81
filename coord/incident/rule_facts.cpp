#include "coord/incident/rule_facts.hpp"

#include <algorithm>

namespace cresset::coord::incident {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool are_digits(std::string_view text) {
  return std::ranges::all_of(text, is_digit);
}

void add(std::vector<std::string>& to, std::string value) {
  if (to.size() < rule_values_limit && std::ranges::find(to, value) == to.end())
    to.push_back(std::move(value));
}

/// "CVE_2021_44228", "cve-2021-44228" or "2021-44228" in the one form; empty for anything else.
std::string cve_from(std::string_view text) {
  if (text.size() > 4 && (text.starts_with("CVE") || text.starts_with("cve")))
    text.remove_prefix(4);
  std::string made = "CVE-" + std::string{text};
  std::ranges::replace(made, '_', '-');
  return is_cve(made) ? made : std::string{};
}

/// The first year-number pair behind "cve" in an address.
std::string cve_in(std::string_view address) {
  const auto word = address.find_first_of("cC");
  if (word == std::string_view::npos || (address.find("cve") == std::string_view::npos &&
                                         address.find("CVE") == std::string_view::npos))
    return {};
  for (std::size_t at = 0; at + 9 <= address.size(); ++at) {
    if (!are_digits(address.substr(at, 4)) || address[at + 4] != '-' ||
        (at > 0 && is_digit(address[at - 1])))
      continue;
    auto end = at + 5;
    while (end < address.size() && is_digit(address[end]))
      ++end;
    if (auto made = cve_from(address.substr(at, end - at)); !made.empty())
      return made;
  }
  return {};
}

} // namespace

bool is_technique(std::string_view text) noexcept {
  if (text.size() != 5 && text.size() != 9)
    return false;
  if (text[0] != 'T' || !are_digits(text.substr(1, 4)))
    return false;
  return text.size() == 5 || (text[5] == '.' && are_digits(text.substr(6)));
}

bool is_cve(std::string_view text) noexcept {
  return text.size() >= 13 && text.size() <= 17 && text.starts_with("CVE-") &&
         are_digits(text.substr(4, 4)) && text[8] == '-' && are_digits(text.substr(9));
}

std::vector<std::string> techniques_of(const detect::alert::alert& alert) {
  std::vector<std::string> all;
  for (const auto& [key, value] : alert.metadata)
    if (key == "mitre_technique_id" && is_technique(value))
      add(all, value);
  return all;
}

std::vector<std::string> cves_of(const detect::alert::alert& alert) {
  std::vector<std::string> all;
  for (const auto& [key, value] : alert.metadata)
    if (key == "cve")
      if (auto made = cve_from(value); !made.empty())
        add(all, std::move(made));
  for (const auto& address : alert.references)
    if (auto made = cve_in(address); !made.empty())
      add(all, std::move(made));
  return all;
}

bool is_exercise(const detect::alert::alert& alert) {
  return alert.exercise || std::ranges::any_of(alert.metadata, [](const auto& pair) {
           return pair.key == "exercise" && (pair.value == "yes" || pair.value == "true");
         });
}

} // namespace cresset::coord::incident
