#include "detect/rule/options/match_options.hpp"

#include "detect/rule/text/lexer.hpp"

#include <algorithm>

namespace cresset::detect::rule::options {

using text::errc;
using text::parsed;
using text::text_cursor;

namespace {

struct keyword_entry {
  std::string_view keyword;
  std::string_view field;
  std::string_view protocols;
};

template <std::size_t Size>
const keyword_entry* find(const keyword_entry (&entries)[Size], std::string_view keyword) {
  const auto* found = std::find_if(std::begin(entries), std::end(entries),
                                   [&](const auto& entry) { return entry.keyword == keyword; });
  return found == std::end(entries) ? nullptr : found;
}

constexpr keyword_entry presences[] = {
    {"sameip", "sameip", ""},
    {"ftpbounce", "ftpbounce", "ftp"},
    {"tls_cert_valid", "tls_cert_valid", "tls"},
    {"tls_cert_expired", "tls_cert_expired", "tls"},
};
constexpr keyword_entry checksums[] = {
    {"ipv4-csum", "ipv4-csum", ""},     {"tcpv4-csum", "tcpv4-csum", ""},
    {"tcpv6-csum", "tcpv6-csum", ""},   {"udpv4-csum", "udpv4-csum", ""},
    {"udpv6-csum", "udpv6-csum", ""},   {"icmpv4-csum", "icmpv4-csum", ""},
    {"icmpv6-csum", "icmpv6-csum", ""},
};

struct word_entry {
  std::string_view keyword;
  std::string_view field;
  std::string_view protocols;
  std::string_view words; ///< blanks between
};
constexpr word_entry words[] = {
    {"ftpdata_command", "ftpdata_command", "ftp-data", "stor retr"},
    {"ftp.reply_received", "ftp.reply_received", "ftp", "yes on true 1 no off false 0"},
    {"mqtt.connack.session_present", "mqtt.connack.session_present", "mqtt", "yes true no false"},
    {"ssh.protoversion", "ssh.protoversion", "ssh", "1 1.3 1.5 1.99 2 2.0 2_compat"},
    {"l3_proto", "l3_proto", "", "ip4 ipv4 ip6 ipv6"},
};

constexpr keyword_entry texts[] = {
    {"filename", "filename", "http ftp-data smtp smb nfs http2"},
    {"fileext", "fileext", "http ftp-data smtp smb nfs http2"},
    {"filemagic", "filemagic", "http ftp-data smtp smb nfs http2"},
    {"tls.subject", "tls.subject", "tls"},
    {"tls.issuerdn", "tls.issuerdn", "tls"},
    {"tls.fingerprint", "tls.fingerprint", "tls"},
    {"ssh.softwareversion", "ssh.softwareversion", "ssh"},
};
constexpr keyword_entry variables[] = {{"flowvar", "flowvar", ""}, {"pktvar", "pktvar", ""}};

constexpr std::pair<std::string_view, hash_list::algorithm> hashes[] = {
    {"filemd5", hash_list::algorithm::md5},
    {"filesha1", hash_list::algorithm::sha1},
    {"filesha256", hash_list::algorithm::sha256},
};

constexpr std::pair<std::string_view, event_match::layer> events[] = {
    {"decode-event", event_match::layer::packet},
    {"engine-event", event_match::layer::packet},
    {"stream-event", event_match::layer::stream},
    {"app-layer-event", event_match::layer::application},
};

bool holds_word(std::string_view list, std::string_view word) {
  text_cursor in{list};
  while (!in.empty())
    if (in.until(' ').rest() == word)
      return true;
  return false;
}

parsed<text_match> read_text(const keyword_entry& entry, text_cursor in) {
  const auto value = text::unquote(in.rest(), in.position());
  if (!value)
    return unexpected{value.error()};
  text_match made;
  made.field = entry.field;
  made.protocols = entry.protocols;
  made.negated = value->negated;
  made.nocase = entry.field.starts_with("file");
  for (std::size_t i = 0; i < value->text.size(); ++i) {
    if (value->text[i] == '\\' && i + 1 < value->text.size())
      ++i;
    made.pattern.push_back(value->text[i]);
  }
  if (made.pattern.empty())
    return in.fail(errc::syntax, "an empty text");
  return made;
}

/// `name,"text"`.
parsed<text_match> read_variable(const keyword_entry& entry, text_cursor in) {
  const auto name = in.until(',');
  if (name.empty())
    return name.fail(errc::missing, "the name of a variable is expected");
  auto made = read_text(entry, in.trimmed());
  if (made)
    made->key = name.rest();
  return made;
}

parsed<text::comparison> read_operator_and_number(text_cursor test, text_cursor number,
                                                  std::uint64_t most) {
  // The operator and its number are two elements of the list; together they read as one comparison.
  const auto joined = std::string{test.rest()} + std::string{number.rest()};
  const auto read = text::parse_comparison(text_cursor{joined}, {most});
  if (!read)
    return test.fail(read.error().why, read.error().reason);
  if (test.empty() || test.rest().find_first_not_of("<>=!") != std::string_view::npos)
    return test.fail(errc::unknown_value, "one of < <= = != >= > is expected");
  return *read;
}

} // namespace

std::optional<parsed<presence>> parse_presence(std::string_view keyword, text_cursor in) {
  in = in.trimmed();
  if (const auto* entry = find(presences, keyword)) {
    if (!in.empty())
      return in.fail(errc::syntax, "the keyword takes no value");
    return presence{entry->field, entry->protocols, false};
  }
  const auto* entry = find(checksums, keyword);
  if (entry == nullptr)
    return std::nullopt;
  if (!text::equals_caseless(in.rest(), "valid") && !text::equals_caseless(in.rest(), "invalid"))
    return in.fail(errc::unknown_value, "valid or invalid is expected");
  return presence{entry->field, entry->protocols, text::equals_caseless(in.rest(), "valid")};
}

std::optional<parsed<word_match>> parse_word_match(std::string_view keyword, text_cursor in) {
  for (const auto& entry : words) {
    if (entry.keyword != keyword)
      continue;
    in = in.trimmed();
    word_match made;
    made.field = entry.field;
    made.protocols = entry.protocols;
    made.negated = in.skip("!");
    made.value = text::lower(in.rest());
    if (!holds_word(entry.words, made.value))
      return in.fail(errc::unknown_value, "one of these is expected: " + std::string{entry.words});
    made.number = made.value.ends_with('4')                      ? 4
                  : made.value.ends_with('6')                    ? 6
                  : holds_word("yes on true 1 stor", made.value) ? 1
                                                                 : 0;
    return made;
  }
  return std::nullopt;
}

std::optional<parsed<text_match>> parse_text_match(std::string_view keyword, text_cursor in) {
  if (const auto* entry = find(texts, keyword))
    return read_text(*entry, in.trimmed());
  if (const auto* entry = find(variables, keyword))
    return read_variable(*entry, in.trimmed());
  return std::nullopt;
}

std::optional<parsed<event_match>> parse_event_match(std::string_view keyword, text_cursor in) {
  for (const auto& [name, layer] : events) {
    if (name != keyword)
      continue;
    in = in.trimmed();
    const auto text = in.rest();
    if (in.word().size() != text.size() || text.empty())
      return in.fail(errc::syntax, "the name of an event is expected");
    event_match made{layer, {}, std::string{text}};
    if (layer == event_match::layer::stream && text.starts_with("stream."))
      made.name = text.substr(7);
    const auto dot = text.find('.');
    if (layer == event_match::layer::application && dot != std::string_view::npos) {
      made.protocol = text::lower(text.substr(0, dot));
      made.name = text.substr(dot + 1);
      if (made.protocol == "ikev2")
        made.protocol = "ike";
    } else if (layer == event_match::layer::application && !text.starts_with("applayer_")) {
      return in.fail(errc::unknown_value,
                     "protocol.event, or an event of the recogniser (applayer_…), is expected");
    }
    return made;
  }
  return std::nullopt;
}

std::optional<parsed<hash_list>> parse_hash_list(std::string_view keyword, text_cursor in) {
  for (const auto& [name, algorithm] : hashes) {
    if (name != keyword)
      continue;
    in = in.trimmed();
    hash_list made;
    made.with = algorithm;
    made.negated = in.skip("!");
    made.path = in.trimmed().rest();
    if (made.path.empty())
      return in.fail(errc::missing, "the name of a file is expected");
    return made;
  }
  return std::nullopt;
}

parsed<app_layer_protocol> parse_app_layer_protocol(text_cursor in) {
  using mode = app_layer_protocol::mode;
  constexpr std::pair<std::string_view, mode> modes[] = {
      {"final", mode::final},         {"original", mode::original},   {"either", mode::either},
      {"both", mode::both},           {"to_server", mode::to_server}, {"toserver", mode::to_server},
      {"to_client", mode::to_client}, {"toclient", mode::to_client},
  };
  in = in.trimmed();
  app_layer_protocol made;
  made.negated = in.skip("!");
  const auto name = in.until(',');
  made.name = text::lower(name.rest());
  if (made.name.empty())
    return name.fail(errc::missing, "the name of a protocol is expected");
  const auto word = in.trimmed();
  if (word.empty())
    return made;
  for (const auto& [text, meant] : modes)
    if (text == word.rest()) {
      made.of = meant;
      return made;
    }
  return word.fail(errc::unknown_value,
                   "final, original, either, both, to_server or to_client is expected");
}

parsed<app_layer_state> parse_app_layer_state(text_cursor in) {
  in = in.trimmed();
  app_layer_state made;
  if (in.skip("<"))
    made.how = app_layer_state::test::before;
  else if (in.skip(">"))
    made.how = app_layer_state::test::after;
  else
    in.skip("=");
  in.skip_blanks();
  made.name = in.word();
  if (made.name.empty() || !in.empty())
    return in.fail(errc::syntax, "the name of a state is expected");
  return made;
}

parsed<stream_size> parse_stream_size(text_cursor in) {
  const auto pieces = text::split(in, ',', 3);
  if (!pieces)
    return unexpected{pieces.error()};
  if (pieces->size() != 3)
    return in.fail(errc::syntax, "stream_size takes a side, an operator and a number");
  stream_size made;
  const auto side = (*pieces)[0].rest();
  if (side == "server")
    made.of = stream_size::side::server;
  else if (side == "client")
    made.of = stream_size::side::client;
  else if (side == "both")
    made.of = stream_size::side::both;
  else if (side == "either")
    made.of = stream_size::side::either;
  else
    return (*pieces)[0].fail(errc::unknown_value, "server, client, both or either is expected");
  const auto size = read_operator_and_number((*pieces)[1], (*pieces)[2], UINT32_MAX);
  if (!size)
    return unexpected{size.error()};
  made.size = *size;
  return made;
}

parsed<geoip> parse_geoip(text_cursor in) {
  constexpr std::pair<std::string_view, geoip::side> sides[] = {
      {"any", geoip::side::any},          {"both", geoip::side::both},
      {"src", geoip::side::source},       {"dst", geoip::side::destination},
      {"dest", geoip::side::destination},
  };
  const auto pieces = text::split(in.trimmed(), ',');
  if (!pieces)
    return unexpected{pieces.error()};
  geoip made;
  std::size_t first = 0;
  for (const auto& [word, side] : sides)
    if (text::equals_caseless((*pieces)[0].rest(), word)) {
      made.of = side;
      first = 1;
    }
  for (std::size_t i = first; i < pieces->size(); ++i) {
    auto piece = (*pieces)[i];
    const bool negated = piece.skip("!");
    if (i > first && negated != made.negated)
      return piece.fail(errc::contradiction, "all countries have a ! or none has");
    made.negated = negated;
    if (piece.rest().size() != 2)
      return piece.fail(errc::syntax, "a country is two letters");
    made.countries.emplace_back(piece.rest());
  }
  if (made.countries.empty())
    return in.fail(errc::missing, "no country is named");
  return made;
}

parsed<ip_reputation> parse_ip_reputation(text_cursor in) {
  using side = ip_reputation::side;
  constexpr std::pair<std::string_view, side> sides[] = {
      {"any", side::any}, {"src", side::source}, {"dst", side::destination}, {"both", side::both}};
  constexpr std::uint64_t score_limit = 127;
  const auto pieces = text::split(in.trimmed(), ',', 4);
  if (!pieces)
    return unexpected{pieces.error()};
  if (pieces->size() < 3 || (*pieces)[1].empty())
    return in.fail(errc::syntax, "iprep takes a side, a category, an operator and a score");
  ip_reputation made;
  const auto* found = std::begin(sides);
  while (found != std::end(sides) && found->first != (*pieces)[0].rest())
    ++found;
  if (found == std::end(sides))
    return (*pieces)[0].fail(errc::unknown_value, "any, src, dst or both is expected");
  made.of = found->second;
  made.category = (*pieces)[1].rest();
  const auto test = (*pieces)[2].rest();
  if (pieces->size() == 3 && (test == "isset" || test == "isnotset")) {
    made.how = test == "isset" ? ip_reputation::test::isset : ip_reputation::test::isnotset;
    return made;
  }
  if (pieces->size() == 3)
    return in.fail(errc::missing, "a score, isset or isnotset is expected");
  const auto value = read_operator_and_number((*pieces)[2], (*pieces)[3], score_limit);
  if (!value)
    return unexpected{value.error()};
  made.value = *value;
  return made;
}

} // namespace cresset::detect::rule::options
