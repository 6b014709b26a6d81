#pragma once

#include <string_view>

/// Kinds of journal entries about people, beside those of `coord/journal/event.hpp`; like those,
/// words that stay for ever.
namespace cresset::coord::people::journal_kind {

inline constexpr std::string_view signed_in = "signed_in";
inline constexpr std::string_view refused = "refused";
inline constexpr std::string_view credential_changed = "credential_changed";
inline constexpr std::string_view approval = "approval";

} // namespace cresset::coord::people::journal_kind
