// LDAPMessage ::= SEQUENCE { messageID INTEGER, protocolOp [APPLICATION n], controls [0] OPTIONAL }
// (RFC 4511 4.1.1). Tags are implicit: the operation's element has its own contents, or, for an
// unbind, a delete and an abandon request, a value of a simple type.
#include "detect/proto/ldap/operation.hpp"

namespace cresset::detect::proto::ldap {
namespace {

constexpr std::uint8_t sasl_tag = ber::context_constructed(3);
constexpr std::uint8_t filter_tag_class = 0x80;

} // namespace

std::optional<operation> operation::read(byte_view bytes) {
  ber::reader outer{bytes};
  const auto body = outer.take(ber::sequence);
  if (!body)
    return std::nullopt;
  ber::reader in{*body};
  const auto id = in.take_number();
  const auto op = in.next();
  if (!id || *id < 0 || *id > INT32_MAX || !op || (op->tag & 0xc0U) != ber::application(0))
    return std::nullopt;
  operation made;
  made.message_id_ = *id;
  made.kind_ = static_cast<ldap::kind>(op->tag & 0x1fU);
  if (name_of(made.kind_).empty())
    return std::nullopt;
  made.content_.assign(op->content.begin(), op->content.end());
  made.is_damaged_ = !made.read_inside();
  return made;
}

bool operation::read_inside() {
  ber::reader in{content_};
  switch (kind_) {
  case kind::bind_request: return read_bind(in);
  case kind::search_request: return read_search(in);
  case kind::modify_request: return read_modify(in);
  case kind::add_request:
  case kind::search_result_entry: return take_dn(in) && read_attributes(in);
  case kind::compare_request: return read_compare(in);
  case kind::mod_dn_request: return take_dn(in) && in.take(ber::octet_string);
  case kind::del_request: dn_ = as_text(content_); return true;
  case kind::abandon_request: abandoned_ = ber::number_of(content_); return abandoned_.has_value();
  case kind::extended_request: {
    const auto name = in.take(ber::context(0));
    extension_ = as_text(name.value_or(byte_view{}));
    return name.has_value();
  }
  case kind::unbind_request:
  case kind::intermediate_response: return true;
  case kind::search_result_reference: return in.next().has_value();
  default: return read_result(in);
  }
}

bool operation::take_dn(ber::reader& in) {
  const auto text = in.take(ber::octet_string);
  if (text)
    dn_ = as_text(*text);
  return text.has_value();
}

/// BindRequest ::= { version, name, authentication: simple [0] or sasl [3] }
bool operation::read_bind(ber::reader in) {
  if (!in.take_number() || !take_dn(in))
    return false;
  const auto authentication = in.next();
  uses_sasl_ = authentication && authentication->tag == sasl_tag;
  return authentication.has_value();
}

/// SearchRequest ::= { base, scope, aliases, size, time, types only, filter, attributes }
bool operation::read_search(ber::reader in) {
  if (!take_dn(in) || !in.take_number(ber::enumerated) || !in.take_number(ber::enumerated) ||
      !in.take_number() || !in.take_number() || !in.take(ber::boolean))
    return false;
  const auto filter = in.next();
  const auto attributes = in.take(ber::sequence);
  if (!filter || (filter->tag & 0xc0U) != filter_tag_class || !attributes)
    return false;
  ber::reader list{*attributes};
  while (const auto name = list.take(ber::octet_string))
    types_.push_back(as_text(*name));
  return list.empty();
}

/// ModifyRequest ::= { object, changes SEQUENCE OF { operation, { type, values } } }
bool operation::read_modify(ber::reader in) {
  if (!take_dn(in))
    return false;
  const auto changes = in.take(ber::sequence);
  if (!changes)
    return false;
  ber::reader list{*changes};
  while (const auto change = list.take(ber::sequence)) {
    ber::reader parts{*change};
    const auto how = parts.take_number(ber::enumerated);
    const auto modification = parts.take(ber::sequence);
    if (!how || !modification)
      return false;
    ber::reader attribute{*modification};
    const auto type = attribute.take(ber::octet_string);
    if (!type)
      return false;
    types_.push_back(as_text(*type));
  }
  return list.empty();
}

/// SEQUENCE OF { type, values }
bool operation::read_attributes(ber::reader in) {
  const auto attributes = in.take(ber::sequence);
  if (!attributes)
    return false;
  ber::reader list{*attributes};
  while (const auto one = list.take(ber::sequence)) {
    ber::reader attribute{*one};
    const auto type = attribute.take(ber::octet_string);
    if (!type)
      return false;
    types_.push_back(as_text(*type));
  }
  return list.empty();
}

/// CompareRequest ::= { entry, { attribute description, value } }
bool operation::read_compare(ber::reader in) {
  if (!take_dn(in))
    return false;
  const auto assertion = in.take(ber::sequence);
  ber::reader pair{assertion.value_or(byte_view{})};
  const auto type = pair.take(ber::octet_string);
  const auto value = pair.take(ber::octet_string);
  if (type)
    types_.push_back(as_text(*type));
  return type && value;
}

/// LDAPResult ::= { result code, matched DN, diagnostic message, … }
bool operation::read_result(ber::reader in) {
  const auto code = in.take_number(ber::enumerated);
  if (!code || *code < 0 || *code > UINT32_MAX || !take_dn(in))
    return false;
  result_ = static_cast<std::uint32_t>(*code);
  const auto text = in.take(ber::octet_string);
  if (text)
    message_ = as_text(*text);
  return text.has_value();
}

} // namespace cresset::detect::proto::ldap
