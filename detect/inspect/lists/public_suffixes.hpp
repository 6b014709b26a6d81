#pragma once

#include <string>
#include <string_view>
#include <unordered_set>

namespace cresset::detect::inspect::lists {

/// The list of suffixes under which anybody can register a name (publicsuffix.org), which the
/// transforms `domain` and `tld` need. Immutable after loading.
class public_suffixes {
public:
  /// Where Debian's package `publicsuffix` puts the list.
  static constexpr std::string_view default_file = "/usr/share/publicsuffix/public_suffix_list.dat";

  void load(std::string_view text);
  bool empty() const noexcept { return rules_.empty(); }

  /// The public suffix of a name in lower case ("co.uk" of "www.example.co.uk"); the last label
  /// where no rule of the list says more. Empty for an empty name.
  std::string_view suffix(std::string_view name) const;
  /// The suffix with one label more ("example.co.uk"); empty when the name is a suffix itself.
  std::string_view registered(std::string_view name) const;

private:
  std::unordered_set<std::string> rules_;      ///< "co.uk", and "*.ck" for all below ck
  std::unordered_set<std::string> exceptions_; ///< "www.ck"
};

} // namespace cresset::detect::inspect::lists
