#pragma once

#include <cstdint>
#include <string_view>

namespace cresset::detect::proto::dns {

/// Record types by number (IANA "Resource Record (RR) TYPEs") that this room reads the data of.
struct record_type {
  enum : std::uint16_t {
    a = 1,
    ns = 2,
    cname = 5,
    soa = 6,
    null = 10,
    ptr = 12,
    mx = 15,
    txt = 16,
    aaaa = 28,
    srv = 33,
    opt = 41,
    sshfp = 44,
    svcb = 64,
    https = 65,
  };
  /// Its data is, or begins with, a name that dns.response.rrname looks at (MX behind two bytes).
  static constexpr bool data_is_a_name(std::uint16_t type) noexcept {
    return type == ns || type == cname || type == soa || type == ptr || type == mx;
  }
};

/// "A", "HTTPS"; empty for a type without a name.
std::string_view record_type_name(std::uint16_t type) noexcept;
/// "NOERROR", "NXDOMAIN"; empty for a code without a name.
std::string_view rcode_name(std::uint8_t code) noexcept;

} // namespace cresset::detect::proto::dns
