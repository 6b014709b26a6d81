#pragma once

#include "detect/proto/app_protocol.hpp"
#include "detect/proto/transaction.hpp"

#include <optional>
#include <string_view>

namespace cresset::detect::proto::catalogue {

/// How far a transaction is in one direction, as rules name it (`app-layer-state`).
struct named_state {
  direction way{};
  progress at = 0;
};

/// The state of that name: one of the protocol's own, or one that every protocol has
/// (`request_started`, `request_complete`, `response_started`, `response_complete`). Nothing for a
/// name that the protocol does not know.
std::optional<named_state> state_named(app_protocol protocol, std::string_view name) noexcept;

} // namespace cresset::detect::proto::catalogue
