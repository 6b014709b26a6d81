#pragma once

#include "capture/base/five_tuple.hpp"

#include <optional>
#include <string>

namespace cresset::detect::alert {

/// The Community ID of a flow, version 1 ("1:LQU9qZlK+B5F3KDmev6m5PMibrg="): the same for both
/// directions and for every tool that follows the specification
/// (github.com/corelight/community-id-spec). `tuple` holds ICMP type and code in its ports. Costs
/// one SHA-1. Nothing when the two addresses are of different families.
std::optional<std::string> community_id(const five_tuple& tuple, std::uint16_t seed = 0);

} // namespace cresset::detect::alert
