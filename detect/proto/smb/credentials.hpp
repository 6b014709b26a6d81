#pragma once

#include "capture/base/byte_order.hpp"

#include <optional>
#include <string>
#include <vector>

/// Who logs on: what stands in the clear in the security blob of a session setup.
namespace cresset::detect::proto::smb {

/// The AUTHENTICATE message of NTLM ([MS-NLMP] 2.2.1.3).
struct ntlm_identity {
  std::string domain;
  std::string user;
  std::string host;
  std::string version; ///< "6.1 build 7601 rev 15"; empty when it is not sent
};

/// The ticket's own fields of a Kerberos AP-REQ (RFC 4120 5.3).
struct kerberos_identity {
  std::string realm;
  std::vector<std::string> service; ///< parts of the service's name
};

struct credentials {
  std::optional<ntlm_identity> ntlm;
  std::optional<kerberos_identity> kerberos;
  bool is_damaged = false; ///< an NTLM message contradicts its own lengths
};

/// Reads a security blob: SPNEGO (RFC 4178) around NTLM or Kerberos, or NTLM bare. Bounded by
/// limits of depth and elements.
credentials read_credentials(byte_view blob);

} // namespace cresset::detect::proto::smb
