#pragma once

#include "detect/proto/frame_cutter.hpp"

#include <array>

namespace cresset::detect::proto::smb {

extern const std::array<std::string_view, 12> frame_types;

/// Where the frames of SMB lie: the record of the NetBIOS session (RFC 1002 4.3.1) and in it SMB 1
/// ([MS-CIFS] 2.2.3.1), the messages of an SMB 2 chain ([MS-SMB2] 2.2.1) or an encrypted message of
/// SMB 3 (2.2.41).
class frame_layout {
public:
  frame_cutter::step operator()(direction way, byte_view head, const frame_cutter::namer& name);

private:
  std::array<std::uint64_t, 2> left_{}; ///< of the record that is open
};

} // namespace cresset::detect::proto::smb
