#pragma once

#include "capture/base/timestamp.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace cresset::coord::federation {

inline constexpr std::string_view withdrawal_kind = "cresset:withdrawal";

/// "We told you this, and take it back": a control record about an object of ours
/// (docs/federation.md section 10).
struct withdrawal {
  std::string id; ///< "withdrawal--" and a UUIDv5 of sender, object and the number of the effect
  std::string about_id;
  std::string about_version;
  /// "undone": the decision that released it was taken back; "error": it was released by mistake.
  std::string reason;
  std::string at;
};

/// `number` tells withdrawals of the same object apart; the same arguments give the same bytes.
withdrawal withdrawal_of(std::string_view own_id, std::string_view object_id,
                         std::string_view object_version, std::string_view reason,
                         std::int64_t number, timestamp at);
std::string write_withdrawal(const withdrawal& made);
/// Nothing when it is not one, or its reason is not a word we know.
std::optional<withdrawal> read_withdrawal(std::string_view body);

bool is_withdrawal_reason(std::string_view word) noexcept;

} // namespace cresset::coord::federation
