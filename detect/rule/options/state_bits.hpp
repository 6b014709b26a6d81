#pragma once

#include "detect/rule/text/text_cursor.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace cresset::detect::rule::options {

/// What is asked of, or done to, named bits. `isset` and `isnotset` are conditions, the others
/// happen after a match.
enum class bit_action : std::uint8_t { set, isset, isnotset, unset, toggle, noalert };
constexpr bool is_condition(bit_action a) noexcept {
  return a == bit_action::isset || a == bit_action::isnotset;
}

/// `flowbits`: bits of a flow. With several names (`a|b`) one of them is enough.
struct flowbits {
  bit_action what{};
  std::vector<std::string> names;
};

/// `xbits` and `hostbits`: bits of addresses, or of a transaction, that live `expire_s` seconds.
struct xbits {
  enum class key : std::uint8_t { source, destination, pair, both, transaction };
  bit_action what{};
  std::string name;
  key track{};
  std::uint32_t expire_s = 30;
  bool of_host = false; ///< written as `hostbits`
};

/// `flowint`: a number of the flow.
struct flowint {
  enum class action : std::uint8_t {
    set,
    add,
    subtract, ///< happen after a match
    less,
    less_or_equal,
    equal,
    not_equal,
    greater_or_equal,
    greater,
    isset,
    isnotset ///< conditions
  };
  action what{};
  std::string name;
  std::uint32_t value = 0;
  std::string other; ///< not empty: the value is that of another flowint
};
constexpr bool is_condition(flowint::action a) noexcept {
  return a > flowint::action::subtract;
}

text::parsed<flowbits> parse_flowbits(text::text_cursor in);
text::parsed<xbits> parse_xbits(text::text_cursor in);
text::parsed<xbits> parse_hostbits(text::text_cursor in);
text::parsed<flowint> parse_flowint(text::text_cursor in);

} // namespace cresset::detect::rule::options
