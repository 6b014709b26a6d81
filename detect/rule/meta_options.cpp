#include "detect/rule/meta_options.hpp"

#include "detect/rule/text/lexer.hpp"

namespace cresset::detect::rule {

using text::errc;
using text::parsed;
using text::text_cursor;

namespace {

constexpr std::size_t text_limit = 8'192;
constexpr std::size_t metadata_limit = 256;
constexpr std::size_t reference_limit = 128;

parsed<std::uint32_t> read_number(text_cursor in, std::uint32_t least) {
  in = in.trimmed();
  const auto number = in.number();
  if (!number || !in.empty())
    return in.fail(errc::number_expected, "a number is expected");
  if (*number < least || *number > UINT32_MAX)
    return in.fail(errc::out_of_range,
                   "the number must lie between " + std::to_string(least) + " and 4294967295");
  return static_cast<std::uint32_t>(*number);
}

parsed<void> read_number_once(std::uint32_t& into, std::uint32_t unset, text_cursor in,
                              std::uint32_t least) {
  const auto number = read_number(in, least);
  if (!number)
    return unexpected{number.error()};
  if (into != unset)
    return in.fail(errc::contradiction, "the option stands twice");
  into = *number;
  return {};
}

parsed<void> read_message(rule& into, text_cursor in) {
  const auto value = text::unquote(in.rest(), in.position());
  if (!value)
    return unexpected{value.error()};
  if (value->negated)
    return in.fail(errc::syntax, "a msg cannot be negated");
  if (!into.msg.empty())
    return in.fail(errc::contradiction, "msg stands twice");
  if (value->text.size() > text_limit)
    return in.fail(errc::limit, "a msg longer than 8192 bytes");
  for (std::size_t i = 0; i < value->text.size(); ++i) {
    const char c = value->text[i];
    const bool escapes =
        c == '\\' && i + 1 < value->text.size() &&
        std::string_view{"\";\\:"}.find(value->text[i + 1]) != std::string_view::npos;
    into.msg.push_back(escapes ? value->text[++i] : c);
  }
  return {};
}

parsed<void> read_reference(rule& into, text_cursor in) {
  auto rest = in;
  const auto system = rest.until(',');
  const auto id = rest.trimmed();
  if (system.empty() || id.empty())
    return in.fail(errc::syntax, "a system and an id are expected");
  if (into.references.size() == reference_limit)
    return in.fail(errc::limit, "more than 128 references");
  into.references.push_back({text::lower(system.rest()), std::string{id.rest()}});
  return {};
}

parsed<void> read_metadata(rule& into, text_cursor in) {
  const auto pieces = text::split(in, ',', metadata_limit);
  if (!pieces)
    return unexpected{pieces.error()};
  for (auto piece : *pieces) {
    if (piece.empty())
      continue;
    const auto key = piece.until(' ');
    into.metadata.emplace_back(std::string{key.rest()}, std::string{piece.trimmed().rest()});
  }
  return {};
}

parsed<void> read_classtype(rule& into, text_cursor in) {
  if (in.empty() || in.rest().size() > 255)
    return in.fail(errc::syntax, "the name of a class is expected");
  if (!into.classtype.empty())
    return in.fail(errc::contradiction, "classtype stands twice");
  into.classtype = in.rest();
  return {};
}

parsed<void> read_priority(rule& into, text_cursor in) {
  const auto number = read_number(in, 1);
  if (!number)
    return unexpected{number.error()};
  if (*number > 255)
    return in.fail(errc::out_of_range, "a priority lies between 1 and 255");
  if (into.priority)
    return in.fail(errc::contradiction, "priority stands twice");
  into.priority = static_cast<std::uint8_t>(*number);
  return {};
}

parsed<void> read_target(rule& into, text_cursor in) {
  const auto word = in.rest();
  if (word != "src_ip" && word != "dest_ip")
    return in.fail(errc::unknown_value, "src_ip or dest_ip is expected");
  into.target = word == "src_ip" ? target::source : target::destination;
  return {};
}

} // namespace

parsed<void> read_meta_option(rule& into, std::string_view keyword, text_cursor value) {
  value = value.trimmed();
  if (keyword == "msg")
    return read_message(into, value);
  if (keyword == "sid")
    return read_number_once(into.sid, 0, value, 1);
  if (keyword == "rev")
    return read_number_once(into.rev, 0, value, 0);
  if (keyword == "gid")
    return read_number_once(into.gid, 1, value, 0);
  if (keyword == "classtype")
    return read_classtype(into, value);
  if (keyword == "priority")
    return read_priority(into, value);
  if (keyword == "reference")
    return read_reference(into, value);
  if (keyword == "metadata")
    return read_metadata(into, value);
  if (keyword == "target")
    return read_target(into, value);
  return {};
}

} // namespace cresset::detect::rule
