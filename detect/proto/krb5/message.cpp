// Every message is [APPLICATION n] SEQUENCE of fields with context tags (RFC 4120 5.4 to 5.9). What
// is of interest, by message and tag:
//
//   KDC-REQ    2 msg-type  4 body { 1 cname  2 realm  3 sname }
//   KDC-REP    1 msg-type  3 crealm  4 cname  5 ticket  6 enc-part
//   AP-REQ     1 msg-type  3 ticket
//   KRB-ERROR  1 msg-type  6 error-code  7 crealm  8 cname  9 realm  10 sname
//   Ticket     1 realm  2 sname  3 enc-part { 0 etype }
#include "detect/proto/krb5/message.hpp"

#include <limits>

namespace cresset::detect::proto::krb5 {
namespace {

constexpr std::uint8_t ticket_tag = ber::application_constructed(1);

bool is_request(message_type type) noexcept {
  return type == message_type::as_req || type == message_type::tgs_req;
}
bool is_reply(message_type type) noexcept {
  return type == message_type::as_rep || type == message_type::tgs_rep;
}

/// Calls `take(number, contents)` for each field of a SEQUENCE; false when one is damaged or `take`
/// says so.
template <typename Take>
bool each_field(byte_view sequence, const Take& take) {
  ber::reader in{sequence};
  while (const auto field = in.next()) {
    if ((field->tag & 0xe0U) != ber::context_constructed(0))
      return false;
    if (!take(field->tag & 0x1fU, field->content))
      return false;
  }
  return in.empty();
}

bool read_int32(byte_view content, std::optional<std::int32_t>& into) {
  ber::reader in{content};
  const auto number = in.take_number();
  if (!number || *number < std::numeric_limits<std::int32_t>::min() ||
      *number > std::numeric_limits<std::int32_t>::max())
    return false;
  into = static_cast<std::int32_t>(*number);
  return true;
}

bool read_string(byte_view content, std::optional<std::string>& into) {
  ber::reader in{content};
  const auto text = in.take(ber::general_string);
  if (text)
    into = std::string{as_text(*text)};
  return text.has_value();
}

/// EncryptedData: only its type is of interest.
bool read_encryption(byte_view content, std::optional<std::int32_t>& into) {
  ber::reader in{content};
  const auto data = in.take(ber::sequence);
  return data && each_field(*data, [&](unsigned number, byte_view inner) {
           return number != 0 || read_int32(inner, into);
         });
}

} // namespace

bool message::read(byte_view bytes) {
  ber::reader outer{bytes};
  const auto head = outer.next();
  bool fine = head.has_value() && (head->tag & 0xe0U) == ber::application_constructed(0);
  if (fine) {
    type_ = static_cast<message_type>(head->tag & 0x1fU);
    ber::reader inner{head->content};
    const auto sequence = inner.take(ber::sequence);
    if (krb5::name_of(type_) == krb5::name_of(message_type::none))
      type_ = message_type::none;
    fine = type_ != message_type::none && sequence && read_fields(*sequence);
  }
  if (!fine)
    raise("malformed_data");
  if (is_reply(type_) && encryption_ && is_weak(*encryption_))
    raise("weak_encryption");
  complete(type_ != message_type::none);
  return fine;
}

bool message::read_fields(byte_view sequence) {
  switch (type_) {
  case message_type::as_req:
  case message_type::as_rep:
  case message_type::tgs_req:
  case message_type::tgs_rep:
  case message_type::ap_req:
  case message_type::error:
    return each_field(sequence, [this](unsigned number, byte_view content) {
      return take_field(number, content);
    });
  default: return true; // of the others the type is enough
  }
}

bool message::take_field(unsigned number, byte_view content) {
  if (is_request(type_))
    return number != 4 || take_request_body(content);
  if (is_reply(type_))
    switch (number) {
    case 3: return read_string(content, realm_);
    case 4: return read_name(content, client_);
    case 5: return take_ticket(content);
    case 6: return read_encryption(content, encryption_);
    default: return true;
    }
  if (type_ == message_type::ap_req)
    return number != 3 || take_ticket(content);
  switch (number) { // an error
  case 6: return read_int32(content, error_);
  case 7: return read_string(content, realm_);
  case 8: return read_name(content, client_);
  case 10: return read_name(content, service_);
  default: return true;
  }
}

bool message::take_request_body(byte_view content) {
  ber::reader in{content};
  const auto body = in.take(ber::sequence);
  return body && each_field(*body, [this](unsigned number, byte_view inner) {
           switch (number) {
           case 1: return read_name(inner, client_);
           case 2: return read_string(inner, realm_);
           case 3: return read_name(inner, service_);
           default: return true;
           }
         });
}

bool message::take_ticket(byte_view content) {
  ber::reader in{content};
  const auto ticket = in.take(ticket_tag);
  if (!ticket)
    return false;
  ber::reader inner{*ticket};
  const auto body = inner.take(ber::sequence);
  return body && each_field(*body, [this](unsigned number, byte_view field) {
           switch (number) {
           case 1: return realm_ || read_string(field, realm_);
           case 2: return read_name(field, service_);
           case 3: return read_encryption(field, ticket_encryption_);
           default: return true;
           }
         });
}

/// PrincipalName ::= SEQUENCE { name-type [0], name-string [1] SEQUENCE OF }
bool message::read_name(byte_view content, std::optional<name>& into) {
  ber::reader in{content};
  const auto body = in.take(ber::sequence);
  return body && each_field(*body, [&](unsigned number, byte_view field) {
           if (number != 1)
             return true;
           ber::reader list{field};
           const auto strings = list.take(ber::sequence);
           if (!strings)
             return false;
           auto& parts = into.emplace();
           ber::reader each{*strings};
           while (const auto one = each.take(ber::general_string))
             if (parts.size() < limit_name_parts)
               parts.emplace_back(as_text(*one));
           return each.empty();
         });
}

const std::optional<message::name>& message::name_of_buffer(buffer_id id) const noexcept {
  return static_cast<buffer_index>(id) <= buffer_index::cname_tc ? client_ : service_;
}

std::size_t message::instances(buffer_id id) const noexcept {
  const auto& found = name_of_buffer(id);
  return found ? found->size() : 0;
}

std::optional<byte_view> message::buffer(buffer_id id, std::size_t instance) const noexcept {
  if (instance >= instances(id))
    return std::nullopt;
  return as_bytes((*name_of_buffer(id))[instance]);
}

std::size_t message::field_instances(field_id id) const noexcept {
  return field(id, 0) ? 1 : 0;
}

std::optional<std::uint64_t> message::field(field_id id, std::size_t) const noexcept {
  const auto of = [](const std::optional<std::int32_t>& value) -> std::optional<std::uint64_t> {
    if (!value)
      return std::nullopt;
    return static_cast<std::uint64_t>(std::int64_t{*value});
  };
  switch (static_cast<field_index>(id)) {
  case field_index::msg_type_ts:
  case field_index::msg_type_tc:
    if (type_ == message_type::none)
      return std::nullopt;
    return static_cast<std::uint64_t>(type_);
  case field_index::err_code_ts:
  case field_index::err_code_tc: return of(error_);
  case field_index::ticket_encryption_ts:
  case field_index::ticket_encryption_tc: return of(ticket_encryption_);
  }
  return std::nullopt;
}

void message::write_members(json_writer& json) const {
  json.member("msg_type", krb5::name_of(type_));
  if (error_) {
    json.member("failed_request", krb5::name_of(failed_request_));
    json.member("error_code", error_name(*error_));
  }
  const auto joined = [](const std::optional<name>& parts) {
    std::string text;
    for (const auto& part : parts.value_or(name{}))
      (text += text.empty() ? "" : "/") += part;
    return parts && !text.empty() ? text : std::string{"<empty>"};
  };
  json.member("cname", joined(client_));
  json.member("realm", realm_ && !realm_->empty() ? *realm_ : std::string{"<empty>"});
  json.member("sname", joined(service_));
  json.member("encryption", encryption_ ? encryption_name(*encryption_) : std::string{"<none>"});
  json.member("weak_encryption", encryption_ && is_weak(*encryption_));
  if (ticket_encryption_) {
    json.member("ticket_encryption", encryption_name(*ticket_encryption_));
    json.member("ticket_weak_encryption", is_weak(*ticket_encryption_));
  }
}

} // namespace cresset::detect::proto::krb5
