#include "coord/retention/legal_hold.hpp"

#include "detect/alert/utf8.hpp"

namespace cresset::coord::retention {

std::string objection_to_reason(const std::string& reason) {
  if (reason.empty() || reason.size() > hold_text_limit_bytes ||
      !detect::alert::is_clean_utf8(reason))
    return "a reason has 1 to 2000 bytes of text";
  return {};
}

std::string objection(const hold_request& wanted) {
  if (static_cast<bool>(wanted.incident) == static_cast<bool>(wanted.group))
    return "a hold names an incident or a group, and not both";
  if (auto no = objection_to_reason(wanted.reason); !no.empty())
    return no;
  if (wanted.legal_basis.size() > hold_text_limit_bytes ||
      !detect::alert::is_clean_utf8(wanted.legal_basis))
    return "the legal basis is too long or not plain text";
  return {};
}

} // namespace cresset::coord::retention
