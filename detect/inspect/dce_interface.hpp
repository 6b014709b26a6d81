#pragma once

#include "detect/inspect/condition.hpp"
#include "detect/rule/options/protocol_options.hpp"

namespace cresset::detect::inspect {

/// The buffer in which DCE/RPC and SMB say which interfaces a call may mean. No rule names it;
/// `dcerpc.iface` reads it. An instance is 21 bytes: UUID as it is written, major and minor version
/// (big-endian, 16 bits each), and 1 where the bind that offered it began with a first fragment.
inline constexpr std::string_view dce_interface_buffer = "dcerpc.iface";

/// Whether one of the transaction's interfaces is the one asked for.
bool names_interface(const rule::options::dce_interface& wanted,
                     const std::vector<table_place>& places, const proto::transaction& tx,
                     proto::app_protocol protocol, proto::direction way) noexcept;

/// Whether the number is in the list, or, of a negated list, is not.
bool is_listed(const rule::options::number_list& list, std::uint64_t value) noexcept;

} // namespace cresset::detect::inspect
