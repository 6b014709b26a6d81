#pragma once

#include "capture/base/byte_order.hpp"
#include "detect/rule/options/protocol_options.hpp"

namespace cresset::detect::inspect::buffer {

/// Whether BER (X.690 section 8) that begins where `bytes` begin has one of the oddities the rule
/// asks for (manual: asn1). Reading ends at the first byte that is no BER, after
/// `asn1_limit_elements`, or `asn1_limit_depth` deep.
inline constexpr unsigned asn1_limit_elements = 256;
inline constexpr unsigned asn1_limit_depth = 32;
bool is_odd_asn1(byte_view bytes, const rule::options::asn1& wanted) noexcept;

} // namespace cresset::detect::inspect::buffer
