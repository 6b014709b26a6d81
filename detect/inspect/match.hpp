#pragma once

#include "detect/inspect/signature.hpp"
#include "detect/proto/frame_list.hpp"
#include "detect/proto/transaction.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace cresset::detect::inspect {

/// A rule that matched in a run and whose alert was not kept silent. Valid until the next run.
struct match {
  const inspect::signature* signature = nullptr;
  const proto::transaction* transaction = nullptr; ///< null for packets and raw streams
  std::optional<std::size_t> file{};               ///< its place among the transaction's files
  const proto::frame* frame = nullptr;             ///< of a rule about frames
  bool on_stream = false;
  byte_view inspected{}; ///< of a stream: the window
  std::string context{}; ///< members of the alert's context, as JSON
};

} // namespace cresset::detect::inspect
