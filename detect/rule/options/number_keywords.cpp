// The table of keywords that are one number: what they are called, who has them, how large they
// get, which names their numbers have. Grouped by protocol as in the manual; sorted by keyword
// once, by the compiler.

#include "detect/rule/options/number_match.hpp"

#include <algorithm>
#include <array>

namespace cresset::detect::rule::options {

namespace {

using text::named_number;
using extra = number_keyword::extra;

constexpr std::uint64_t u8 = UINT8_MAX;
constexpr std::uint64_t u16 = UINT16_MAX;
constexpr std::uint64_t u32 = UINT32_MAX;
constexpr std::uint64_t u64 = UINT64_MAX;

constexpr named_number ip_protocols[] = {
    {"hopopt", 0},       {"icmp", 1},       {"igmp", 2},       {"ggp", 3},      {"ipip", 4},
    {"ipencap", 4},      {"st", 5},         {"tcp", 6},        {"egp", 8},      {"igp", 9},
    {"udp", 17},         {"xns-idp", 22},   {"rdp", 27},       {"dccp", 33},    {"ipv6", 41},
    {"ipv6-route", 43},  {"ipv6-frag", 44}, {"rsvp", 46},      {"gre", 47},     {"esp", 50},
    {"ah", 51},          {"skip", 57},      {"ipv6-icmp", 58}, {"icmpv6", 58},  {"ipv6-nonxt", 59},
    {"ipv6-opts", 60},   {"eigrp", 88},     {"ospf", 89},      {"ospfigp", 89}, {"ipip-94", 94},
    {"etherip", 97},     {"encap", 98},     {"pim", 103},      {"ipcomp", 108}, {"vrrp", 112},
    {"l2tp", 115},       {"isis", 124},     {"sctp", 132},     {"fc", 133},     {"udplite", 136},
    {"mpls-in-ip", 137}, {"manet", 138},    {"hip", 139},      {"shim6", 140},
};
constexpr named_number tls_versions[] = {
    {"1.0", 0x0301}, {"1.1", 0x0302}, {"1.2", 0x0303}, {"1.3", 0x0304}};
constexpr named_number dns_opcodes[] = {{"query", 0},  {"iquery", 1}, {"status", 2},
                                        {"notify", 4}, {"update", 5}, {"dso", 6}};
constexpr named_number dns_rcodes[] = {
    {"noerror", 0},    {"formerr", 1},    {"servfail", 2}, {"nxdomain", 3}, {"notimp", 4},
    {"refused", 5},    {"yxdomain", 6},   {"yxrrset", 7},  {"nxrrset", 8},  {"notauth", 9},
    {"notzone", 10},   {"dsotypeni", 11}, {"badvers", 16}, {"badsig", 16},  {"badkey", 17},
    {"badtime", 18},   {"badmode", 19},   {"badname", 20}, {"badalg", 21},  {"badtrunc", 22},
    {"badcookie", 23},
};
constexpr named_number dns_types[] = {
    {"a", 1},       {"ns", 2},        {"md", 3},          {"mf", 4},          {"cname", 5},
    {"soa", 6},     {"mb", 7},        {"mg", 8},          {"mr", 9},          {"null", 10},
    {"wks", 11},    {"ptr", 12},      {"hinfo", 13},      {"minfo", 14},      {"mx", 15},
    {"txt", 16},    {"rp", 17},       {"afsdb", 18},      {"x25", 19},        {"isdn", 20},
    {"rt", 21},     {"nsap", 22},     {"nsapptr", 23},    {"sig", 24},        {"key", 25},
    {"px", 26},     {"gpos", 27},     {"aaaa", 28},       {"loc", 29},        {"nxt", 30},
    {"srv", 33},    {"atma", 34},     {"naptr", 35},      {"kx", 36},         {"cert", 37},
    {"a6", 38},     {"dname", 39},    {"opt", 41},        {"apl", 42},        {"ds", 43},
    {"sshfp", 44},  {"ipseckey", 45}, {"rrsig", 46},      {"nsec", 47},       {"dnskey", 48},
    {"dhcid", 49},  {"nsec3", 50},    {"nsec3param", 51}, {"tlsa", 52},       {"smimea", 53},
    {"hip", 55},    {"cds", 59},      {"cdnskey", 60},    {"openpgpkey", 61}, {"csync", 62},
    {"zonemd", 63}, {"svcb", 64},     {"https", 65},      {"spf", 99},        {"nid", 104},
    {"l32", 105},   {"l64", 106},     {"lp", 107},        {"eui48", 108},     {"eui64", 109},
    {"tkey", 249},  {"tsig", 250},    {"ixfr", 251},      {"axfr", 252},      {"mailb", 253},
    {"maila", 254}, {"any", 255},     {"uri", 256},       {"caa", 257},
};
constexpr named_number mqtt_types[] = {
    {"unassigned", 0}, {"connect", 1},   {"connack", 2},      {"publish", 3},
    {"puback", 4},     {"pubrec", 5},    {"pubrel", 6},       {"pubcomp", 7},
    {"subscribe", 8},  {"suback", 9},    {"unsubscribe", 10}, {"unsuback", 11},
    {"pingreq", 12},   {"pingresp", 13}, {"disconnect", 14},  {"auth", 15},
};
constexpr named_number http2_frames[] = {
    {"data", 0},         {"headers", 1},  {"priority", 2},     {"rststream", 3},
    {"rst_stream", 3},   {"settings", 4}, {"pushpromise", 5},  {"push_promise", 5},
    {"ping", 6},         {"goaway", 7},   {"windowupdate", 8}, {"window_update", 8},
    {"continuation", 9},
};
constexpr named_number http2_errors[] = {
    {"no_error", 0},
    {"protocol_error", 1},
    {"internal_error", 2},
    {"flow_control_error", 3},
    {"settings_timeout", 4},
    {"stream_closed", 5},
    {"frame_size_error", 6},
    {"refused_stream", 7},
    {"cancel", 8},
    {"compression_error", 9},
    {"connect_error", 10},
    {"enhance_your_calm", 11},
    {"inadequate_security", 12},
    {"http_1_1_required", 13},
};
constexpr named_number http2_settings[] = {
    {"settings_header_table_size", 1},      {"settings_enable_push", 2},
    {"settings_max_concurrent_streams", 3}, {"settings_initial_window_size", 4},
    {"settings_max_frame_size", 5},         {"settings_max_header_list_size", 6},
};
constexpr named_number websocket_opcodes[] = {{"continuation", 0},     {"text", 1}, {"binary", 2},
                                              {"connection_close", 8}, {"ping", 9}, {"pong", 10}};
constexpr named_number rfb_results[] = {{"ok", 0}, {"fail", 1}, {"toomany", 2}, {"unknown", 3}};
constexpr named_number ntp_modes[] = {
    {"reserved", 0}, {"symmetric_active", 1}, {"symmetric_passive", 2}, {"client", 3},
    {"server", 4},   {"broadcast", 5},        {"control", 6},           {"private", 7}};
constexpr named_number snmp_pdus[] = {
    {"get_request", 0},    {"get_next_request", 1}, {"response", 2},
    {"set_request", 3},    {"trap_v1", 4},          {"get_bulk_request", 5},
    {"inform_request", 6}, {"trap_v2", 7},          {"report", 8},
};
constexpr named_number snmp_traps[] = {
    {"cold_start", 0},
    {"coldstart", 0},
    {"warm_start", 1},
    {"warmstart", 1},
    {"link_down", 2},
    {"linkdown", 2},
    {"link_up", 3},
    {"linkup", 3},
    {"authentication_failure", 4},
    {"authenticationfailure", 4},
    {"egp_neighbor_loss", 5},
    {"egpneighborloss", 5},
    {"enterprise_specific", 6},
    {"enterprisespecific", 6},
};
constexpr named_number ldap_operations[] = {
    {"bind_request", 0},      {"bind_response", 1},       {"unbind_request", 2},
    {"search_request", 3},    {"search_result_entry", 4}, {"search_result_done", 5},
    {"modify_request", 6},    {"modify_response", 7},     {"add_request", 8},
    {"add_response", 9},      {"del_request", 10},        {"del_response", 11},
    {"mod_dn_request", 12},   {"mod_dn_response", 13},    {"compare_request", 14},
    {"compare_response", 15}, {"abandon_request", 16},    {"search_result_reference", 19},
    {"extended_request", 23}, {"extended_response", 24},  {"intermediate_response", 25},
};
constexpr named_number ldap_results[] = {
    {"success", 0},
    {"operations_error", 1},
    {"protocol_error", 2},
    {"time_limit_exceeded", 3},
    {"size_limit_exceeded", 4},
    {"compare_false", 5},
    {"compare_true", 6},
    {"auth_method_not_supported", 7},
    {"stronger_auth_required", 8},
    {"referral", 10},
    {"admin_limit_exceeded", 11},
    {"unavailable_critical_extension", 12},
    {"confidentiality_required", 13},
    {"sasl_bind_in_progress", 14},
    {"no_such_attribute", 16},
    {"undefined_attribute_type", 17},
    {"inappropriate_matching", 18},
    {"constraint_violation", 19},
    {"attribute_or_value_exists", 20},
    {"invalid_attribute_syntax", 21},
    {"no_such_object", 32},
    {"alias_problem", 33},
    {"invalid_dns_syntax", 34},
    {"is_leaf", 35},
    {"alias_dereferencing_problem", 36},
    {"inappropriate_authentication", 48},
    {"invalid_credentials", 49},
    {"insufficient_access_rights", 50},
    {"busy", 51},
    {"unavailable", 52},
    {"unwilling_to_perform", 53},
    {"loop_detect", 54},
    {"sort_control_missing", 60},
    {"offset_range_error", 61},
    {"naming_violation", 64},
    {"object_class_violation", 65},
    {"not_allowed_on_non_leaf", 66},
    {"not_allowed_on_rdn", 67},
    {"entry_already_exists", 68},
    {"object_class_mods_prohibited", 69},
    {"results_too_large", 70},
    {"affects_multiple_dsas", 71},
    {"control_error", 76},
    {"other", 80},
    {"server_down", 81},
    {"local_error", 82},
    {"encoding_error", 83},
    {"decoding_error", 84},
    {"timeout", 85},
    {"auth_unknown", 86},
    {"filter_error", 87},
    {"user_canceled", 88},
    {"param_error", 89},
    {"no_memory", 90},
    {"connect_error", 91},
    {"not_supported", 92},
    {"control_not_found", 93},
    {"no_results_returned", 94},
    {"more_results_to_return", 95},
    {"client_loop", 96},
    {"referral_limit_exceeded", 97},
    {"invalid_response", 100},
    {"ambiguous_response", 101},
    {"tls_not_supported", 112},
    {"intermediate_response", 113},
    {"unknown_type", 114},
    {"canceled", 118},
    {"no_such_operation", 119},
    {"too_late", 120},
    {"cannot_cancel", 121},
    {"assertion_failed", 122},
    {"authorization_denied", 123},
    {"e_sync_refresh_required", 4096},
    {"no_operation", 16654},
};
constexpr named_number enip_commands[] = {
    {"nop", 0},
    {"list_services", 4},
    {"list_identity", 0x63},
    {"list_interfaces", 0x64},
    {"register_session", 0x65},
    {"unregister_session", 0x66},
    {"send_rr_data", 0x6f},
    {"send_unit_data", 0x70},
    {"indicate_status", 0x72},
    {"cancel", 0x73},
};
constexpr named_number enip_statuses[] = {
    {"success", 0},
    {"invalid_cmd", 1},
    {"no_resources", 2},
    {"incorrect_data", 3},
    {"invalid_session", 0x64},
    {"invalid_length", 0x65},
    {"unsupported_prot_rev", 0x69},
    {"encap_header_error", 0x6a},
};
constexpr named_number dnp3_functions[] = {
    {"confirm", 0},
    {"read", 1},
    {"write", 2},
    {"select", 3},
    {"operate", 4},
    {"direct_operate", 5},
    {"direct_operate_nr", 6},
    {"immed_freeze", 7},
    {"immed_freeze_nr", 8},
    {"freeze_clear", 9},
    {"freeze_clear_nr", 10},
    {"freeze_at_time", 11},
    {"freeze_at_time_nr", 12},
    {"cold_restart", 13},
    {"warm_restart", 14},
    {"initialize_data", 15},
    {"initialize_appl", 16},
    {"start_appl", 17},
    {"stop_appl", 18},
    {"save_config", 19},
    {"enable_unsolicited", 20},
    {"disable_unsolicited", 21},
    {"assign_class", 22},
    {"delay_measure", 23},
    {"record_current_time", 24},
    {"open_file", 25},
    {"close_file", 26},
    {"delete_file", 27},
    {"get_file_info", 28},
    {"authenticate_file", 29},
    {"abort_file", 30},
    {"activate_config", 31},
    {"authenticate_req", 32},
    {"authenticate_err", 33},
    {"response", 129},
    {"unsolicited_response", 130},
    {"authenticate_resp", 131},
};

constexpr number_keyword packet(std::string_view keyword, std::uint64_t most,
                                std::string_view name = {}) {
  return {keyword, name.empty() ? keyword : name, "", field_source::packet, {most}};
}
constexpr number_keyword flow_field(std::string_view keyword, std::uint64_t most, extra also) {
  return {keyword, keyword, "", field_source::flow, {most}, also};
}
constexpr number_keyword field(std::string_view protocol, std::string_view keyword,
                               std::uint64_t most, std::span<const named_number> names = {},
                               extra also = extra::none, std::string_view name = {}) {
  return {keyword,       name.empty() ? keyword : name,
          protocol,      field_source::transaction,
          {most, names}, also};
}

constexpr auto sorted_by_keyword(auto table) {
  std::sort(table.begin(), table.end(),
            [](const auto& a, const auto& b) { return a.keyword < b.keyword; });
  return table;
}

constexpr auto table = sorted_by_keyword(std::to_array<number_keyword>({
    packet("ttl", u8),
    packet("id", u16),
    packet("tos", u8),
    packet("fragoffset", 0x1fff),
    packet("dsize", u16),
    packet("itype", u8),
    packet("icode", u8),
    packet("icmp_id", u16),
    packet("icmp_seq", u16),
    packet("icmpv6.mtu", u32),
    packet("tcp.seq", u32),
    packet("seq", u32, "tcp.seq"),
    packet("tcp.ack", u32),
    packet("ack", u32, "tcp.ack"),
    packet("tcp.window", u16),
    packet("window", u16, "tcp.window"),
    packet("tcp.mss", u16),
    packet("tcp.wscale", u8),
    packet("vlan.layers", 3),
    packet("template2", u8),
    {"ip_proto", "ip_proto", "", field_source::packet, {u8, ip_protocols}},
    {"vlan.id", "vlan.id", "", field_source::packet, {4095}, extra::instance_last},

    flow_field("flow.age", u32, extra::none),
    flow_field("flow.pkts", u32, extra::side_first),
    flow_field("flow.bytes", u64, extra::side_first),
    flow_field("flow.pkts_toserver", u32, extra::none),
    flow_field("flow.pkts_toclient", u32, extra::none),
    flow_field("flow.bytes_toserver", u64, extra::none),
    flow_field("flow.bytes_toclient", u64, extra::none),
    flow_field("flow.elephant", 1, extra::side_only),
    {"filesize",
     "filesize",
     "http ftp-data smtp smb nfs http2",
     field_source::file,
     {u64},
     extra::side_optional},

    field("http", "urilen", u16, {}, extra::raw_or_norm),
    field("http2", "http2.frametype", u8, http2_frames, extra::instance_last),
    field("http2", "http2.errorcode", u32, http2_errors, extra::instance_last),
    field("http2", "http2.priority", u8, {}, extra::instance_last),
    field("http2", "http2.window", u32, {}, extra::instance_last),
    field("http2", "http2.size_update", u64, {}, extra::instance_last),
    field("http2", "http2.settings", u32, http2_settings, extra::key_first),
    field("websocket", "websocket.opcode", u8, websocket_opcodes),
    field("websocket", "websocket.mask", u32),
    field("websocket", "websocket.flags", u8),

    field("dns mdns", "dns.opcode", u8, dns_opcodes),
    field("dns mdns", "dns.rcode", u16, dns_rcodes),
    field("dns mdns", "dns.rrtype", u16, dns_types, extra::instance_last),
    field("tls", "tls.version", u16, tls_versions),
    field("tls", "tls.cert_chain_len", u32),
    field("tls", "tls_cert_notbefore", u64, {}, extra::date),
    field("tls", "tls_cert_notafter", u64, {}, extra::date),

    field("smb", "smb.version", u8),
    field("nfs", "nfs_procedure", u32, {}, extra::instance_last),
    field("nfs", "nfs.version", u32),
    field("ftp", "ftp.dynamic_port", u16),
    field("krb5", "krb5_msg_type", u32),
    field("krb5", "krb5.msg_type", u32, {}, extra::none, "krb5_msg_type"),
    field("krb5", "krb5_err_code", u32),
    field("krb5", "krb5.err_code", u32, {}, extra::none, "krb5_err_code"),
    field("rfb", "rfb.secresult", u32, rfb_results),
    field("rfb", "rfb.sectype", u32),
    field("snmp", "snmp.version", u32),
    field("snmp", "snmp.pdu_type", u32, snmp_pdus),
    field("snmp", "snmp.trap_type", u8, snmp_traps),
    field("ntp", "ntp.version", u8),
    field("ntp", "ntp.stratum", u8),
    field("ntp", "ntp.mode", u8, ntp_modes),
    field("dhcp", "dhcp.leasetime", u64),
    field("dhcp", "dhcp.rebinding_time", u64),
    field("dhcp", "dhcp.renewal_time", u64),
    field("ike", "ike.exchtype", u8),
    field("ike", "ike.key_exchange_payload_length", u32),
    field("ike", "ike.nonce_payload_length", u32),

    field("mqtt", "mqtt.protocol_version", u8),
    field("mqtt", "mqtt.type", 15, mqtt_types, extra::instance_last),
    field("mqtt", "mqtt.qos", 2, {}, extra::instance_last),
    field("mqtt", "mqtt.reason_code", u8, {}, extra::instance_last),
    field("mqtt", "mqtt.connack.return_code", u8, {}, extra::instance_last, "mqtt.reason_code"),
    field("mqtt", "mqtt.flags", u8),
    field("mqtt", "mqtt.connect.flags", u8),

    field("ldap", "ldap.request.operation", u8, ldap_operations),
    field("ldap", "ldap.responses.operation", u8, ldap_operations, extra::instance_last),
    field("ldap", "ldap.responses.result_code", u32, ldap_results, extra::instance_last),
    field("ldap", "ldap.responses.count", u32),

    field("dnp3", "dnp3_func", u8, dnp3_functions),
    field("enip", "enip_command", u16, enip_commands),
    field("enip", "enip.command", u16, enip_commands, extra::none, "enip_command"),
    field("enip", "enip.status", u32, enip_statuses),
    field("enip", "enip.protocol_version", u16),
    field("enip", "enip.cip_attribute", u32, {}, extra::instance_last),
    field("enip", "enip.cip_instance", u32, {}, extra::instance_last),
    field("enip", "enip.cip_class", u32, {}, extra::instance_last),
    field("enip", "enip.cip_extendedstatus", u16, {}, extra::instance_last),
    field("enip", "enip.cip_status", u8, {}, extra::instance_last),
    field("enip", "enip.revision", u16),
    field("enip", "enip.identity_status", u16),
    field("enip", "enip.state", u8),
    field("enip", "enip.serial", u32),
    field("enip", "enip.product_code", u16),
    field("enip", "enip.device_type", u16),
    field("enip", "enip.vendor_id", u16),
    field("enip", "enip.capabilities", u16),
}));

} // namespace

std::span<const number_keyword> number_keywords() noexcept {
  return table;
}

const number_keyword* find_number_keyword(std::string_view keyword) noexcept {
  const auto* found = std::lower_bound(
      table.begin(), table.end(), keyword,
      [](const auto& entry, std::string_view name) { return entry.keyword < name; });
  return found != table.end() && found->keyword == keyword ? &*found : nullptr;
}

} // namespace cresset::detect::rule::options
