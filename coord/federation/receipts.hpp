#pragma once

#include "capture/base/timestamp.hpp"
#include "coord/federation/stream_entry.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace cresset::coord::federation {

inline constexpr std::string_view receipt_kind = "cresset:receipt";

/// How far something told has come at the recipient (docs/federation.md section 10).
enum class receipt_stage { delivered, acknowledged, accepted };
std::string_view to_string(receipt_stage stage) noexcept;

struct receipt {
  std::string id;
  std::string about_id;
  std::string about_version;
  stream_position entry; ///< where it stands in the sender's stream; `hash` is the envelope's
  receipt_stage stage = receipt_stage::delivered;
  std::string at;
};

/// Whether the recipient of such an object sends a receipt: for STIX objects, never for control
/// records.
bool wants_receipt(const signed_::seal& received) noexcept;

/// The receipt of an entry; its id is the same however often it is made.
receipt receipt_for(std::string_view own_id, const stream_position& entry,
                    const signed_::seal& received, receipt_stage stage, timestamp now);
/// The canonical bytes, which become an object of kind `receipt_kind`.
std::string write_receipt(const receipt& made);
std::optional<receipt> read_receipt(std::string_view body);

} // namespace cresset::coord::federation
