#pragma once

#include "capture/base/expected.hpp"
#include "detect/inspect/lists/dataset.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace cresset::detect::inspect::lists {

inline constexpr std::uintmax_t list_file_limit_bytes = std::uintmax_t{512} << 20;

/// The whole file; a sentence when it cannot be read, or is larger than the limit.
expected<std::string, std::string> read_list_file(const std::filesystem::path& file);

/// How a set is written in a file, and where in JSON its values are.
struct dataset_format {
  rule::payload::dataset::format written_as = rule::payload::dataset::format::csv;
  std::string value_key{};     ///< "a.b": of each object
  std::string array_key{};     ///< of the array in the file's object
  bool keeps_object = false;   ///< the object is kept as the element's context
  bool remove_key = false;     ///< without its value
  bool has_reputation = false; ///< csv: `value,reputation`
};

/// Adds what the text of a file holds; answers how many elements were new, or a sentence with the
/// line that is wrong.
expected<std::size_t, std::string> load_dataset(dataset& into, std::string_view text,
                                                const dataset_format& format);

/// The set as csv, one element a line, sorted.
std::string dataset_text(const dataset& of);

} // namespace cresset::detect::inspect::lists
