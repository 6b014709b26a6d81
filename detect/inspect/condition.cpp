#include "detect/inspect/condition.hpp"

#include "detect/inspect/address_condition.hpp"
#include "detect/inspect/address_state.hpp"
#include "detect/inspect/dce_interface.hpp"
#include "detect/inspect/flow_record.hpp"
#include "detect/inspect/industry_match.hpp"
#include "detect/inspect/packet_field.hpp"
#include "detect/inspect/state_condition.hpp"
#include "detect/inspect/subject.hpp"
#include "detect/inspect/text_condition.hpp"
#include "detect/proto/catalogue/catalogue.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace cresset::detect::inspect {
namespace {

using namespace rule::options;
using layer = ready_condition::layer;

std::vector<proto::app_protocol> tables_of(const protocol_set& protocols) {
  std::vector<proto::app_protocol> tables;
  for (const auto p : proto::catalogue::parsed())
    if (protocols.none() || protocols.test(static_cast<std::size_t>(p)))
      tables.push_back(p);
  return tables;
}

/// Words that stand for the value of a transaction's field.
std::optional<std::uint64_t> number_of_word(std::string_view word) noexcept {
  if (word == "yes" || word == "on" || word == "true" || word == "1" || word == "stor")
    return 1;
  if (word == "no" || word == "off" || word == "false" || word == "0")
    return 0;
  if (word == "retr")
    return 2;
  return std::nullopt;
}

std::string not_yet(std::string_view what) {
  return fmt::format("{} is not supported yet", what);
}

bool judge(const flowbits& bits, const subject& on) noexcept {
  const bool any = on.record != nullptr &&
                   std::any_of(bits.names.begin(), bits.names.end(),
                               [&](const auto& name) { return on.record->bits.contains(name); });
  return (bits.what == bit_action::isset) == any;
}

bool judge(const xbits& bit, const subject& on,
           std::optional<std::uint64_t> transaction = std::nullopt) noexcept {
  return (bit.what == bit_action::isset) == is_set(bit, on, transaction);
}

bool fold_equal(char a, char b) noexcept {
  return std::tolower(static_cast<unsigned char>(a)) == std::tolower(static_cast<unsigned char>(b));
}

bool contains(std::string_view text, std::string_view pattern, bool nocase) noexcept {
  if (!nocase)
    return text.find(pattern) != std::string_view::npos;
  return std::search(text.begin(), text.end(), pattern.begin(), pattern.end(), fold_equal) !=
         text.end();
}

/// `flowvar` and `pktvar`: the text stands in the variable.
bool judge(const text_match& test, const subject& on) noexcept {
  const auto has = [&](const std::string& value) {
    return contains(value, test.pattern, test.nocase) != test.negated;
  };
  if (test.field == "flowvar") {
    if (on.record == nullptr)
      return false;
    const auto found = on.record->variables.find(test.key);
    return found != on.record->variables.end() && has(found->second);
  }
  return on.packet_variables != nullptr &&
         std::any_of(on.packet_variables->begin(), on.packet_variables->end(),
                     [&](const auto& v) { return v.first == test.key && has(v.second); });
}

bool judge(const flowint& test, const subject& on) noexcept {
  const auto value_of = [&](const std::string& name) -> std::optional<std::uint32_t> {
    if (on.record == nullptr)
      return std::nullopt;
    const auto found = on.record->numbers.find(name);
    return found == on.record->numbers.end() ? std::nullopt : std::optional{found->second};
  };
  const auto value = value_of(test.name);
  if (test.what == flowint::action::isset || test.what == flowint::action::isnotset)
    return value.has_value() == (test.what == flowint::action::isset);
  const auto other = test.other.empty() ? std::optional{test.value} : value_of(test.other);
  if (!value || !other)
    return false;
  switch (test.what) {
  case flowint::action::less: return *value < *other;
  case flowint::action::less_or_equal: return *value <= *other;
  case flowint::action::equal: return *value == *other;
  case flowint::action::not_equal: return *value != *other;
  case flowint::action::greater_or_equal: return *value >= *other;
  case flowint::action::greater: return *value > *other;
  default: return false;
  }
}

bool judge(const app_layer_protocol& test, const subject& on) noexcept {
  if (on.flow == nullptr)
    return false;
  using mode = app_layer_protocol::mode;
  const auto is = [&](std::string_view known) {
    return known == test.name || (test.name == "http" && known == "http2") ||
           (test.name == "http1" && known == "http") || (test.name == "unknown" && known.empty());
  };
  const auto way = test.of == mode::to_server   ? proto::direction::to_server
                   : test.of == mode::to_client ? proto::direction::to_client
                                                : on.way;
  const auto to_server = on.flow->app_protocol(proto::direction::to_server);
  const auto to_client = on.flow->app_protocol(proto::direction::to_client);
  switch (test.of) {
  case mode::either: return (is(to_server) || is(to_client)) != test.negated;
  case mode::both: return (is(to_server) && is(to_client)) != test.negated;
  case mode::by_direction:
  case mode::final:
  case mode::original: {
    const auto original = on.flow->original_protocol();
    const auto known =
        test.of == mode::original && !original.empty() ? original : on.flow->app_protocol();
    if (test.negated && known.empty())
      return false; // nothing is known yet
    return is(known) != test.negated;
  }
  case mode::to_server:
  case mode::to_client: {
    const auto known = on.flow->app_protocol(way);
    return (!test.negated || !known.empty()) && is(known) != test.negated;
  }
  }
  return false;
}

bool judge(const stream_size& test, const subject& on) noexcept {
  if (on.flow == nullptr || !on.flow->session)
    return false;
  // What sequence numbers count: the SYN is one of them, as rules with `dsize:9;
  // stream_size:server,=,10` know.
  const auto counted = [&](proto::direction way) -> std::uint64_t {
    const bool has_spoken = on.flow->totals(way).packets != 0;
    return has_spoken ? on.flow->session->stream(way).total_bytes() + 1 : 0;
  };
  const auto client = counted(proto::direction::to_server);
  const auto server = counted(proto::direction::to_client);
  switch (test.of) {
  case stream_size::side::server: return test.size(server);
  case stream_size::side::client: return test.size(client);
  case stream_size::side::both: return test.size(server) && test.size(client);
  case stream_size::side::either: return test.size(server) || test.size(client);
  }
  return false;
}

bool judge(const event_match& test, const subject& on) noexcept {
  if (test.of == event_match::layer::packet)
    return on.packet != nullptr &&
           std::any_of(on.packet->events().begin(), on.packet->events().end(),
                       [&](auto event) { return to_string(event) == test.name; });
  return std::any_of(on.tcp_events.begin(), on.tcp_events.end(),
                     [&](auto event) { return flow::to_string(event) == test.name; });
}

} // namespace

std::vector<table_place> buffer_places(std::string_view name, const protocol_set& protocols,
                                       std::optional<way> only) {
  std::vector<table_place> places;
  for (const auto protocol : tables_of(protocols)) {
    const auto buffers = proto::catalogue::describe(protocol)->buffers;
    for (std::size_t id = 0; id < buffers.size(); ++id) {
      const auto& b = buffers[id];
      const bool wanted =
          !only || (*only == way::to_server) == (b.way == proto::direction::to_server);
      if (b.name == name && wanted)
        places.push_back({protocol, b.way, static_cast<std::uint8_t>(id), b.available_at, b.several,
                          b.gathered});
    }
  }
  return places;
}

std::vector<table_place> field_places(std::string_view name, const protocol_set& protocols) {
  std::vector<table_place> places;
  for (const auto protocol : tables_of(protocols)) {
    const auto fields = proto::catalogue::describe(protocol)->fields;
    for (std::size_t id = 0; id < fields.size(); ++id)
      if (fields[id].name == name)
        places.push_back({protocol, fields[id].way, static_cast<std::uint8_t>(id),
                          fields[id].available_at, fields[id].several, false});
  }
  return places;
}

expected<ready_condition, std::string> make_condition(const rule::condition& from,
                                                      const protocol_set& protocols,
                                                      const lists::library& lists) {
  ready_condition made;
  made.source = &from;
  if (auto places = text_places(from, protocols)) {
    made.of = layer::transaction;
    made.is_text = true;
    made.places = *std::move(places);
    return made;
  }
  const auto of_packet_field = [&](std::string_view name) {
    made.field = find_packet_field(name);
    return made.field != nullptr;
  };
  const auto of_transaction = [&](std::string_view name) {
    made.of = layer::transaction;
    made.places = field_places(name, protocols);
    return !made.places.empty();
  };
  if (const auto* number = std::get_if<number_match>(&from)) {
    const std::string name =
        number->field == "urilen" && number->raw ? "urilen.raw" : std::string{number->field};
    if (number->source == field_source::file) {
      made.of = layer::file;
      return number->field == "filesize" ? expected<ready_condition, std::string>{made}
                                         : unexpected{not_yet(number->field)};
    }
    const bool known =
        number->source == field_source::transaction ? of_transaction(name) : of_packet_field(name);
    return known ? expected<ready_condition, std::string>{made} : unexpected{not_yet(name)};
  }
  if (const auto* bits = std::get_if<bits_match>(&from)) {
    const bool known =
        bits->protocols.empty() ? of_packet_field(bits->field) : of_transaction(bits->field);
    return known ? expected<ready_condition, std::string>{made} : unexpected{not_yet(bits->field)};
  }
  if (const auto* there = std::get_if<presence>(&from)) {
    const bool known =
        there->protocols.empty() ? of_packet_field(there->field) : of_transaction(there->field);
    return known ? expected<ready_condition, std::string>{made} : unexpected{not_yet(there->field)};
  }
  if (const auto* event = std::get_if<event_match>(&from)) {
    made.of = event->of == event_match::layer::application ? layer::transaction : layer::packet;
    return made;
  }
  if (const auto* text = std::get_if<text_match>(&from)) {
    if (text->field == "flowvar" || text->field == "pktvar") {
      made.of = layer::flow;
      return made;
    }
    made.of = layer::file;
    if (text->field == "filename" || text->field == "fileext" || text->field == "filemagic")
      return made;
    return unexpected{not_yet(text->field)};
  }
  if (std::holds_alternative<hash_list>(from)) {
    made.of = layer::file; // the list itself is read beside the rule
    return made;
  }
  if (const auto* word = std::get_if<word_match>(&from)) {
    const bool known =
        word->protocols.empty() ? of_packet_field(word->field) : of_transaction(word->field);
    return known ? expected<ready_condition, std::string>{made} : unexpected{not_yet(word->field)};
  }
  if (const auto* list = std::get_if<number_list>(&from))
    return of_transaction(list->field) ? expected<ready_condition, std::string>{made}
                                       : unexpected{not_yet(list->field)};
  if (std::holds_alternative<dce_interface>(from)) {
    made.of = layer::transaction;
    made.places = buffer_places(dce_interface_buffer, protocols, std::nullopt);
    return made.places.empty() ? unexpected{not_yet(dce_interface_buffer)}
                               : expected<ready_condition, std::string>{made};
  }
  if (const auto* asked = std::get_if<ip_reputation>(&from)) {
    made.scores = lists.scores();
    if (made.scores == nullptr)
      return unexpected{std::string{"iprep: no reputation-files are configured"}};
    const auto category = made.scores->category(asked->category);
    if (!category)
      return unexpected{fmt::format("iprep: no category is named {}", asked->category)};
    made.category = *category;
    return made;
  }
  if (std::holds_alternative<geoip>(from)) {
    made.countries = lists.countries();
    if (made.countries == nullptr)
      return unexpected{std::string{"geoip: no geoip-database is configured"}};
    return made;
  }
  if (const auto* state = std::get_if<app_layer_state>(&from)) {
    auto places = state_places(*state, protocols);
    if (!places)
      return unexpected{std::move(places.error())};
    made.of = layer::transaction;
    made.places = *std::move(places);
    return made;
  }
  if (const auto* bit = std::get_if<xbits>(&from)) {
    made.of = bit->track == xbits::key::transaction ? layer::transaction : layer::flow;
    return made;
  }
  if (std::holds_alternative<flowbits>(from) || std::holds_alternative<flowint>(from) ||
      std::holds_alternative<app_layer_protocol>(from) ||
      std::holds_alternative<stream_size>(from)) {
    made.of = layer::flow;
    return made;
  }
  if (auto places = industry_match::places_of(from)) {
    made.of = layer::transaction;
    made.places = *std::move(places);
    return made;
  }
  if (const auto* attribute = std::get_if<ike_attribute>(&from))
    return of_transaction("ike.chosen_sa_attribute." + attribute->type)
               ? expected<ready_condition, std::string>{made}
               : unexpected{not_yet("ike.chosen_sa_attribute")};
  static constexpr std::array<std::string_view, std::variant_size_v<rule::condition>> names{
      "",
      "",
      "",
      "",
      "",
      "",
      "",
      "",
      "",
      "",
      "app-layer-state",
      "",
      "dcerpc.iface",
      "this number list",
      "a file hash list",
      "geoip",
      "iprep",
      "modbus",
      "dnp3_obj",
      "cip_service",
      "ike.chosen_sa_attribute"};
  return unexpected{not_yet(names[from.index()])};
}

bool holds(const ready_condition& c, const subject& on) noexcept {
  return std::visit(
      [&](const auto& test) {
        using kind = std::decay_t<decltype(test)>;
        if constexpr (std::is_same_v<kind, number_match>) {
          return packet_field::matches(*c.field, test, on);
        } else if constexpr (std::is_same_v<kind, bits_match>) {
          const auto value = c.field->value(on, number_match::side::total);
          return value && test(static_cast<std::uint32_t>(*value));
        } else if constexpr (std::is_same_v<kind, presence>) {
          const auto value = c.field->value(on, number_match::side::total);
          return value && (*value != 0) != test.negated;
        } else if constexpr (std::is_same_v<kind, word_match>) {
          const auto value = c.field->value(on, number_match::side::total);
          return value && (*value == test.number) != test.negated;
        } else if constexpr (std::is_same_v<kind, ip_reputation> || std::is_same_v<kind, geoip>) {
          return address_holds(test, c, on);
        } else if constexpr (requires { judge(test, on); }) {
          return judge(test, on);
        } else {
          return false;
        }
      },
      *c.source);
}

bool is_available(const ready_condition& c, const proto::transaction& tx,
                  proto::app_protocol protocol, proto::direction way) noexcept {
  if (c.places.empty())
    return true;
  return std::any_of(c.places.begin(), c.places.end(), [&](const table_place& p) {
    return p.protocol == protocol && p.way == way && tx.progress_of(way) >= p.available_at;
  });
}

namespace {

bool judge_places(const ready_condition& c, const proto::transaction& tx,
                  proto::app_protocol protocol, proto::direction way,
                  const auto& test_value) noexcept {
  for (const auto& p : c.places) {
    if (p.protocol != protocol || p.way != way)
      continue;
    for (std::size_t i = 0; i < tx.field_instances(p.id); ++i)
      if (const auto value = tx.field(p.id, i); value && test_value(*value))
        return true;
  }
  return false;
}

/// A number of which a transaction may have several (manual: Integer Keywords, multi-integers).
bool judge_number(const number_match& number, const ready_condition& c,
                  const proto::transaction& tx, proto::app_protocol protocol,
                  proto::direction way) noexcept {
  using choice = instance_choice::kind;
  std::uint64_t there = 0, fitting = 0;
  bool nth_fits = false;
  const auto each = [&](auto&& visit) {
    for (const auto& p : c.places)
      if (p.protocol == protocol && p.way == way)
        for (std::size_t i = 0; i < tx.field_instances(p.id); ++i)
          if (const auto value = tx.field(p.id, i)) {
            // a keyed number ("SETTINGS_ENABLE_PUSH=0") has its key in the upper half
            if (number.key == 0)
              visit(*value);
            else if (*value >> 32U == number.key)
              visit(*value & 0xffffffffU);
          }
  };
  each([&](std::uint64_t value) {
    ++there;
    fitting += number.test(value) ? 1 : 0;
  });
  const auto index = number.instances.index;
  const auto wanted = index < 0 ? static_cast<std::int64_t>(there) + index : std::int64_t{index};
  std::int64_t at = 0;
  each([&](std::uint64_t value) { nth_fits = nth_fits || (at++ == wanted && number.test(value)); });
  switch (number.instances.which) {
  case choice::any: return fitting != 0;
  case choice::all: return there != 0 && fitting == there;
  case choice::all_or_absent: return fitting == there;
  case choice::absent_or_any: return there == 0 || fitting != 0;
  case choice::absent: return there == 0;
  case choice::nth: return nth_fits;
  case choice::count: return number.test(there);
  }
  return false;
}

} // namespace

bool holds(const ready_condition& c, const proto::transaction& tx, proto::app_protocol protocol,
           const subject& on) noexcept {
  const auto way = on.way;
  if (const auto judged = industry_match::holds(c, tx, protocol, way))
    return *judged;
  if (const auto* bit = std::get_if<xbits>(c.source))
    return judge(*bit, on, tx.number());
  if (c.is_text)
    return text_holds(c, tx, protocol, on);
  if (const auto* number = std::get_if<number_match>(c.source))
    return judge_number(*number, c, tx, protocol, way);
  if (const auto* word = std::get_if<word_match>(c.source))
    return judge_places(c, tx, protocol, way, [&](std::uint64_t v) { return v == word->number; }) !=
           word->negated;
  if (const auto* bits = std::get_if<bits_match>(c.source))
    return judge_places(c, tx, protocol, way,
                        [&](std::uint64_t v) { return (*bits)(static_cast<std::uint32_t>(v)); });
  if (const auto* word = std::get_if<word_match>(c.source))
    return judge_places(c, tx, protocol, way, [&](std::uint64_t v) {
             return number_of_word(word->value) == v;
           }) != word->negated;
  if (const auto* there = std::get_if<presence>(c.source))
    return judge_places(c, tx, protocol, way, [](std::uint64_t v) { return v != 0; }) !=
           there->negated;
  if (const auto* list = std::get_if<number_list>(c.source))
    return judge_places(c, tx, protocol, way, [&](std::uint64_t v) { return is_listed(*list, v); });
  if (const auto* interface = std::get_if<dce_interface>(c.source))
    return names_interface(*interface, c.places, tx, protocol, way);
  if (const auto* attribute = std::get_if<ike_attribute>(c.source))
    return judge_places(c, tx, protocol, way,
                        [&](std::uint64_t v) { return v == attribute->value; });
  if (const auto* state = std::get_if<app_layer_state>(c.source))
    return state_holds(*state, c.places, tx, protocol, way);
  if (const auto* event = std::get_if<event_match>(c.source)) {
    const auto own = event->protocol.empty() || event->protocol == proto::name_of(protocol);
    return own &&
           std::find(tx.events().begin(), tx.events().end(), event->name) != tx.events().end();
  }
  return false;
}

} // namespace cresset::detect::inspect
