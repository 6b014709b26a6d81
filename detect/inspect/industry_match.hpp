#pragma once

#include "detect/inspect/condition.hpp"

#include <optional>
#include <string_view>
#include <vector>

/// The keywords of industrial protocols that compare several numbers of a transaction at once:
/// `modbus`, `dnp3_obj`, `cip_service`.
namespace cresset::detect::inspect::industry_match {

/// The fields such a condition looks at, in the order its judge knows; nothing for any other
/// condition.
std::optional<std::vector<table_place>> places_of(const rule::condition& from);
/// Judges such a condition on a transaction, in one direction; nothing for any other condition.
std::optional<bool> holds(const ready_condition& c, const proto::transaction& tx,
                          proto::app_protocol protocol, proto::direction way) noexcept;

} // namespace cresset::detect::inspect::industry_match
