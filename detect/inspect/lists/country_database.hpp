#pragma once

#include "capture/base/expected.hpp"
#include "capture/base/ip_address.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cresset::detect::inspect::lists {

/// Which country an address belongs to, by a file in the MaxMind DB format, version 2.0
/// (https://maxmind.github.io/MaxMind-DB/): a tree of bits, with the records that its leaves name
/// behind it. Of a record only `country.iso_code` is read. Loaded at start-up, then immutable; no
/// look-up leaves the machine. Bytes of the file are checked as they are read: a damaged one
/// answers nothing, or something wrong, but never reads past its end.
class country_database {
public:
  /// A sentence when the bytes are no such database.
  static expected<country_database, std::string> from(std::string bytes);

  /// Two letters (ISO 3166), views of the database; nothing for an address in no country.
  std::optional<std::string_view> country_of(const ip_address& address) const noexcept;

private:
  country_database() = default;

  std::uint32_t child(std::uint32_t node, bool right) const noexcept;

  std::string bytes_;
  std::uint32_t nodes_ = 0;
  unsigned record_bits_ = 0;      ///< 24, 28 or 32
  bool is_v6_ = false;            ///< IPv4 addresses lie below ::/96
  std::size_t records_begin_ = 0; ///< place of the data in `bytes_`
  std::size_t records_end_ = 0;
  std::uint32_t v4_root_ = 0; ///< the node where IPv4 begins
};

} // namespace cresset::detect::inspect::lists
