#include "detect/rule/options/protocol_options.hpp"

namespace cresset::detect::rule::options {

using text::errc;
using text::parsed;
using text::text_cursor;

namespace {

/// Reads all of `in` as a number of at most `most`.
parsed<std::uint64_t> whole_number(text_cursor in, std::uint64_t most) {
  in = in.trimmed();
  const auto number = in.number();
  if (!number || !in.empty())
    return in.fail(errc::number_expected, "a number is expected");
  if (*number > most)
    return in.fail(errc::out_of_range, "the number is larger than " + std::to_string(most));
  return *number;
}

/// 367abb81-9844-35f1-ad32-98f038001003
parsed<std::array<std::uint8_t, 16>> read_uuid(text_cursor in) {
  std::array<std::uint8_t, 16> uuid{};
  const auto text = in.rest();
  std::size_t digits = 0;
  bool fine = text.size() == 36;
  for (std::size_t i = 0; fine && i < text.size(); ++i) {
    const char c = text[i];
    if (i == 8 || i == 13 || i == 18 || i == 23) {
      fine = c == '-';
      continue;
    }
    const auto value = std::string_view{"0123456789abcdef"}.find(
        c >= 'A' && c <= 'F' ? static_cast<char>(c + 32) : c);
    fine = value != std::string_view::npos;
    if (fine)
      uuid[digits / 2] = static_cast<std::uint8_t>(uuid[digits / 2] << 4 | value);
    ++digits;
  }
  if (!fine)
    return in.fail(errc::syntax, "a UUID is expected");
  return uuid;
}

/// All encryption types but the four of AES (17 to 20, RFC 3962 and RFC 8009).
constexpr std::pair<std::int64_t, std::int64_t> weak_encryption[] = {{INT32_MIN, 16},
                                                                     {21, INT32_MAX}};

/// `N` or `N-M`; N may be negative.
parsed<std::pair<std::int64_t, std::int64_t>> read_range(text_cursor in) {
  const auto first = in.signed_number();
  auto last = first;
  if (first && in.skip("-"))
    last = in.signed_number();
  if (!last || !in.empty())
    return in.fail(errc::number_expected, "a number or a range of numbers is expected");
  if (*last < *first)
    return in.fail(errc::empty_range, "the range is empty");
  return std::pair{*first, *last};
}

parsed<number_list> read_list(number_list made, text_cursor in, std::int64_t least,
                              std::int64_t most) {
  made.negated = in.skip("!");
  const auto pieces = text::split(in, ',');
  if (!pieces)
    return unexpected{pieces.error()};
  for (const auto& piece : *pieces) {
    const auto range = read_range(piece);
    if (!range)
      return unexpected{range.error()};
    if (range->first < least || range->second > most)
      return piece.fail(errc::out_of_range, "the number lies outside what the field can hold");
    made.ranges.push_back(*range);
  }
  return made;
}

} // namespace

std::optional<parsed<number_list>> parse_number_list(std::string_view keyword, text_cursor in) {
  in = in.trimmed();
  number_list made;
  if (keyword == "dcerpc.opnum" || keyword == "dce_opnum") {
    made.field = "dcerpc.opnum";
    made.protocols = "dcerpc smb";
    return read_list(std::move(made), in, 0, UINT16_MAX);
  }
  if (keyword != "krb5.ticket_encryption")
    return std::nullopt;
  made.field = "krb5.ticket_encryption";
  made.protocols = "krb5";
  if (in.rest() == "weak" || in.rest() == "!weak") {
    made.negated = in.skip("!");
    made.ranges.assign(std::begin(weak_encryption), std::end(weak_encryption));
    return made;
  }
  return read_list(std::move(made), in, INT32_MIN, INT32_MAX);
}

parsed<dce_interface> parse_dce_interface(text_cursor in) {
  const auto pieces = text::split(in.trimmed(), ',', 3);
  if (!pieces)
    return unexpected{pieces.error()};
  const auto uuid = read_uuid((*pieces)[0]);
  if (!uuid)
    return unexpected{uuid.error()};
  dce_interface made;
  made.uuid = *uuid;
  for (std::size_t i = 1; i < pieces->size(); ++i) {
    if ((*pieces)[i].rest() == "any_frag") {
      made.any_fragment = true;
      continue;
    }
    const auto version = text::parse_comparison((*pieces)[i], {UINT16_MAX});
    if (!version)
      return unexpected{version.error()};
    made.version = *version;
  }
  return made;
}

namespace {

constexpr std::string_view function_categories[] = {"assigned", "unassigned", "public",
                                                    "user",     "reserved",   "all"};

parsed<void> read_function(modbus& made, text_cursor in) {
  in = in.trimmed();
  made.category_negated = in.skip("!");
  in.skip_blanks();
  for (const auto category : function_categories)
    if (in.rest() == category) {
      made.category = category;
      return {};
    }
  const auto number = whole_number(in, UINT8_MAX);
  if (!number || made.category_negated)
    return in.fail(errc::unknown_value, "a function's number or category is expected");
  made.function = static_cast<std::uint8_t>(*number);
  return {};
}

parsed<void> read_access(modbus& made, text_cursor in) {
  constexpr std::pair<std::string_view, modbus::data> tables[] = {
      {"discretes", modbus::data::discretes},
      {"coils", modbus::data::coils},
      {"input", modbus::data::input},
      {"holding", modbus::data::holding}};
  in = in.trimmed();
  const auto word = in.word();
  if (word == "read")
    made.how = modbus::access::read;
  else if (word == "write")
    made.how = modbus::access::write;
  else
    return in.fail(errc::unknown_value, "read or write is expected");
  const auto table = in.trimmed();
  if (table.empty())
    return {};
  for (const auto& [name, of] : tables)
    if (table.rest() == name)
      made.of = of;
  if (made.of == modbus::data::any)
    return table.fail(errc::unknown_value, "discretes, coils, input or holding is expected");
  const bool read_only = made.of == modbus::data::discretes || made.of == modbus::data::input;
  if (read_only && made.how == modbus::access::write)
    return table.fail(errc::contradiction, "discretes and input cannot be written");
  return {};
}

parsed<void> read_comparison(std::optional<text::comparison>& into, text_cursor in,
                             std::uint64_t most) {
  const auto read = text::parse_comparison(in, {most});
  if (!read)
    return unexpected{read.error()};
  into = *read;
  return {};
}

parsed<void> read_modbus_part(modbus& made, text_cursor piece) {
  const auto word = text::lower(piece.word());
  if (word == "unit")
    return read_comparison(made.unit, piece, UINT8_MAX);
  if (word == "function")
    return read_function(made, piece);
  if (word == "access")
    return read_access(made, piece);
  if (word == "address" && made.how != modbus::access::none) {
    // A range from 0 on holds the address 0, though ranges leave out their ends: no lower bound is
    // meant.
    const bool from_zero = piece.trimmed().rest().starts_with("0<>");
    auto fine = read_comparison(made.address, piece, UINT16_MAX);
    if (fine && from_zero)
      made.address->least = 0;
    return fine;
  }
  if (word == "value" && made.address && made.how == modbus::access::write)
    return read_comparison(made.value, piece, UINT16_MAX);
  if (word == "subfunction" && made.function) {
    const auto number = whole_number(piece, UINT16_MAX);
    if (!number)
      return unexpected{number.error()};
    made.subfunction = static_cast<std::uint16_t>(*number);
    return {};
  }
  return piece.fail(errc::unknown_value, "the word '" + word + "' is not known here");
}

} // namespace

parsed<modbus> parse_modbus(text_cursor in) {
  const auto pieces = text::split(in.trimmed(), ',', 5);
  if (!pieces)
    return unexpected{pieces.error()};
  modbus made;
  for (const auto& piece : *pieces)
    if (auto fine = read_modbus_part(made, piece); !fine)
      return unexpected{fine.error()};
  const bool by_function = made.function || !made.category.empty();
  if (by_function && made.how != modbus::access::none)
    return in.fail(errc::contradiction, "function and access exclude each other");
  return made;
}

parsed<dnp3_object> parse_dnp3_object(text_cursor in) {
  const auto pieces = text::split(in.trimmed(), ',', 2);
  if (!pieces)
    return unexpected{pieces.error()};
  if (pieces->size() != 2)
    return in.fail(errc::syntax, "a group and a variation are expected");
  const auto group = whole_number((*pieces)[0], UINT8_MAX);
  const auto variation = whole_number((*pieces)[1], UINT8_MAX);
  if (!group)
    return unexpected{group.error()};
  if (!variation)
    return unexpected{variation.error()};
  return dnp3_object{static_cast<std::uint8_t>(*group), static_cast<std::uint8_t>(*variation)};
}

parsed<cip_service> parse_cip_service(text_cursor in) {
  const auto pieces = text::split(in.trimmed(), ',', 3);
  if (!pieces)
    return unexpected{pieces.error()};
  const auto service = whole_number((*pieces)[0], 127);
  if (!service)
    return unexpected{service.error()};
  cip_service made;
  made.service = static_cast<std::uint8_t>(*service);
  if (pieces->size() > 1) {
    const auto number = whole_number((*pieces)[1], UINT16_MAX);
    if (!number)
      return unexpected{number.error()};
    made.object_class = static_cast<std::uint16_t>(*number);
  }
  if (pieces->size() > 2) {
    auto piece = (*pieces)[2];
    made.attribute_negated = piece.skip("!");
    const auto number = whole_number(piece, UINT16_MAX);
    if (!number)
      return unexpected{number.error()};
    made.attribute = static_cast<std::uint16_t>(*number);
  }
  return made;
}

parsed<ike_attribute> parse_ike_attribute(text_cursor in) {
  constexpr std::string_view types[] = {"alg_enc",       "alg_hash",         "alg_auth",
                                        "alg_dh",        "alg_prf",          "sa_group_type",
                                        "sa_life_type",  "sa_life_duration", "sa_key_length",
                                        "sa_field_size", "alg_integ"};
  in = in.trimmed();
  const auto type = in.word();
  bool known = false;
  for (const auto name : types)
    known = known || name == type;
  if (!known)
    return in.fail(errc::unknown_value, "the name of an attribute is expected");
  in.skip_blanks();
  if (!in.skip("="))
    return in.fail(errc::syntax, "= is expected");
  const auto value = whole_number(in, UINT32_MAX);
  if (!value)
    return unexpected{value.error()};
  return ike_attribute{std::string{type}, static_cast<std::uint32_t>(*value)};
}

parsed<rpc> parse_rpc(text_cursor in) {
  const auto pieces = text::split(in.trimmed(), ',', 3);
  if (!pieces)
    return unexpected{pieces.error()};
  rpc made;
  std::optional<std::uint32_t> parts[3];
  for (std::size_t i = 0; i < pieces->size(); ++i) {
    if (i > 0 && (*pieces)[i].rest() == "*")
      continue;
    const auto number = whole_number((*pieces)[i], UINT32_MAX);
    if (!number)
      return unexpected{number.error()};
    parts[i] = static_cast<std::uint32_t>(*number);
  }
  made.program = *parts[0];
  made.version = parts[1];
  made.procedure = parts[2];
  return made;
}

parsed<asn1> parse_asn1(text_cursor in) {
  const auto pieces = text::split(in.trimmed(), ',', 8);
  if (!pieces)
    return unexpected{pieces.error()};
  asn1 made;
  for (auto piece : *pieces) {
    const auto word = text::lower(piece.word());
    piece.skip_blanks();
    if (word == "bitstring_overflow" && piece.empty()) {
      made.bitstring_overflow = true;
      continue;
    }
    if (word == "double_overflow" && piece.empty()) {
      made.double_overflow = true;
      continue;
    }
    const auto number = piece.signed_number();
    if (!number || !piece.empty() || *number > INT32_MAX || *number < INT32_MIN)
      return piece.fail(errc::unknown_value, "an option of asn1 is expected");
    if (word == "oversize_length" && *number >= 0)
      made.oversize_length = static_cast<std::uint32_t>(*number);
    else if (word == "absolute_offset" && *number >= 0)
      made.absolute_offset = static_cast<std::uint32_t>(*number);
    else if (word == "relative_offset")
      made.relative_offset = static_cast<std::int32_t>(*number);
    else
      return piece.fail(errc::unknown_value, "an option of asn1 is expected");
  }
  return made;
}

} // namespace cresset::detect::rule::options
