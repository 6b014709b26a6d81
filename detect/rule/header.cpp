#include "detect/rule/header.hpp"

#include "detect/rule/text/text_cursor.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace cresset::detect::rule {

using text::errc;
using text::parsed;
using text::refusal;
using text::text_cursor;

namespace {

constexpr std::pair<std::string_view, action> actions[] = {
    {"alert", action::alert},
    {"pass", action::pass},
    {"drop", action::drop},
    {"reject", action::reject},
    {"rejectsrc", action::reject_source},
    {"rejectdst", action::reject_destination},
    {"rejectboth", action::reject_both},
    {"config", action::config},
};

/// A protocol word, and what it asks of the packet. An application protocol is a word of its own.
struct protocol_word {
  std::string_view word;
  transport below;
  tcp_bytes bytes = tcp_bytes::by_options;
  bool decoder_only = false;
};
constexpr protocol_word protocol_words[] = {
    {"ip", transport::ip},
    {"ip4", transport::ipv4},
    {"ipv4", transport::ipv4},
    {"ip6", transport::ipv6},
    {"ipv6", transport::ipv6},
    {"tcp", transport::tcp},
    {"tcp-pkt", transport::tcp, tcp_bytes::packet},
    {"tcp-stream", transport::tcp, tcp_bytes::stream},
    {"udp", transport::udp},
    {"icmp", transport::icmp},
    {"icmpv4", transport::icmpv4},
    {"icmpv6", transport::icmpv6},
    {"sctp", transport::sctp},
    {"pkthdr", transport::ip, tcp_bytes::by_options, true},
};

/// Application protocols, with the word the rest of the engine uses for them and what carries them.
struct application_word {
  std::string_view word;
  std::string_view protocol;
  transport below;
};
constexpr application_word application_words[] = {
    {"http", "http", transport::tcp},
    {"http1", "http1", transport::tcp},
    {"http2", "http2", transport::tcp},
    {"tls", "tls", transport::tcp},
    {"ssl", "tls", transport::tcp},
    {"dns", "dns", transport::ip},
    {"mdns", "mdns", transport::udp},
    {"llmnr", "llmnr", transport::udp},
    {"doh2", "doh2", transport::tcp},
    {"smb", "smb", transport::tcp},
    {"smb2", "smb", transport::tcp},
    {"dcerpc", "dcerpc", transport::ip},
    {"smtp", "smtp", transport::tcp},
    {"imap", "imap", transport::tcp},
    {"pop3", "pop3", transport::tcp},
    {"ftp", "ftp", transport::tcp},
    {"ftp-data", "ftp-data", transport::tcp},
    {"ssh", "ssh", transport::tcp},
    {"telnet", "telnet", transport::tcp},
    {"rdp", "rdp", transport::tcp},
    {"rfb", "rfb", transport::tcp},
    {"nfs", "nfs", transport::ip},
    {"tftp", "tftp", transport::udp},
    {"ntp", "ntp", transport::udp},
    {"snmp", "snmp", transport::udp},
    {"dhcp", "dhcp", transport::udp},
    {"sip", "sip", transport::ip},
    {"krb5", "krb5", transport::ip},
    {"ldap", "ldap", transport::ip},
    {"mqtt", "mqtt", transport::tcp},
    {"modbus", "modbus", transport::tcp},
    {"dnp3", "dnp3", transport::tcp},
    {"enip", "enip", transport::ip},
    {"ike", "ike", transport::udp},
    {"ikev2", "ike", transport::udp},
    {"quic", "quic", transport::udp},
    {"pgsql", "pgsql", transport::tcp},
    {"websocket", "websocket", transport::tcp},
    {"bittorrent-dht", "bittorrent-dht", transport::udp},
    {"irc", "irc", transport::tcp},
};

unexpected<refusal> refuse(errc why, std::string reason, const text::raw_rule::header_word& word) {
  return unexpected{refusal{why, std::move(reason), word.at}};
}

parsed<void> read_protocol(header& made, const text::raw_rule::header_word& word) {
  const auto lowered = text::lower(word.text);
  const auto colon = lowered.find(':');
  made.protocol = lowered.substr(0, colon);
  if (colon != std::string::npos)
    made.hook = lowered.substr(colon + 1);
  if (colon != std::string::npos && made.hook.empty())
    return refuse(errc::syntax, "the name of a hook is missing", word);
  for (const auto& known : protocol_words)
    if (known.word == made.protocol) {
      made.transport = known.below;
      made.tcp_bytes = known.bytes;
      made.decoder_only = known.decoder_only;
      return {};
    }
  for (const auto& known : application_words)
    if (known.word == made.protocol) {
      made.transport = known.below;
      made.app_protocol = known.protocol;
      return {};
    }
  return refuse(errc::unknown_value, "the protocol '" + std::string{word.text} + "' is not known",
                word);
}

bool read_action(header& made, std::string_view word) {
  for (const auto& [name, meant] : actions)
    if (text::equals_caseless(name, word)) {
      made.action = meant;
      return true;
    }
  return false;
}

bool read_direction(header& made, std::string_view word) {
  if (word == "->")
    made.direction = header_direction::one_way;
  else if (word == "<>")
    made.direction = header_direction::both_ways;
  else if (word == "=>")
    made.direction = header_direction::transaction;
  else
    return false;
  return true;
}

} // namespace

std::string_view app_protocol_named(std::string_view word) noexcept {
  for (const auto& known : application_words)
    if (known.word == word)
      return known.protocol;
  return {};
}

parsed<header> parse_header(const text::raw_rule& cut, variables& names) {
  const auto& words = cut.header;
  header made;
  if (!read_action(made, words[0].text))
    return refuse(errc::unknown_value,
                  "the action '" + std::string{words[0].text} + "' is not known", words[0]);
  if (auto fine = read_protocol(made, words[1]); !fine)
    return unexpected{fine.error()};
  if (!read_direction(made, words[4].text))
    return refuse(errc::unknown_value, "->, <> or => is expected", words[4]);
  auto source = names.addresses(words[2].text, words[2].at);
  if (!source)
    return unexpected{source.error()};
  auto destination = names.addresses(words[5].text, words[5].at);
  if (!destination)
    return unexpected{destination.error()};
  auto source_port = names.ports(words[3].text, words[3].at);
  if (!source_port)
    return unexpected{source_port.error()};
  auto destination_port = names.ports(words[6].text, words[6].at);
  if (!destination_port)
    return unexpected{destination_port.error()};
  made.source = *std::move(source);
  made.destination = *std::move(destination);
  made.source_port = *std::move(source_port);
  made.destination_port = *std::move(destination_port);
  if (made.direction == header_direction::transaction && made.app_protocol.empty())
    return refuse(errc::contradiction, "=> needs an application protocol", words[4]);
  return made;
}

} // namespace cresset::detect::rule
