#pragma once

#include "detect/rule/text/refusal.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace cresset::detect::rule {

/// What a rule's class means: `config classification: name,description,priority`.
struct classification {
  std::string description;
  std::uint8_t priority = 3;
};

/// The classes of classification.config.
class classifications {
public:
  /// The priority of rules without class and without priority.
  static constexpr std::uint8_t default_priority = 3;

  /// Reads the file's text; lines that are neither comment nor classification are refusals. A class
  /// named twice keeps its first meaning.
  std::vector<text::refusal> load_text(std::string_view text);

  /// Null for a class nobody defined. Names are compared without case.
  const classification* find(std::string_view classtype) const;
  std::size_t size() const noexcept { return by_name_.size(); }

private:
  std::map<std::string, classification, std::less<>> by_name_;
};

/// The systems of reference.config: `config reference: cve https://…`.
class reference_systems {
public:
  std::vector<text::refusal> load_text(std::string_view text);
  /// The address of one reference; empty when the system is not known.
  std::string link(std::string_view system, std::string_view id) const;
  std::size_t size() const noexcept { return by_name_.size(); }

private:
  std::map<std::string, std::string, std::less<>> by_name_;
};

} // namespace cresset::detect::rule
