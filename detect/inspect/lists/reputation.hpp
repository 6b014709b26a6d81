#pragma once

#include "capture/base/expected.hpp"
#include "capture/base/ip_address.hpp"

#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace cresset::detect::inspect::lists {

/// What `iprep` asks: how sure somebody is that an address belongs to a category (manual: IP
/// Reputation). Filled at start-up from a file of categories and files of scores; then immutable.
class reputation {
public:
  /// Highest number of a category.
  static constexpr unsigned category_limit = 60;

  /// Reads `number,name,description` a line; a sentence with the line when one is wrong.
  expected<void, std::string> load_categories(std::string_view text);
  /// Reads `address[/bits],category,score` a line.
  expected<void, std::string> load_scores(std::string_view text);

  /// The number of a category; nothing when no file names it.
  std::optional<unsigned> category(std::string_view name) const noexcept;
  /// The score of the longest prefix that holds the address; nothing when none does.
  std::optional<std::uint8_t> score(unsigned category, const ip_address& address) const noexcept;

private:
  struct hash {
    std::size_t operator()(const ip_address& a) const noexcept;
  };
  /// Scores by prefix length, longest first; each length is one look-up.
  using by_length =
      std::map<unsigned, std::unordered_map<ip_address, std::uint8_t, hash>, std::greater<>>;
  struct scores {
    by_length v4, v6;
  };
  std::map<std::string, unsigned, std::less<>> categories_;
  std::array<scores, category_limit + 1> scores_;
};

} // namespace cresset::detect::inspect::lists
