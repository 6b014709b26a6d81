#include "detect/rule/options/requires.hpp"

#include <algorithm>
#include <array>

namespace cresset::detect::rule::options {

using text::errc;
using text::parsed;
using text::text_cursor;

namespace {

/// What `feature` may ask for and is there.
constexpr std::array<std::string_view, 2> features{"hyperscan", "pcre-jit"};

parsed<language_version> read_version(text_cursor& in) {
  language_version made{0, 0, 0};
  unsigned* const parts[] = {&made.major, &made.minor, &made.patch};
  for (std::size_t i = 0; i < std::size(parts); ++i) {
    if (i > 0 && !in.skip("."))
      break;
    const auto number = in.number();
    if (!number || *number > 9'999)
      return in.fail(errc::number_expected, "a version as 8.0.1 is expected");
    *parts[i] = static_cast<unsigned>(*number);
  }
  return made;
}

/// `>= 7.0.3 < 8`: all must hold.
parsed<bool> read_range(text_cursor in, const language_version& have) {
  bool met = true;
  in = in.trimmed();
  if (in.empty())
    return in.fail(errc::syntax, "a comparison of versions is expected");
  while (!in.empty()) {
    const bool below = in.skip("<");
    const bool above = !below && in.skip(">");
    const bool closed = in.skip("=");
    if (!below && !above && !closed)
      return in.fail(errc::unknown_value, "one of < <= > >= = is expected");
    in.skip_blanks();
    const auto version = read_version(in);
    if (!version)
      return unexpected{version.error()};
    const bool equal = closed && have == *version;
    met = met && (equal || (below && have < *version) || (above && have > *version));
    in.skip_blanks();
  }
  return met;
}

parsed<bool> read_versions(text_cursor in, const language_version& have) {
  const auto ranges = text::split(in, '|', 16);
  if (!ranges)
    return unexpected{ranges.error()};
  bool met = false;
  for (const auto& range : *ranges) {
    const auto holds = read_range(range, have);
    if (!holds)
      return holds;
    met = met || *holds;
  }
  return met;
}

} // namespace

parsed<bool> is_met(text_cursor in, const std::function<bool(std::string_view)>& knows_keyword,
                    language_version have) {
  const auto pieces = text::split(in.trimmed(), ',', 32);
  if (!pieces)
    return unexpected{pieces.error()};
  bool met = true;
  bool versioned = false;
  for (auto piece : *pieces) {
    const auto kind = piece.word();
    const auto value = piece.trimmed();
    if (kind.empty() || value.empty())
      return piece.fail(errc::syntax,
                        "version, keyword or feature and what it asks for are expected");
    if (kind == "version") {
      if (versioned)
        return piece.fail(errc::contradiction, "version stands twice");
      versioned = true;
      const auto holds = read_versions(value, have);
      if (!holds)
        return holds;
      met = met && *holds;
    } else if (kind == "keyword") {
      met = met && knows_keyword(text::lower(value.rest()));
    } else {
      met = met && kind == "feature" &&
            std::find(features.begin(), features.end(), value.rest()) != features.end();
    }
  }
  return met;
}

} // namespace cresset::detect::rule::options
