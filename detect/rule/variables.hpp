#pragma once

#include "detect/rule/address_set.hpp"
#include "detect/rule/port_set.hpp"
#include "detect/rule/text/text_cursor.hpp"

#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace cresset::detect::rule {

/// The named groups of addresses and ports that rule headers use ($HOME_NET, $HTTP_PORTS), and the
/// resolver of the texts that use them. Each text is resolved once and the set shared. Not for
/// several threads at once.
class variables {
public:
  /// Deepest nesting of lists and variables.
  static constexpr unsigned depth_limit = 16;
  /// Most elements that one text may resolve to, before they are merged.
  static constexpr std::size_t element_limit = 65'536;

  /// Names a group; a second definition replaces the first. `text` as in a header:
  /// "[10.0.0.0/8,!$OTHER]", "any".
  void define_addresses(std::string name, std::string text);
  void define_ports(std::string name, std::string text);

  /// Refuses undefined variables by their name, sets that are empty, nesting and sizes over the
  /// limits.
  text::parsed<std::shared_ptr<const address_set>> addresses(std::string_view text,
                                                             std::size_t at = 0);
  text::parsed<std::shared_ptr<const port_set>> ports(std::string_view text, std::size_t at = 0);

private:
  std::map<std::string, std::string, std::less<>> address_groups_;
  std::map<std::string, std::string, std::less<>> port_groups_;
  std::map<std::string, std::shared_ptr<const address_set>, std::less<>> resolved_addresses_;
  std::map<std::string, std::shared_ptr<const port_set>, std::less<>> resolved_ports_;
};

} // namespace cresset::detect::rule
