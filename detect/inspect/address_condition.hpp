#pragma once

#include "detect/inspect/condition.hpp"

namespace cresset::detect::inspect {

/// `iprep`: how sure somebody is that an address belongs to a category. Precondition: `c.scores`.
bool address_holds(const rule::options::ip_reputation& test, const ready_condition& c,
                   const subject& on) noexcept;
/// `geoip`: which country an address belongs to. One that is in none matches neither a list nor its
/// negation. Precondition: `c.countries`.
bool address_holds(const rule::options::geoip& test, const ready_condition& c,
                   const subject& on) noexcept;

} // namespace cresset::detect::inspect
