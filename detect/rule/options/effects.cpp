#include "detect/rule/options/effects.hpp"

#include <utility>

namespace cresset::detect::rule::options {

using text::errc;
using text::parsed;
using text::text_cursor;

namespace {

constexpr std::uint32_t tag_default_packets = 256;

parsed<std::uint32_t> whole_number(text_cursor in) {
  in = in.trimmed();
  const auto number = in.number();
  if (!number || !in.empty() || *number > UINT32_MAX)
    return in.fail(errc::number_expected, "a number of 32 bits is expected");
  return static_cast<std::uint32_t>(*number);
}

/// `word value`, the value being one of the two words.
template <typename T>
bool read_choice(text_cursor piece, std::string_view word, std::pair<std::string_view, T> a,
                 std::pair<std::string_view, T> b, T& into) {
  if (piece.word() != word)
    return false;
  const auto value = piece.trimmed().rest();
  if (value != a.first && value != b.first)
    return false;
  into = value == a.first ? a.second : b.second;
  return true;
}

} // namespace

parsed<tag> parse_tag(text_cursor in) {
  const auto pieces = text::split(in.trimmed(), ',', 4);
  if (!pieces)
    return unexpected{pieces.error()};
  tag made;
  made.count = tag_default_packets;
  const auto scope = (*pieces)[0].rest();
  const bool host = scope == "host";
  if (!host && scope != "session")
    return (*pieces)[0].fail(errc::unknown_value, "session or host is expected");
  made.of = host ? tag::scope::destination_host : tag::scope::session;
  if (pieces->size() == 1)
    return made;
  if (pieces->size() == 2)
    return in.fail(errc::missing, "packets, seconds or bytes is expected behind the number");
  const auto count = whole_number((*pieces)[1]);
  if (!count)
    return unexpected{count.error()};
  made.count = *count;
  const auto unit = (*pieces)[2].rest();
  if (unit == "seconds")
    made.counted = tag::unit::seconds;
  else if (unit == "bytes")
    made.counted = tag::unit::bytes;
  else if (unit != "packets")
    return (*pieces)[2].fail(errc::unknown_value, "packets, seconds or bytes is expected");
  if (pieces->size() == 4) {
    const auto side = (*pieces)[3].rest();
    if (!host || (side != "src" && side != "dst"))
      return (*pieces)[3].fail(errc::unknown_value, "src or dst is expected, for a host only");
    made.of = side == "src" ? tag::scope::source_host : tag::scope::destination_host;
  }
  return made;
}

parsed<filestore> parse_filestore(text_cursor in) {
  constexpr std::pair<std::string_view, filestore::side> sides[] = {
      {"request", filestore::side::to_server},
      {"to_server", filestore::side::to_server},
      {"response", filestore::side::to_client},
      {"to_client", filestore::side::to_client},
      {"both", filestore::side::both}};
  constexpr std::pair<std::string_view, filestore::scope> scopes[] = {
      {"file", filestore::scope::file},
      {"tx", filestore::scope::transaction},
      {"ssn", filestore::scope::flow},
      {"flow", filestore::scope::flow}};
  in = in.trimmed();
  filestore made;
  if (in.empty())
    return made;
  const auto pieces = text::split(in, ',', 2);
  if (!pieces)
    return unexpected{pieces.error()};
  bool known = false;
  for (const auto& [word, side] : sides)
    if ((*pieces)[0].rest() == word) {
      made.of = side;
      known = true;
    }
  if (!known)
    return (*pieces)[0].fail(errc::unknown_value, "request, response or both is expected");
  if (pieces->size() == 1)
    return made;
  known = false;
  for (const auto& [word, scope] : scopes)
    if ((*pieces)[1].rest() == word) {
      made.what = scope;
      known = true;
    }
  if (!known)
    return (*pieces)[1].fail(errc::unknown_value, "file, tx or flow is expected");
  return made;
}

parsed<config> parse_config(text_cursor in) {
  const auto pieces = text::split(in.trimmed(), ',', 3);
  if (!pieces)
    return unexpected{pieces.error()};
  config made;
  auto first = (*pieces)[0];
  const auto subject = first.word();
  if (subject == "tracking")
    made.what = config::subject::tracking;
  else if (subject != "logging")
    return first.fail(errc::unknown_value, "logging or tracking is expected");
  const auto action = first.trimmed().rest();
  if (action != "disable" && action != "enable")
    return first.fail(errc::unknown_value, "disable is expected");
  made.enable = action == "enable";
  bool typed = false;
  bool scoped = false;
  for (std::size_t i = 1; i < pieces->size(); ++i) {
    typed = read_choice((*pieces)[i], "type",
                        std::pair{std::string_view{"tx"}, config::type::transaction},
                        std::pair{std::string_view{"flow"}, config::type::flow}, made.of) ||
            typed;
    scoped = read_choice((*pieces)[i], "scope",
                         std::pair{std::string_view{"tx"}, config::scope::transaction},
                         std::pair{std::string_view{"flow"}, config::scope::flow}, made.in) ||
             read_choice((*pieces)[i], "scope",
                         std::pair{std::string_view{"packet"}, config::scope::packet},
                         std::pair{std::string_view{"packet"}, config::scope::packet}, made.in) ||
             scoped;
  }
  if (!typed || !scoped)
    return in.fail(errc::missing, "type tx or flow, and scope tx, flow or packet, are expected");
  return made;
}

parsed<packet_mark> parse_packet_mark(text_cursor in) {
  in = in.trimmed();
  const auto value = in.until('/');
  const auto mark = whole_number(value);
  if (!mark)
    return unexpected{mark.error()};
  packet_mark made{*mark, UINT32_MAX};
  if (!in.empty()) {
    const auto mask = whole_number(in);
    if (!mask)
      return unexpected{mask.error()};
    made.mask = *mask;
  }
  return made;
}

} // namespace cresset::detect::rule::options
