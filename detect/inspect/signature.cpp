#include "detect/inspect/signature.hpp"

#include "detect/inspect/condition.hpp"
#include "detect/inspect/file_condition.hpp"
#include "detect/proto/catalogue/catalogue.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace cresset::detect::inspect {
namespace {

using rule::payload::buffer_source;
using namespace rule::options;

constexpr std::size_t shortest_literal = 3; // shorter ones match everywhere and slow all the others
constexpr std::size_t longest_literal =
    48; // longer ones are not rarer, and stretch what is scanned again

/// "http" means either version; the others are one protocol each.
expected<protocol_set, std::string> protocols_of(const rule::rule& from) {
  protocol_set set;
  const auto add = [&](std::string_view name) -> bool {
    if (name == "http1")
      name = "http";
    const auto protocol = proto::app_protocol_from(name);
    if (!protocol)
      return false;
    set.set(static_cast<std::size_t>(*protocol));
    if (*protocol == proto::app_protocol::http && from.header.app_protocol != "http1")
      set.set(static_cast<std::size_t>(proto::app_protocol::http2));
    return true;
  };
  std::string unknown;
  for (const auto& name : from.app_protocols)
    if (!add(name))
      unknown = name;
  if (from.app_protocols.empty() && !from.app_protocol.empty() && !add(from.app_protocol))
    unknown = from.app_protocol;
  if (set.none() && !unknown.empty())
    return unexpected{fmt::format("protocol {} is not supported yet", unknown)};
  return set;
}

struct traits {
  bool decoder = false;     // looks at decoder events
  bool transaction = false; // looks at what a parser gives
  bool files = false;
  bool packet = false; // looks at one packet's header or size
  bool payload = false;
  bool anchored_payload = false;
  bool frames = false;
  bool protocol_test = false; // app-layer-protocol
  bool other = false;
};

void look_at(const rule::condition& c, traits& has) {
  if (const auto* event = std::get_if<event_match>(&c)) {
    has.decoder |= event->of == event_match::layer::packet;
    has.packet |= event->of == event_match::layer::stream;
    has.transaction |= event->of == event_match::layer::application;
  } else if (const auto* number = std::get_if<number_match>(&c)) {
    has.packet |= number->source == field_source::packet;
    has.transaction |=
        number->source == field_source::transaction || number->source == field_source::file;
    has.files |= number->source == field_source::file;
    has.other |= number->source == field_source::flow;
  } else if (const auto* bit = std::get_if<xbits>(&c)) {
    has.transaction |= bit->track == xbits::key::transaction;
    has.other = true;
  } else if (std::holds_alternative<ip_reputation>(c) || std::holds_alternative<geoip>(c)) {
    // of addresses alone: such a rule may be an IP-only rule
  } else if (std::holds_alternative<app_layer_protocol>(c)) {
    has.protocol_test = true;
  } else if (std::holds_alternative<dce_interface>(c) || std::holds_alternative<ike_attribute>(c) ||
             std::holds_alternative<app_layer_state>(c)) {
    has.transaction = true;
  } else {
    const auto protocols = std::visit(
        [](const auto& test) -> std::string_view {
          if constexpr (requires { test.protocols; })
            return test.protocols;
          else
            return {};
        },
        c);
    const bool bits = std::holds_alternative<bits_match>(c) ||
                      std::holds_alternative<presence>(c) || std::holds_alternative<word_match>(c);
    // conditions with a grammar of their own belong to one protocol and carry no list of them
    const bool of_one_protocol =
        std::holds_alternative<modbus>(c) || std::holds_alternative<dnp3_object>(c) ||
        std::holds_alternative<cip_service>(c) || std::holds_alternative<ike_attribute>(c) ||
        std::holds_alternative<dce_interface>(c);
    if (!protocols.empty() || of_one_protocol)
      has.transaction = true;
    else if (bits)
      has.packet = true;
    else
      has.other = true;
    if (const auto* text = std::get_if<text_match>(&c))
      has.files |= text->field.starts_with("file");
    has.files |= std::holds_alternative<hash_list>(c);
    has.transaction |= has.files;
  }
}

traits traits_of(const rule::rule& from) {
  traits has;
  has.decoder = from.header.decoder_only;
  for (const auto& c : from.conditions)
    look_at(c, has);
  for (const auto& s : from.sections) {
    switch (s.keyword->source) {
    case buffer_source::payload: has.payload = true; break;
    case buffer_source::packet: has.packet = true; break;
    case buffer_source::decoded: break;
    case buffer_source::file: has.files = has.transaction = true; break;
    case buffer_source::transaction: has.transaction = true; break;
    case buffer_source::frame: has.frames = true; break;
    }
    if (s.is_payload())
      for (const auto& m : s.matches)
        if (const auto* c = std::get_if<rule::payload::content>(&m))
          has.anchored_payload |= c->offset.has_value() || c->depth.has_value();
  }
  // a rule that only says which files to store looks at every file
  const bool stores = std::any_of(from.effects.begin(), from.effects.end(), [](const auto& e) {
    return std::holds_alternative<filestore>(e);
  });
  if (stores && !has.payload)
    has.files = has.transaction = true;
  return has;
}

rule_kind kind_of(const rule::rule& from, const traits& has, bool names_protocol) {
  if (has.decoder)
    return rule_kind::decoder_event;
  if (has.frames)
    return rule_kind::frame;
  if (has.transaction)
    return rule_kind::transaction;
  const auto stream = from.flow ? from.flow->seen_as : flow::stream::any;
  if (has.payload) {
    if (has.packet || from.header.tcp_bytes == rule::tcp_bytes::packet ||
        stream == flow::stream::no_stream)
      return rule_kind::packet;
    if (from.header.tcp_bytes == rule::tcp_bytes::stream || stream == flow::stream::only_stream)
      return rule_kind::stream;
    return has.anchored_payload ? rule_kind::packet_and_stream : rule_kind::stream;
  }
  if (has.packet)
    return rule_kind::packet;
  if ((names_protocol || has.protocol_test) && !has.other)
    return rule_kind::protocol_only;
  if (!names_protocol && !has.protocol_test && !has.other && !from.flow &&
      from.header.has_any_port() && from.effects.empty())
    return rule_kind::ip_only;
  return rule_kind::packet;
}

expected<section, std::string> make_section(const rule::buffer_section& from,
                                            const protocol_set& protocols, lists::library& lists,
                                            const std::filesystem::path& folder) {
  auto tests = buffer::make_chain(from, lists, folder);
  if (!tests)
    return unexpected{tests.error()};
  auto transforms = buffer::transformer::make(from.transforms, lists);
  if (!transforms)
    return unexpected{transforms.error()};
  section made{.source = &from,
               .tests = *std::move(tests),
               .transforms = *std::move(transforms),
               .places = {}};
  if (from.keyword->source == buffer_source::transaction)
    made.places = buffer_places(from.name(), protocols, from.direction);
  if (from.keyword->source == buffer_source::file) {
    // whoever lists file.data carries files, and with them their names and kinds
    made.places = buffer_places("file.data", protocols, from.direction);
    for (auto& place : made.places)
      place.part = from.name() == "file.name"    ? file_part::name
                   : from.name() == "file.magic" ? file_part::magic
                                                 : file_part::data;
  }
  if (made.places.empty() && (from.keyword->source == buffer_source::transaction ||
                              from.keyword->source == buffer_source::file))
    return unexpected{fmt::format("buffer {} is not supported yet for this protocol", from.name())};
  return made;
}

/// A rule about frames looks at one type of one protocol's, and at nothing else of a transaction: a
/// sentence when it asks for more than a frame can answer.
std::string settle_frames(signature& made, const traits& has) {
  if (has.transaction)
    return "a frame and buffers of a transaction do not go together yet";
  std::string_view protocol;
  for (const auto& s : made.sections) {
    if (s.source->keyword->source != buffer_source::frame)
      continue;
    if (!made.frame_type.empty() &&
        (made.frame_type != s.source->frame || protocol != s.source->frame_protocol))
      return "frames of two types in one rule are not supported yet";
    made.frame_type = s.source->frame;
    protocol = s.source->frame_protocol;
  }
  const auto known =
      proto::app_protocol_from(protocol == "http1" ? std::string_view{"http"} : protocol);
  const auto* table = known ? proto::catalogue::describe(*known) : nullptr;
  if (table == nullptr)
    return fmt::format("frame {}.{} is not known", protocol, made.frame_type);
  // the manual writes "record_hdr" and "record.hdr" of one frame
  const auto is_same = [](char a, char b) {
    return a == b || ((a == '.' || a == '_') && (b == '.' || b == '_'));
  };
  const auto type =
      std::find_if(table->frames.begin(), table->frames.end(), [&](std::string_view each) {
        return std::equal(each.begin(), each.end(), made.frame_type.begin(), made.frame_type.end(),
                          is_same);
      });
  if (type == table->frames.end())
    return fmt::format("frame {}.{} is not known", protocol, made.frame_type);
  made.frame_type = *type;
  made.protocols.reset();
  made.protocols.set(static_cast<std::size_t>(*known));
  return {};
}

/// Which directions a run may have, and whether one run can see all the rule needs.
void find_ways(signature& made, const rule::rule& from) {
  std::array<bool, 2> all{true, true}; // every section exists that way
  std::array<bool, 2> any{false, false};
  for (const auto& s : made.sections) {
    if (s.places.empty())
      continue;
    for (std::size_t way = 0; way < 2; ++way) {
      const bool has = std::any_of(s.places.begin(), s.places.end(), [&](const table_place& p) {
        return proto::index(p.way) == way;
      });
      all[way] = all[way] && has;
      any[way] = any[way] || has;
    }
  }
  if (!all[0] && !all[1] && any[0] && any[1])
    made.is_transactional = true;
  else if (any[0] || any[1])
    made.ways = all;
  if (from.flow && from.flow->direction && !made.is_transactional) {
    const bool to_server = *from.flow->direction == way::to_server;
    made.ways = {made.ways[0] && to_server, made.ways[1] && !to_server};
  }
}

/// What a scan for this content would look for; empty when it is of no use.
std::string literal_of(const rule::payload::content& c) {
  using prefilter = rule::payload::content::prefilter;
  if (c.negated)
    return {};
  auto bytes = c.fast_pattern == prefilter::part ? c.pattern.substr(c.part_offset, c.part_length)
                                                 : c.pattern;
  const auto zeros = static_cast<std::size_t>(std::count(bytes.begin(), bytes.end(), '\0'));
  if (bytes.size() < shortest_literal || zeros == bytes.size())
    return {};
  return bytes.size() > longest_literal ? bytes.substr(bytes.size() - longest_literal) : bytes;
}

std::size_t different_bytes(const std::string& literal) {
  std::bitset<256> seen;
  for (const char b : literal)
    seen.set(static_cast<unsigned char>(b));
  return seen.count();
}

/// Longer is rarer; runs of one byte and zeros are not. A literal the author marked goes before all
/// others.
std::size_t worth(const rule::payload::content& c, const std::string& literal) {
  if (literal.empty())
    return 0;
  const bool marked = c.fast_pattern != rule::payload::content::prefilter::automatic;
  return std::min<std::size_t>(literal.size(), 64) + 2 * different_bytes(literal) +
         (marked ? 1000 : 0);
}

void choose_lead(signature& made) {
  std::size_t best = 0;
  for (std::uint32_t i = 0; i < made.sections.size(); ++i) {
    const auto& s = made.sections[i];
    const bool of_transaction = !s.places.empty();
    if ((s.source->keyword->source == buffer_source::frame) != (made.kind == rule_kind::frame) ||
        of_transaction != (made.kind == rule_kind::transaction) || s.tests.is_absent_test ||
        s.source->keyword->source == buffer_source::packet ||
        s.source->keyword->source == buffer_source::decoded)
      continue;
    if (made.lead.section == lead::none)
      made.lead.section = i; // at least looked at first
    if (!s.source->transforms.empty() && !s.places.empty() && s.places.front().gathered)
      continue;
    for (const auto& m : s.source->matches)
      if (const auto* c = std::get_if<rule::payload::content>(&m)) {
        const auto literal = literal_of(*c);
        if (const auto score = worth(*c, literal); score > best) {
          best = score;
          made.lead = {i, literal, c->nocase};
        }
      }
  }
}

} // namespace

bool matches(const section& one, const buffer::window& on, buffer::workspace& work) {
  if (one.transforms.empty())
    return buffer::matches(one.tests, on, work);
  std::vector<std::byte> changed;
  return one.transforms.apply(on.bytes, changed, work.regex) &&
         buffer::matches(one.tests, {.bytes = changed}, work);
}

expected<signature, std::string> make_signature(const rule::rule& from, lists::library& lists) {
  signature made;
  made.source = &from;
  if (!from.header.hook.empty())
    return unexpected{std::string{"firewall hooks are not supported"}};
  auto protocols = protocols_of(from);
  if (!protocols)
    return unexpected{protocols.error()};
  made.protocols = *protocols;
  const auto folder = std::filesystem::path{from.location.file}.parent_path();
  for (const auto& s : from.sections) {
    auto ready = make_section(s, made.protocols, lists, folder);
    if (!ready)
      return unexpected{ready.error()};
    made.harvests = made.harvests || ready->tests.harvests;
    made.sections.push_back(*std::move(ready));
  }
  for (const auto& c : from.conditions) {
    auto ready = make_condition(c, made.protocols, lists);
    if (!ready)
      return unexpected{ready.error()};
    if (const auto* list = std::get_if<hash_list>(&c)) {
      auto read = file_hashes::read(list_path(list->path, from), list->with);
      if (!read)
        return unexpected{read.error()};
      ready->hashes = *std::move(read);
    }
    made.conditions.push_back(*std::move(ready));
  }
  const auto has = traits_of(from);
  made.kind = kind_of(from, has, made.protocols.any());
  if (made.kind == rule_kind::frame)
    if (auto wrong = settle_frames(made, has); !wrong.empty())
      return unexpected{std::move(wrong)};
  made.is_about_files = has.files;
  made.threshold = from.threshold;
  made.needs_stream_only = from.flow && from.flow->seen_as == flow::stream::only_stream;
  find_ways(made, from);
  const auto is_event = [](const rule::condition& c) {
    const auto* event = std::get_if<event_match>(&c);
    return event != nullptr && event->of == event_match::layer::application;
  };
  made.is_about_events = made.sections.empty() && !(from.flow && from.flow->direction) &&
                         std::any_of(from.conditions.begin(), from.conditions.end(), is_event);
  choose_lead(made);
  return made;
}

} // namespace cresset::detect::inspect
