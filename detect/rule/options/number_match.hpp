#pragma once

#include "detect/rule/options/flow.hpp"
#include "detect/rule/text/comparison.hpp"

#include <optional>
#include <string_view>

namespace cresset::detect::rule::options {

/// What a field of numbers belongs to.
enum class field_source : std::uint8_t { packet, flow, transaction, file };

/// Which of several values must satisfy the comparison.
struct instance_choice {
  enum class kind : std::uint8_t { any, all, all_or_absent, absent_or_any, absent, nth, count };
  kind which = kind::any;
  std::int32_t index = 0; ///< nth: from the front, or from the back when negative
};

/// A comparison of one number: `ttl:<5`, `dns.opcode:4`, `urilen:10<>20`, `flow.pkts:toserver,>3`.
struct number_match {
  /// Which of a flow's two counts: flow.pkts and flow.bytes; a direction alone for filesize.
  enum class side : std::uint8_t { total, to_server, to_client, either, both };
  std::string_view field;     ///< canonical keyword; lives as long as the program
  std::string_view protocols; ///< application protocols that have it, blanks between
  field_source source{};
  text::comparison test;
  instance_choice instances;
  side of = side::total;
  std::uint32_t key = 0; ///< http2.settings: which setting
  bool raw = false;      ///< urilen: of the raw URI
};

/// One keyword that is a number, as the table lists it.
struct number_keyword {
  enum class extra : std::uint8_t {
    none,
    side_first,    ///< `toserver,>3`
    side_optional, ///< `to_client,<100`
    side_only,     ///< `toserver`: the field is then 1
    instance_last, ///< `4,all`
    raw_or_norm,   ///< `10,raw`
    key_first,     ///< `SETTINGS_ENABLE_PUSH=0`: the names are those of the key
    date,          ///< `>2015-01-01`: seconds since 1970
  };
  std::string_view keyword; ///< as rules write it, old aliases as well
  std::string_view name;    ///< the canonical name
  std::string_view protocols;
  field_source source{};
  text::number_form form;
  extra also = extra::none;
};

/// All of them, sorted by keyword.
std::span<const number_keyword> number_keywords() noexcept;
/// The entry of `keyword` (lower case), null when there is none.
const number_keyword* find_number_keyword(std::string_view keyword) noexcept;
text::parsed<number_match> parse_number_match(const number_keyword& keyword, text::text_cursor in);

} // namespace cresset::detect::rule::options
