#pragma once

#include "coord/incident/marking.hpp"
#include "coord/signed/json_value.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace cresset::coord::stix {

/// The fixed TLP 2.0 marking id of a label; its object is never sent (STIX 2.1 section 7.2, TLP 2.0
/// extension).
std::string_view marking_id(incident::tlp label) noexcept;

/// The label of a marking id: TLP 2.0, or TLP 1 (white is clear). Nothing for any other id: the
/// caller fails closed.
std::optional<incident::tlp> label_of(std::string_view marking_id) noexcept;

/// The label an object's markings amount to: the strictest when there are two. Nothing when none of
/// them is a TLP label.
std::optional<incident::tlp> strictest(std::span<const std::string> marking_ids) noexcept;

/// "TLP:AMBER+STRICT", as people write it.
std::string written(incident::tlp label);

} // namespace cresset::coord::stix
