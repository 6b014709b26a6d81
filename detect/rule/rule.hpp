#pragma once

#include "detect/rule/header.hpp"
#include "detect/rule/options/bits_match.hpp"
#include "detect/rule/options/effects.hpp"
#include "detect/rule/options/flow.hpp"
#include "detect/rule/options/match_options.hpp"
#include "detect/rule/options/number_match.hpp"
#include "detect/rule/options/protocol_options.hpp"
#include "detect/rule/options/state_bits.hpp"
#include "detect/rule/options/threshold.hpp"
#include "detect/rule/payload/buffer_keywords.hpp"
#include "detect/rule/payload/buffer_tests.hpp"
#include "detect/rule/payload/byte_options.hpp"
#include "detect/rule/payload/content.hpp"
#include "detect/rule/payload/pcre.hpp"
#include "detect/rule/payload/transform.hpp"

#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace cresset::detect::rule {

/// One test inside a buffer, in the order of the rule.
using match =
    std::variant<payload::content, payload::pcre, payload::isdataat, payload::bsize,
                 payload::byte_test, payload::byte_jump, payload::byte_extract, payload::byte_math,
                 payload::base64_decode, payload::absent, payload::entropy, payload::dataset,
                 payload::datarep, options::rpc, options::asn1>;

/// All tests of one buffer. Sticky buffers and old content modifiers end up here alike.
///
/// A buffer selected again goes on in its first section, behind what is there, so that relative
/// matches count from the last match in that buffer; with other transforms, or another direction,
/// it has a section of its own. A buffer with instances (`several`) begins a new section each time
/// it is selected: another instance may satisfy it.
struct buffer_section {
  const payload::buffer_keyword* keyword =
      nullptr;                ///< never null; its table lives as long as the program
  std::string frame;          ///< source frame: its name behind the protocol ("data", "pdu")
  std::string frame_protocol; ///< written before the frame's name, else the rule's
  std::optional<options::way> direction; ///< written behind a buffer that exists both ways
  std::vector<payload::transform> transforms;
  std::vector<match> matches;

  /// "" for the raw payload, else "http.uri", "pkt_data", "file.data", …
  std::string_view name() const noexcept { return keyword->name; }
  bool is_payload() const noexcept { return keyword->source == payload::buffer_source::payload; }
};

/// A test that looks at no buffer.
using condition =
    std::variant<options::number_match, options::bits_match, options::presence, options::word_match,
                 options::text_match, options::event_match, options::flowbits, options::xbits,
                 options::flowint, options::app_layer_protocol, options::app_layer_state,
                 options::stream_size, options::dce_interface, options::number_list,
                 options::hash_list, options::geoip, options::ip_reputation, options::modbus,
                 options::dnp3_object, options::cip_service, options::ike_attribute>;

/// What happens after a match, in the order of the rule.
using effect = std::variant<options::flowbits, options::xbits, options::flowint, options::tag,
                            options::filestore, options::config, options::bypass,
                            options::tls_store, options::packet_mark>;

struct reference {
  std::string system; ///< "cve", "url", …
  std::string id;
};

enum class target : std::uint8_t { none, source, destination };

/// Where a rule stands, for messages to humans. Lines and columns begin at 1.
struct source_location {
  std::string file;
  std::uint32_t line = 0;
};

/// One rule as read: everything resolved that needs no traffic. Immutable after parsing.
struct rule {
  detect::rule::header header;
  std::uint32_t gid = 1;
  std::uint32_t sid = 0;
  std::uint32_t rev = 0;
  std::string msg;
  std::string classtype;
  std::optional<std::uint8_t> priority; ///< as written; else the classtype's
  std::vector<std::pair<std::string, std::string>> metadata;
  std::vector<reference> references;
  detect::rule::target target{};
  source_location location;
  std::string text; ///< the rule as written, continuation lines joined

  std::vector<buffer_section> sections;
  std::vector<condition> conditions; ///< all must hold
  std::vector<effect> effects;
  std::optional<options::flow> flow;
  std::optional<options::threshold> threshold;
  std::optional<options::detection_filter> detection_filter;
  std::vector<std::string> byte_variables; ///< slot n of an operand is byte_variables[n]
  bool noalert = false;
  bool prefilter = false; ///< `prefilter` was written; behind what, does not matter to us

  /// The application protocol: the header's, or what its buffers and fields imply when all agree on
  /// one ("http" for a tcp rule with http.uri). Empty when there is none or several are possible;
  /// then `protocols` lists them.
  std::string app_protocol;
  std::vector<std::string>
      app_protocols; ///< every protocol a flow may speak for this rule; empty: any or none
};

} // namespace cresset::detect::rule
