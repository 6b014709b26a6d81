#include "detect/rule/text/refusal.hpp"

namespace cresset::detect::rule::text {

std::string_view name_of(errc why) noexcept {
  switch (why) {
  case errc::syntax: return "syntax";
  case errc::unknown_keyword: return "unknown_keyword";
  case errc::unknown_value: return "unknown_value";
  case errc::not_supported: return "not_supported";
  case errc::number_expected: return "number_expected";
  case errc::out_of_range: return "out_of_range";
  case errc::empty_range: return "empty_range";
  case errc::undefined_variable: return "undefined_variable";
  case errc::contradiction: return "contradiction";
  case errc::misplaced: return "misplaced";
  case errc::missing: return "missing";
  case errc::limit: return "limit";
  case errc::unmet_requirement: return "unmet_requirement";
  case errc::duplicate: return "duplicate";
  case errc::unreadable: return "unreadable";
  }
  return "unknown";
}

} // namespace cresset::detect::rule::text
