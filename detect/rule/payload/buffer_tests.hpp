#pragma once

#include "detect/rule/text/text_cursor.hpp"

#include <cstdint>
#include <string>

namespace cresset::detect::rule::payload {

/// `absent`: the buffer is not there; `absent: or_else`: or what follows matches in it.
struct absent {
  bool or_else = false;
};

/// `entropy`: Shannon entropy of the buffer, 0 to 8 bits a byte.
struct entropy {
  std::uint32_t bytes = 0; ///< 0: all
  std::int32_t offset = 0;
  double least = 0; ///< the ends belong to the range only where closed
  double most = 8;
  bool least_closed = true;
  bool most_closed = true;
  bool negated = false;

  bool operator()(double value) const noexcept {
    const bool inside = (least_closed ? value >= least : value > least) &&
                        (most_closed ? value <= most : value < most);
    return inside != negated;
  }
};

/// What the elements of a dataset are.
enum class dataset_type : std::uint8_t { unknown, string, md5, sha256, ipv4, ip };

/// `dataset:isset|isnotset|set|unset,name[,type …][,load …][,save …][,state …][,memcap …][,hashsize
/// …]`.
struct dataset {
  enum class action : std::uint8_t { isset, isnotset, set, unset };
  enum class format : std::uint8_t { csv, json, ndjson };
  action what{};
  std::string name;
  dataset_type type = dataset_type::unknown;
  format written_as = format::csv;
  std::string load;
  std::string save;
  std::uint64_t memcap_bytes = 0; ///< 0: the default
  std::uint32_t hashsize = 0;
  std::string context_key; ///< JSON sets: what the alert shows the value under
  std::string value_key;
  std::string array_key;
  bool remove_key = false;
};

/// `datarep:name,<,5[,type …][,load …]`: the reputation number of the value in a set.
struct datarep {
  enum class test : std::uint8_t { less, equal, greater };
  std::string name;
  test how{};
  std::uint16_t value = 0;
  dataset_type type = dataset_type::unknown;
  std::string load;
  std::uint64_t memcap_bytes = 0;
  std::uint32_t hashsize = 0;
};

text::parsed<absent> parse_absent(text::text_cursor in);
text::parsed<entropy> parse_entropy(text::text_cursor in);
text::parsed<dataset> parse_dataset(text::text_cursor in);
text::parsed<datarep> parse_datarep(text::text_cursor in);

} // namespace cresset::detect::rule::payload
