#pragma once

#include "capture/base/expected.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace cresset::detect::rule::text {

/// Why a rule, or a line of a configuration file, is not taken.
enum class errc : std::uint8_t {
  syntax,          ///< the text is not of the form the language asks for
  unknown_keyword, ///< no option of that name exists
  unknown_value,   ///< the name behind the keyword is none it knows
  not_supported,   ///< the language has it, this engine does not
  number_expected,
  out_of_range,       ///< a number outside what the field can hold
  empty_range,        ///< a comparison nothing can satisfy
  undefined_variable, ///< $NAME, or a byte variable, that nothing defines
  contradiction,      ///< two options that exclude each other
  misplaced,          ///< an option without the option it belongs to
  missing,            ///< what every rule must have is not there
  limit,              ///< longer, deeper or more than a named limit allows
  unmet_requirement,  ///< `requires` asks for what this engine is not: skipped, not failed
  duplicate,          ///< another rule with the same gid:sid and no lower rev is kept
  unreadable,         ///< the file cannot be read
};

/// The errc as a word for counters and logs: "syntax", "unknown_keyword", …
std::string_view name_of(errc why) noexcept;

/// One refusal: the class, a sentence for a human, and where in the text it was (bytes from its
/// start).
struct refusal {
  errc why{};
  std::string reason;
  std::size_t offset = 0;
};

/// What a reader of rule text answers.
template <typename T>
using parsed = expected<T, refusal>;

} // namespace cresset::detect::rule::text
