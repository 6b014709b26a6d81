#pragma once

#include "detect/rule/text/comparison.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Conditions with a grammar of their own that look at no buffer.
namespace cresset::detect::rule::options {

/// A condition that is there or not: `sameip`, `ftpbounce`, `tls_cert_valid`, `tls_cert_expired`,
/// `tcpv4-csum:invalid`.
struct presence {
  std::string_view field;
  std::string_view protocols;
  bool negated = false; ///< `*-csum:valid` is not the event "invalid"
};

/// A word out of a list: `ftpdata_command:stor`, `ftp.reply_received:yes`,
/// `ssh.protoversion:2_compat`, `l3_proto:ipv6`.
struct word_match {
  std::string_view field;
  std::string_view protocols;
  std::string value; ///< lower case
  /// What a protocol's number of that name is when the word fits: 1 for yes, on, true and stor, 0
  /// for their opposites, 4 and 6 for IP.
  std::uint64_t number = 0;
  bool negated = false;
};

/// A text to find in something that is no buffer: `filename`, `fileext`, `filemagic`,
/// `tls.subject`, `tls.issuerdn`, `tls.fingerprint`, `ssh.softwareversion`, `flowvar`, `pktvar`.
struct text_match {
  std::string_view field;
  std::string_view protocols;
  std::string key; ///< flowvar, pktvar: the variable
  std::string pattern;
  bool negated = false;
  bool nocase = false;
};

/// `decode-event`, `stream-event`, `engine-event`, `app-layer-event`.
struct event_match {
  enum class layer : std::uint8_t { packet, stream, application };
  layer of{};
  std::string
      protocol; ///< application events: "http"; empty for those of the recogniser ("applayer_…")
  std::string name; ///< packet: "ipv4.pkt_too_small"; stream: "3whs_syn_flood"; application:
                    ///< "malformed_data"
};

/// `app-layer-protocol:[!]name[,final|original|either|both|to_server|to_client]`.
struct app_layer_protocol {
  enum class mode : std::uint8_t {
    by_direction,
    final,
    original,
    either,
    both,
    to_server,
    to_client
  };
  std::string name;
  mode of{};
  bool negated = false;
};

/// `app-layer-state`: how far the transaction is, by the protocol's own names.
struct app_layer_state {
  enum class test : std::uint8_t { at, before, after };
  test how{};
  std::string name;
};

/// `stream_size:side,op,number`: bytes of the stream seen so far.
struct stream_size {
  enum class side : std::uint8_t { server, client, both, either };
  side of{};
  text::comparison size;
};

/// `filemd5`, `filesha1`, `filesha256`: the file's hash is (or is not) in a list file.
struct hash_list {
  enum class algorithm : std::uint8_t { md5, sha1, sha256 };
  algorithm with{};
  std::string path;
  bool negated = false;
};

/// `geoip:[src|dst|both|any,]CC,CC…`.
struct geoip {
  enum class side : std::uint8_t { any, both, source, destination };
  side of = side::any;
  std::vector<std::string> countries;
  bool negated = false;
};

/// `iprep:any|src|dst|both,category,op,value`, or `isset` / `isnotset` instead of the comparison.
struct ip_reputation {
  enum class side : std::uint8_t { any, source, destination, both };
  enum class test : std::uint8_t { compare, isset, isnotset };
  side of{};
  std::string category;
  test how{};
  text::comparison value;
};

/// What the keyword's value says; nothing when the keyword is none of this kind.
std::optional<text::parsed<presence>> parse_presence(std::string_view keyword,
                                                     text::text_cursor in);
std::optional<text::parsed<word_match>> parse_word_match(std::string_view keyword,
                                                         text::text_cursor in);
std::optional<text::parsed<text_match>> parse_text_match(std::string_view keyword,
                                                         text::text_cursor in);
std::optional<text::parsed<event_match>> parse_event_match(std::string_view keyword,
                                                           text::text_cursor in);
std::optional<text::parsed<hash_list>> parse_hash_list(std::string_view keyword,
                                                       text::text_cursor in);

text::parsed<app_layer_protocol> parse_app_layer_protocol(text::text_cursor in);
text::parsed<app_layer_state> parse_app_layer_state(text::text_cursor in);
text::parsed<stream_size> parse_stream_size(text::text_cursor in);
text::parsed<geoip> parse_geoip(text::text_cursor in);
text::parsed<ip_reputation> parse_ip_reputation(text::text_cursor in);

} // namespace cresset::detect::rule::options
