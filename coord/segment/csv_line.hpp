#pragma once

#include "capture/base/expected.hpp"
#include "coord/segment/owner.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cresset::coord::segment {

/// Splits one line (RFC 4180; a field does not go over a line's end) at `separator`; nothing when a
/// quotation mark stands where none may.
std::optional<std::vector<std::string>> split_csv(std::string_view line, char separator);
/// One field, in quotation marks when it needs them. A text that a spreadsheet would take for a
/// formula gets an apostrophe in front, which `csv_reader` takes off again.
std::string csv_field(std::string_view text);

/// Reads lines of the registry as CSV: the first one names the columns, in any order, `kind` and
/// `key` among them; each further one is a record. Empty lines are left out.
class csv_reader {
public:
  /// A record (its key not yet in its one form), nothing for the header and empty lines, or what is
  /// wrong.
  expected<std::optional<record>, std::string> read(std::string_view line);
  bool has_header() const noexcept { return !columns_.empty(); }

private:
  std::optional<std::string> read_header(std::string_view line);
  std::vector<std::size_t> columns_; // number of the member, by column
  char separator_ = ',';
};

/// The columns in the order in which this program writes them.
extern const char* const csv_header;
/// The record as a line with all columns, without its end.
std::string csv_line(const record& r);

} // namespace cresset::coord::segment
