#pragma once

#include "detect/rule/text/comparison.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Conditions that one protocol has alone and that have a grammar of their own.
namespace cresset::detect::rule::options {

/// `dcerpc.iface:uuid[,op version][,any_frag]`.
struct dce_interface {
  std::array<std::uint8_t, 16> uuid{}; ///< in the order it is written
  std::optional<text::comparison> version;
  bool any_fragment = false;
};

/// Numbers and ranges, one of which must be met: `dcerpc.opnum:1,3-5`,
/// `krb5.ticket_encryption:weak,23`.
struct number_list {
  std::string_view field;
  std::string_view protocols;
  std::vector<std::pair<std::int64_t, std::int64_t>> ranges; ///< both ends belong to it
  bool negated = false;
};

/// `modbus:[unit …,] function N|name[, subfunction N]` or `access read|write [type][, address …][,
/// value …]`.
struct modbus {
  enum class access : std::uint8_t { none, any_read, read, write };
  enum class data : std::uint8_t { any, discretes, coils, input, holding };
  std::optional<text::comparison> unit;
  std::optional<std::uint8_t> function;
  std::optional<std::uint16_t> subfunction;
  std::string category; ///< "assigned", "unassigned", "public", "user", "reserved", "all"
  bool category_negated = false;
  access how = access::none;
  data of = data::any;
  std::optional<text::comparison> address;
  std::optional<text::comparison> value;
};

/// `dnp3_obj:group,variation`.
struct dnp3_object {
  std::uint8_t group = 0;
  std::uint8_t variation = 0;
};

/// `cip_service:service[,class[,[!]attribute]]`.
struct cip_service {
  std::uint8_t service = 0;
  std::optional<std::uint16_t> object_class;
  std::optional<std::uint16_t> attribute;
  bool attribute_negated = false;
};

/// `ike.chosen_sa_attribute:type=number`.
struct ike_attribute {
  std::string type; ///< "alg_enc", "alg_hash", "alg_prf", "alg_integ", "alg_dh", …
  std::uint32_t value = 0;
};

/// `rpc:program[,version|*[,procedure|*]]`.
struct rpc {
  std::uint32_t program = 0;
  std::optional<std::uint32_t> version;
  std::optional<std::uint32_t> procedure;
};

/// `asn1`: oddities of BER in the payload.
struct asn1 {
  bool bitstring_overflow = false;
  bool double_overflow = false;
  std::optional<std::uint32_t> oversize_length;
  std::optional<std::uint32_t> absolute_offset;
  std::optional<std::int32_t> relative_offset;
};

/// `dcerpc.opnum`, `krb5.ticket_encryption`; nothing when the keyword is none of this kind.
std::optional<text::parsed<number_list>> parse_number_list(std::string_view keyword,
                                                           text::text_cursor in);
text::parsed<dce_interface> parse_dce_interface(text::text_cursor in);
text::parsed<modbus> parse_modbus(text::text_cursor in);
text::parsed<dnp3_object> parse_dnp3_object(text::text_cursor in);
text::parsed<cip_service> parse_cip_service(text::text_cursor in);
text::parsed<ike_attribute> parse_ike_attribute(text::text_cursor in);
text::parsed<rpc> parse_rpc(text::text_cursor in);
text::parsed<asn1> parse_asn1(text::text_cursor in);

} // namespace cresset::detect::rule::options
