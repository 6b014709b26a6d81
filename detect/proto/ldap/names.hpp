#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace cresset::detect::proto::ldap {

/// APPLICATION tags of the protocol's operations (RFC 4511 4.2 to 4.13).
enum class kind : std::uint8_t {
  bind_request = 0,
  bind_response = 1,
  unbind_request = 2,
  search_request = 3,
  search_result_entry = 4,
  search_result_done = 5,
  modify_request = 6,
  modify_response = 7,
  add_request = 8,
  add_response = 9,
  del_request = 10,
  del_response = 11,
  mod_dn_request = 12,
  mod_dn_response = 13,
  compare_request = 14,
  compare_response = 15,
  abandon_request = 16,
  search_result_reference = 19,
  extended_request = 23,
  extended_response = 24,
  intermediate_response = 25,
};

/// "search_request"; empty for a tag that is no operation.
std::string_view name_of(kind operation) noexcept;
/// "invalid_credentials" (RFC 4511 appendix A and IANA "LDAP Result Codes"); the number where it
/// has no name.
std::string result_name(std::uint32_t code);
bool is_request(kind operation) noexcept;
/// A response after which no other comes to the same request.
bool is_last_response(kind operation) noexcept;

} // namespace cresset::detect::proto::ldap
