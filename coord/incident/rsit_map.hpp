#pragma once

#include "capture/base/expected.hpp"
#include "coord/incident/rsit.hpp"

#include <map>
#include <string>
#include <string_view>

namespace cresset::coord::incident {

/// Which class of RSIT a rule's classtype means: data, read from YAML
/// (appliance/config/rsit-map.yaml is compiled in). Immutable; any thread.
class rsit_map {
public:
  static constexpr std::size_t entries_limit = 1000;

  /// `origin` names the text in the error, which is one line with the line's number.
  static expected<rsit_map, std::string> parse(std::string_view yaml, std::string_view origin);
  /// The map that was compiled in.
  static const rsit_map& built_in();

  /// By the description that event logs carry ("A Network Trojan was detected"), or by the short
  /// name ("trojan-activity"); other/undetermined when nothing is known of it.
  rsit of_category(std::string_view category) const;
  rsit of_classtype(std::string_view classtype) const;

  std::size_t size() const noexcept { return by_classtype_.size(); }

private:
  std::map<std::string, rsit, std::less<>> by_category_;
  std::map<std::string, rsit, std::less<>> by_classtype_;
};

} // namespace cresset::coord::incident
