// Names of record types and response codes, from IANA's "Domain Name System (DNS) Parameters", as
// event logs write them.
#include "detect/proto/dns/record_type.hpp"

#include <algorithm>
#include <array>

namespace cresset::detect::proto::dns {
namespace {

struct named {
  std::uint16_t type;
  std::string_view name;
};

constexpr std::array types{
    named{1, "A"},         named{2, "NS"},      named{3, "MD"},          named{4, "MF"},
    named{5, "CNAME"},     named{6, "SOA"},     named{7, "MB"},          named{8, "MG"},
    named{9, "MR"},        named{10, "NULL"},   named{11, "WKS"},        named{12, "PTR"},
    named{13, "HINFO"},    named{14, "MINFO"},  named{15, "MX"},         named{16, "TXT"},
    named{17, "RP"},       named{18, "AFSDB"},  named{19, "X25"},        named{20, "ISDN"},
    named{21, "RT"},       named{22, "NSAP"},   named{23, "NSAPPTR"},    named{24, "SIG"},
    named{25, "KEY"},      named{26, "PX"},     named{27, "GPOS"},       named{28, "AAAA"},
    named{29, "LOC"},      named{30, "NXT"},    named{31, "EID"},        named{32, "NIMLOC"},
    named{33, "SRV"},      named{34, "ATMA"},   named{35, "NAPTR"},      named{36, "KX"},
    named{37, "CERT"},     named{38, "A6"},     named{39, "DNAME"},      named{40, "SINK"},
    named{41, "OPT"},      named{42, "APL"},    named{43, "DS"},         named{44, "SSHFP"},
    named{45, "IPSECKEY"}, named{46, "RRSIG"},  named{47, "NSEC"},       named{48, "DNSKEY"},
    named{49, "DHCID"},    named{50, "NSEC3"},  named{51, "NSEC3PARAM"}, named{52, "TLSA"},
    named{53, "SMIMEA"},   named{55, "HIP"},    named{56, "NINFO"},      named{57, "RKEY"},
    named{58, "TALINK"},   named{59, "CDS"},    named{60, "CDNSKEY"},    named{61, "OPENPGPKEY"},
    named{62, "CSYNC"},    named{63, "ZONEMD"}, named{64, "SVCB"},       named{65, "HTTPS"},
    named{99, "SPF"},      named{100, "UINFO"}, named{101, "UID"},       named{102, "GID"},
    named{103, "UNSPEC"},  named{104, "NID"},   named{105, "L32"},       named{106, "L64"},
    named{107, "LP"},      named{108, "EUI48"}, named{109, "EUI64"},     named{249, "TKEY"},
    named{250, "TSIG"},    named{251, "IXFR"},  named{252, "AXFR"},      named{253, "MAILB"},
    named{254, "MAILA"},   named{255, "ANY"},   named{256, "URI"},       named{257, "CAA"},
    named{258, "AVC"},     named{259, "DOA"},   named{260, "AMTRELAY"},  named{32768, "TA"},
    named{32769, "DLV"}};

constexpr std::array<std::string_view, 12> rcodes{"NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN",
                                                  "NOTIMP",  "REFUSED", "YXDOMAIN", "YXRRSET",
                                                  "NXRRSET", "NOTAUTH", "NOTZONE",  ""};

} // namespace

std::string_view record_type_name(std::uint16_t type) noexcept {
  const auto at =
      std::lower_bound(types.begin(), types.end(), type,
                       [](const named& one, std::uint16_t wanted) { return one.type < wanted; });
  return at != types.end() && at->type == type ? at->name : std::string_view{};
}

std::string_view rcode_name(std::uint8_t code) noexcept {
  return code < rcodes.size() ? rcodes[code] : std::string_view{};
}

} // namespace cresset::detect::proto::dns
