#pragma once

#include "capture/base/byte_order.hpp"
#include "detect/proto/ike/names.hpp"

#include <optional>
#include <vector>

namespace cresset::detect::proto::ike {

/// One property that is offered or chosen.
struct attribute {
  attribute_kind kind{};
  std::uint64_t value = 0;
};

/// What one security association payload says: in version 1 an entry for each transform, in version
/// 2 for each proposal (its transforms are the attributes).
struct proposals {
  /// Most transforms of one payload that are read.
  static constexpr std::size_t limit_transforms = 256;

  std::optional<std::uint32_t> domain; ///< DOI (version 1)
  std::vector<std::vector<attribute>> offers;
  std::size_t count = 0;         ///< proposals
  std::size_t transforms = 0;    ///< of all of them
  bool is_invalid = false;       ///< damaged, or not as many transforms as it says
  bool is_unknown = false;       ///< a protocol or a kind of transform that does not exist
  bool lacks_encryption = false; ///< of AH
  bool lacks_key_exchange = false;
  bool lacks_integrity = false;

  /// Reads the payload's contents, behind its generic head.
  static proposals read_1(byte_view payload);
  static proposals read_2(byte_view payload);

private:
  void read_transforms_1(byte_view bytes, std::size_t wanted);
  void read_attributes_1(byte_view bytes);
  void read_transforms_2(byte_view bytes, std::size_t wanted, std::uint8_t protocol);
};

} // namespace cresset::detect::proto::ike
