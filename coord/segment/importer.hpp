#pragma once

#include "capture/base/expected.hpp"
#include "coord/segment/owner.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace cresset::coord::segment {

/// What a file that is imported may look like.
enum class import_format : std::uint8_t {
  /// A registry's file of delegations ("ripencc|KZ|ipv4|2.72.0.0|524288|20100603|allocated"): the
  /// statistics exchange format, version 2, of the regional Internet registries.
  delegated = 0,
  /// One prefix a line, '#' begins a comment; "# Country: Kazakhstan (KZ)" tells the country.
  prefix_list = 1,
  /// Comma- or semicolon-separated values (RFC 4180) with the members of `record` as its first
  /// line.
  csv = 2,
};

std::string_view to_string(import_format format) noexcept;
std::optional<import_format> import_format_from(std::string_view word) noexcept;

struct import_options {
  import_format format = import_format::csv;
  /// Prefixes and AS numbers of this country are ours (delegated, prefix_list); empty: none is.
  std::string own_country;
  /// Of a prefix list that does not tell its country.
  std::string country;
  /// Key of the owner of all that a prefix list holds; may be empty.
  std::string owner;
};

/// A line that could not be taken, counted from 1, and why.
struct import_mistake {
  std::size_t line = 0;
  std::string why;
};

/// Limits of one file; a file that breaks one is refused as a whole.
inline constexpr std::size_t import_limit_bytes = std::size_t{32} << 20;
inline constexpr std::size_t import_limit_line_bytes = 4096;
inline constexpr std::size_t import_limit_records = 400'000;
/// Mistakes that are told; reading stops there.
inline constexpr std::size_t import_limit_mistakes = 20;

struct imported {
  /// In order of kind and key, each once.
  std::vector<record> records;
  std::size_t lines = 0;
  /// Lines that say the same as another, and lines that say nothing for us (summaries, addresses a
  /// registry has not given out).
  std::size_t repeated = 0;
  std::size_t left_out = 0;
};

/// Reads a whole file. Refused as a whole with the lines that are wrong: half a registry would be
/// taken for a whole one.
expected<imported, std::vector<import_mistake>> read_import(std::string_view text,
                                                            const import_options& options);

} // namespace cresset::coord::segment
