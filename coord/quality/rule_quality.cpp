#include "coord/quality/rule_quality.hpp"

namespace cresset::coord::quality {

int rule_quality::false_positive_percent() const noexcept {
  const auto all = decided();
  return all == 0 ? 0 : static_cast<int>(false_positive * 100 / all);
}

bool offers_suppression(const rule_quality& of) noexcept {
  return of.false_positive >= offer_false_positives &&
         of.false_positive_percent() >= offer_percent && of.raised == 0 && of.suppressions == 0;
}

} // namespace cresset::coord::quality
