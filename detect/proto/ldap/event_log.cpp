// The event log's object: each operation with all its fields, read from the copy when it is
// written. A damaged one is written as far as it goes. Passwords and the client's SASL
// credentials are left out.
#include "detect/proto/ldap/exchange.hpp"

#include <array>

namespace cresset::detect::proto::ldap {
namespace {

constexpr std::size_t limit_filter_depth = 16;

std::string_view text_of(const std::optional<byte_view>& bytes) noexcept {
  return as_text(bytes.value_or(byte_view{}));
}

void write_texts(json_writer& json, std::string_view name, byte_view list) {
  json.key(name).begin_array();
  ber::reader in{list};
  while (const auto one = in.next())
    json.text(as_text(one->content));
  json.end_array();
}

/// SEQUENCE OF { type, SET OF values }
void write_attributes(json_writer& json, ber::reader& in) {
  json.key("attributes").begin_array();
  ber::reader list{in.take(ber::sequence).value_or(byte_view{})};
  while (const auto one = list.take(ber::sequence)) {
    ber::reader attribute{*one};
    json.begin_object().member("name", text_of(attribute.take(ber::octet_string)));
    write_texts(json, "values", attribute.take(ber::set).value_or(byte_view{}));
    json.end_object();
  }
  json.end_array();
}

void write_assertion(json_writer& json, byte_view content) {
  ber::reader in{content};
  json.member("description", text_of(in.take(ber::octet_string)));
  json.member("value", text_of(in.take(ber::octet_string)));
}

void write_substrings(json_writer& json, byte_view content) {
  static constexpr std::array<std::string_view, 3> places{"initial", "any", "final"};
  ber::reader in{content};
  json.member("description", text_of(in.take(ber::octet_string)));
  json.key("substrings").begin_array();
  ber::reader list{in.take(ber::sequence).value_or(byte_view{})};
  while (const auto one = list.next())
    if (const auto at = one->tag & 0x1fU; at < places.size())
      json.begin_object().member(places[at], as_text(one->content)).end_object();
  json.end_array();
}

void write_matching_rule(json_writer& json, byte_view content) {
  ber::reader in{content};
  while (const auto one = in.next())
    switch (one->tag & 0x1fU) {
    case 1: json.member("matching_rule", as_text(one->content)); break;
    case 2: json.member("description", as_text(one->content)); break;
    case 3: json.member("value", as_text(one->content)); break;
    case 4:
      json.member("dn_attributes", !one->content.empty() && one->content[0] != std::byte{0});
      break;
    default: break;
    }
}

/// Filter (RFC 4511 4.5.1.7): and, or and not hold others; deeper than the limit they are left out.
void write_filter(json_writer& json, const ber::element& filter, std::size_t depth) {
  static constexpr std::array<std::string_view, 10> types{"and",           "or",
                                                          "not",           "equality_match",
                                                          "substrings",    "greater_or_equal",
                                                          "less_or_equal", "present",
                                                          "approx_match",  "extensible_match"};
  const auto type = filter.tag & 0x1fU;
  json.begin_object();
  if (type >= types.size() || depth > limit_filter_depth) {
    json.member("type", "unknown").end_object();
    return;
  }
  json.member("type", types[type]);
  if (type <= 2) {
    json.key("filters").begin_array();
    ber::reader in{filter.content};
    while (const auto one = in.next())
      write_filter(json, *one, depth + 1);
    json.end_array();
  } else if (type == 4) {
    write_substrings(json, filter.content);
  } else if (type == 7) {
    json.member("value", as_text(filter.content));
  } else if (type == 9) {
    write_matching_rule(json, filter.content);
  } else {
    write_assertion(json, filter.content);
  }
  json.end_object();
}

void write_number(json_writer& json, std::string_view name, const std::optional<std::int64_t>& n) {
  if (n)
    json.member(name, *n);
}

void write_search(json_writer& json, ber::reader in) {
  json.member("base_object", text_of(in.take(ber::octet_string)));
  write_number(json, "scope", in.take_number(ber::enumerated));
  write_number(json, "deref_alias", in.take_number(ber::enumerated));
  write_number(json, "size_limit", in.take_number());
  write_number(json, "time_limit", in.take_number());
  const auto types_only = in.take(ber::boolean);
  json.member("types_only", types_only && !types_only->empty() && (*types_only)[0] != std::byte{0});
  if (const auto filter = in.next()) {
    json.key("filter");
    write_filter(json, *filter, 1);
  }
  write_texts(json, "attributes", in.take(ber::sequence).value_or(byte_view{}));
}

void write_bind(json_writer& json, ber::reader in) {
  write_number(json, "version", in.take_number());
  json.member("name", text_of(in.take(ber::octet_string)));
  if (const auto sasl = in.take(ber::context_constructed(3))) {
    ber::reader inner{*sasl};
    json.key("sasl").begin_object();
    json.member("mechanism", text_of(inner.take(ber::octet_string))).end_object();
  }
}

void write_modify(json_writer& json, ber::reader in) {
  static constexpr std::array<std::string_view, 4> how_names{"add", "delete", "replace",
                                                             "increment"};
  json.member("object", text_of(in.take(ber::octet_string)));
  json.key("changes").begin_array();
  ber::reader list{in.take(ber::sequence).value_or(byte_view{})};
  while (const auto change = list.take(ber::sequence)) {
    ber::reader parts{*change};
    const auto how = parts.take_number(ber::enumerated).value_or(-1);
    json.begin_object();
    if (how >= 0 && how < static_cast<std::int64_t>(how_names.size()))
      json.member("operation", how_names[static_cast<std::size_t>(how)]);
    ber::reader attribute{parts.take(ber::sequence).value_or(byte_view{})};
    json.key("modification").begin_object();
    json.member("attribute_type", text_of(attribute.take(ber::octet_string)));
    write_texts(json, "attribute_values", attribute.take(ber::set).value_or(byte_view{}));
    json.end_object().end_object();
  }
  json.end_array();
}

void write_mod_dn(json_writer& json, ber::reader in) {
  json.member("entry", text_of(in.take(ber::octet_string)));
  json.member("new_rdn", text_of(in.take(ber::octet_string)));
  const auto delete_old = in.take(ber::boolean);
  json.member("delete_old_rdn",
              delete_old && !delete_old->empty() && (*delete_old)[0] != std::byte{0});
  if (const auto superior = in.take(ber::context(0)))
    json.member("new_superior", as_text(*superior));
}

void write_compare(json_writer& json, ber::reader in) {
  json.member("entry", text_of(in.take(ber::octet_string)));
  json.key("attribute_value_assertion").begin_object();
  write_assertion(json, in.take(ber::sequence).value_or(byte_view{}));
  json.end_object();
}

/// What may stand behind a result (bind and extended response) or is all there is (intermediate).
void write_tagged(json_writer& json, ber::reader in, kind of) {
  while (const auto one = in.next()) {
    const auto number = one->tag & 0x1fU;
    if ((one->tag & 0xc0U) != ber::context(0))
      continue;
    if (number == 3 && of != kind::intermediate_response)
      write_texts(json, "referral", one->content);
    else if (number == 7 && of == kind::bind_response)
      json.member("server_sasl_creds", as_text(one->content));
    else if ((number == 10 && of == kind::extended_response) ||
             (number == 0 && of == kind::intermediate_response))
      json.member("name", as_text(one->content));
    else if ((number == 11 && of == kind::extended_response) ||
             (number == 1 && of == kind::intermediate_response))
      json.member("value", as_text(one->content));
  }
}

void write_result(json_writer& json, const operation& one) {
  if (one.result_code())
    json.member("result_code", result_name(*one.result_code()));
  json.member("matched_dn", one.dn().value_or(""));
  json.member("message", one.message().value_or(""));
  ber::reader in{one.content()};
  for (int i = 0; i < 3; ++i)
    in.next();
  write_tagged(json, in, one.kind());
}

void write_inside(json_writer& json, const operation& one) {
  ber::reader in{one.content()};
  switch (one.kind()) {
  case kind::bind_request: write_bind(json, in); break;
  case kind::search_request: write_search(json, in); break;
  case kind::modify_request: write_modify(json, in); break;
  case kind::mod_dn_request: write_mod_dn(json, in); break;
  case kind::compare_request: write_compare(json, in); break;
  case kind::intermediate_response: write_tagged(json, in, one.kind()); break;
  case kind::search_result_reference: write_texts(json, "uris", one.content()); break;
  case kind::del_request: json.member("dn", one.dn().value_or("")); break;
  case kind::abandon_request: write_number(json, "message_id", one.abandoned()); break;
  case kind::search_result_entry:
  case kind::add_request:
    json.member(one.kind() == kind::add_request ? "entry" : "base_object",
                text_of(in.take(ber::octet_string)));
    write_attributes(json, in);
    break;
  case kind::extended_request:
    json.member("name", one.extension());
    in.take(ber::context(0));
    if (const auto value = in.take(ber::context(1)))
      json.member("value", as_text(*value));
    break;
  default: write_result(json, one);
  }
}

void write_operation(json_writer& json, const operation& one) {
  json.begin_object();
  if (is_request(one.kind()))
    json.member("message_id", one.message_id());
  json.member("operation", name_of(one.kind()));
  if (one.kind() != kind::unbind_request) {
    json.key(name_of(one.kind())).begin_object();
    write_inside(json, one);
    json.end_object();
  }
  if (!is_request(one.kind()))
    json.member("message_id", one.message_id());
  json.end_object();
}

} // namespace

void exchange::write_members(json_writer& json) const {
  if (request_) {
    json.key("request");
    write_operation(json, *request_);
  }
  if (responses_.empty())
    return;
  json.key("responses").begin_array();
  for (const auto& one : responses_)
    write_operation(json, one);
  json.end_array();
}

} // namespace cresset::detect::proto::ldap
