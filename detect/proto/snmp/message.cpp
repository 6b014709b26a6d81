// Message ::= SEQUENCE { version, community, PDU } in versions 1 and 2c; in version 3
//
//   SEQUENCE { version, header { id, size, flags, security model }, security parameters,
//              ScopedPDU { engine, context, PDU } | OCTET STRING (encrypted) }
//
// PDU ::= [n] { request id, error status, error index, variables }; only the trap of version 1 has
// another form (RFC 1157 4.1.6).
#include "detect/proto/snmp/message.hpp"

#include "capture/base/ip_address.hpp"

#include <array>

namespace cresset::detect::proto::snmp {
namespace {

constexpr unsigned get_request = 0, trap_v1 = 4, report = 8;
constexpr std::int64_t user_based_security = 3;
constexpr std::uint8_t ip_address_tag = ber::application(0);
constexpr std::uint8_t time_ticks_tag = ber::application(3);

constexpr std::array<std::string_view, 9> pdu_names{
    "get_request",      "get_next_request", "response", "set_request", "trap_v1",
    "get_bulk_request", "inform_request",   "trap_v2",  "report"};
constexpr std::array<std::string_view, 7> trap_names{
    "coldStart",       "warmStart",         "linkDown", "linkUp", "authenticationFailure",
    "egpNeighborLoss", "enterpriseSpecific"};
/// RFC 3416 section 3
constexpr std::array<std::string_view, 19> error_names{"noError",
                                                       "tooBig",
                                                       "noSuchName",
                                                       "badValue",
                                                       "readOnly",
                                                       "genErr",
                                                       "noAccess",
                                                       "wrongType",
                                                       "wrongLength",
                                                       "wrongEncoding",
                                                       "wrongValue",
                                                       "noCreation",
                                                       "inconsistentValue",
                                                       "resourceUnavailable",
                                                       "commitFailed",
                                                       "undoFailed",
                                                       "authorizationError",
                                                       "notWritable",
                                                       "inconsistentName"};

std::string copy_of(byte_view bytes) {
  return std::string{as_text(bytes)};
}

} // namespace

bool message::read(byte_view bytes) {
  const bool fine = read_message(bytes);
  if (!fine)
    raise("malformed_data");
  complete(version_ != 0);
  return fine;
}

bool message::read_message(byte_view bytes) {
  ber::reader outer{bytes};
  const auto body = outer.take(ber::sequence);
  if (!body)
    return false;
  ber::reader in{*body};
  const auto version = in.take_number();
  if (!version || (*version != 0 && *version != 1 && *version != 3))
    return false;
  if (*version == 3) {
    const bool fine = read_version_3(in);
    version_ = fine || user_ ? 3 : 0;
    return fine;
  }
  const auto community = in.take(ber::octet_string);
  if (!community)
    return false;
  version_ = static_cast<unsigned>(*version) + 1;
  community_ = copy_of(*community);
  return read_pdu(in);
}

bool message::read_version_3(ber::reader& in) {
  const auto header = in.take(ber::sequence);
  const auto parameters = in.take(ber::octet_string);
  if (!header || !parameters)
    return false;
  ber::reader fields{*header};
  const auto id = fields.take_number();
  const auto size = fields.take_number();
  const auto flags = fields.take(ber::octet_string);
  const auto model = fields.take_number();
  if (!id || !size || !flags || flags->size() != 1 || !model)
    return false;
  if (*model == user_based_security) {
    if (!read_security(*parameters))
      return false;
  } else {
    raise("unknown_security_model");
  }
  if (in.next_tag() == ber::octet_string) {
    is_encrypted_ = true;
    return in.next().has_value();
  }
  const auto scoped = in.take(ber::sequence);
  if (!scoped)
    return false;
  ber::reader inner{*scoped};
  return inner.take(ber::octet_string) && inner.take(ber::octet_string) && read_pdu(inner);
}

/// RFC 3414 2.4: engine id, boots, time, user name, authentication, privacy.
bool message::read_security(byte_view parameters) {
  ber::reader outer{parameters};
  const auto body = outer.take(ber::sequence);
  if (!body)
    return false;
  ber::reader in{*body};
  const auto engine = in.take(ber::octet_string);
  const auto boots = in.take_number();
  const auto time = in.take_number();
  const auto user = in.take(ber::octet_string);
  if (!engine || !boots || !time || !user)
    return false;
  user_ = copy_of(*user);
  return true;
}

bool message::read_pdu(ber::reader& in) {
  const auto tag = in.next_tag();
  if (!tag || *tag < ber::context_constructed(get_request) ||
      *tag > ber::context_constructed(report))
    return false;
  pdu_type_ = static_cast<std::uint8_t>(*tag - ber::context_constructed(get_request));
  const auto pdu = in.take(*tag);
  if (!pdu)
    return false;
  ber::reader fields{*pdu};
  if (*pdu_type_ == trap_v1)
    return read_trap(fields);
  const auto id = fields.take_number();
  const auto error = fields.take_number(); // of a bulk request: how many do not repeat
  const auto place = fields.take_number();
  if (!id || !error || !place)
    return false;
  constexpr std::uint8_t bulk = 5;
  error_ = *pdu_type_ == bulk ? 0 : *error;
  return read_variables(fields);
}

bool message::read_trap(ber::reader& in) {
  const auto enterprise = in.take(ber::object_identifier);
  const auto address = in.take(ip_address_tag);
  const auto generic = in.take_number();
  const auto specific = in.take_number();
  const auto time = in.take(time_ticks_tag);
  const auto object = enterprise ? ber::dotted(*enterprise) : std::nullopt;
  if (!object || !address || !generic || !specific || !time || *generic < 0 ||
      *generic >= static_cast<std::int64_t>(trap_names.size()))
    return false;
  trap_type_ = static_cast<std::uint8_t>(*generic);
  trap_object_ = *object;
  if (address->size() == 4)
    trap_address_ = ip_address::v4(load_be32(address->first<4>())).to_string();
  return read_variables(in);
}

bool message::read_variables(ber::reader& in) {
  const auto list = in.take(ber::sequence);
  if (!list)
    return false;
  ber::reader variables{*list};
  while (const auto one = variables.take(ber::sequence)) {
    ber::reader pair{*one};
    const auto name = pair.take(ber::object_identifier);
    const auto text = name ? ber::dotted(*name) : std::nullopt;
    if (!text || !pair.next())
      return false;
    if (variables_.size() < limit_variables)
      variables_.push_back(*text);
    else
      ++refused_variables_;
  }
  return variables.empty();
}

const std::optional<std::string>& message::text_of(buffer_id id) const noexcept {
  return static_cast<buffer_index>(id) <= buffer_index::community_tc ? community_ : user_;
}

std::size_t message::instances(buffer_id id) const noexcept {
  return text_of(id) ? 1 : 0;
}

std::optional<byte_view> message::buffer(buffer_id id, std::size_t instance) const noexcept {
  if (instance >= instances(id))
    return std::nullopt;
  return as_bytes(*text_of(id));
}

std::size_t message::field_instances(field_id id) const noexcept {
  return field(id, 0) ? 1 : 0;
}

std::optional<std::uint64_t> message::field(field_id id, std::size_t) const noexcept {
  switch (static_cast<field_index>(id)) {
  case field_index::version_ts:
  case field_index::version_tc:
    return version_ == 0 ? std::nullopt : std::optional<std::uint64_t>{version_};
  case field_index::pdu_type_ts:
  case field_index::pdu_type_tc: return pdu_type_;
  case field_index::trap_type_ts:
  case field_index::trap_type_tc: return trap_type_;
  }
  return std::nullopt;
}

void message::write_members(json_writer& json) const {
  if (version_ == 0)
    return;
  json.member("version", version_);
  if (is_encrypted_)
    json.member("pdu_type", "encrypted");
  else if (pdu_type_)
    json.member("pdu_type", pdu_names[*pdu_type_]);
  if (error_ != 0) {
    const auto at = static_cast<std::size_t>(error_);
    json.key("error");
    if (error_ > 0 && at < error_names.size())
      json.text(error_names[at]);
    else
      json.text(std::to_string(error_));
  }
  if (trap_type_) {
    json.member("trap_type", trap_names[*trap_type_]).member("trap_oid", trap_object_);
    if (!trap_address_.empty())
      json.member("trap_address", trap_address_);
  }
  if (!variables_.empty()) {
    json.key("vars").begin_array();
    for (const auto& one : variables_)
      json.text(one);
    json.end_array();
  }
  if (community_)
    json.member("community", *community_);
  if (user_)
    json.member("usm", *user_);
}

} // namespace cresset::detect::proto::snmp
