#include "detect/proto/mqtt/parser.hpp"

#include "detect/proto/mqtt/properties.hpp"

#include <algorithm>

namespace cresset::detect::proto::mqtt {
namespace {

constexpr auto ts = direction::to_server;
constexpr auto tc = direction::to_client;
constexpr auto complete = static_cast<progress>(exchange_progress::complete);

constexpr buffer_description several(std::string_view name, direction way) {
  return {.name = name, .way = way, .available_at = complete, .several = true};
}

constexpr std::array buffers{
    buffer_description{"mqtt.connect.clientid", ts, complete},
    buffer_description{"mqtt.connect.username", ts, complete},
    buffer_description{"mqtt.connect.password", ts, complete},
    buffer_description{"mqtt.connect.willtopic", ts, complete},
    buffer_description{"mqtt.connect.willmessage", ts, complete},
    buffer_description{"mqtt.connect.protocol_string", ts, complete},
    buffer_description{"mqtt.publish.topic", ts, complete},
    buffer_description{"mqtt.publish.topic", tc, complete},
    buffer_description{"mqtt.publish.message", ts, complete},
    buffer_description{"mqtt.publish.message", tc, complete},
    several("mqtt.subscribe.topic", ts),
    several("mqtt.unsubscribe.topic", ts),
};
static_assert(buffers.size() == static_cast<std::size_t>(buffer_index::unsubscribe_topic) + 1);

constexpr auto field_kinds = static_cast<std::size_t>(field_index::count);

/// Every field exists both ways: which of the two counts is the exchange's direction.
constexpr auto fields = [] {
  constexpr std::array<std::string_view, field_kinds> names{"mqtt.protocol_version",
                                                            "mqtt.type",
                                                            "mqtt.flags",
                                                            "mqtt.qos",
                                                            "mqtt.reason_code",
                                                            "mqtt.connect.flags",
                                                            "mqtt.connack.session_present"};
  std::array<field_description, 2 * field_kinds> all{};
  for (std::size_t i = 0; i < all.size(); ++i)
    all[i] = {names[i % field_kinds], i < field_kinds ? ts : tc, complete, true};
  return all;
}();

constexpr std::array<std::string_view, 3> frame_types{"pdu", "header", "data"};

constexpr std::size_t longest_header = 5;

/// Length of the fixed header and of what follows; nothing while bytes are missing.
struct extent {
  std::size_t head = 0;
  std::uint32_t body = 0;
};
enum class header_state { whole, open, broken };
header_state read_extent(byte_view bytes, extent& out) noexcept {
  byte_reader in{bytes.first(std::min(bytes.size(), longest_header))};
  if (!in.skip(1))
    return header_state::open;
  const auto body = read_variable_number(in);
  if (!body)
    return bytes.size() < longest_header ? header_state::open : header_state::broken;
  out = {in.position(), *body};
  return header_state::whole;
}

fixed_header header_of(byte_view packet) noexcept {
  return {std::to_integer<std::uint8_t>(packet[0])};
}

bool is_answer(message_type type) noexcept {
  switch (type) {
  case message_type::connack:
  case message_type::puback:
  case message_type::pubrec:
  case message_type::pubrel:
  case message_type::pubcomp:
  case message_type::suback:
  case message_type::unsuback:
  case message_type::pingresp: return true;
  default: return false;
  }
}

message_type question_of(message_type answer) noexcept {
  switch (answer) {
  case message_type::connack: return message_type::connect;
  case message_type::suback: return message_type::subscribe;
  case message_type::unsuback: return message_type::unsubscribe;
  case message_type::pingresp: return message_type::pingreq;
  default: return message_type::publish;
  }
}

/// What a question and its answer have in common.
std::uint32_t key_of(message_type question, direction way,
                     std::optional<std::uint16_t> id) noexcept {
  return static_cast<std::uint32_t>(question) << 24 | static_cast<std::uint32_t>(way) << 16 |
         id.value_or(0);
}

std::string_view missing_event(message_type question) noexcept {
  switch (question) {
  case message_type::connect: return "missing_connect";
  case message_type::subscribe: return "missing_subscribe";
  case message_type::unsubscribe: return "missing_unsubscribe";
  case message_type::publish: return "missing_publish";
  default: return {};
  }
}

} // namespace

constinit const protocol_description description{"mqtt", buffers, fields, frame_types};

parse_status parser::bytes(direction way, byte_view bytes, timestamp) {
  auto& mine = halves_[index(way)];
  frames_.take(way, bytes);
  given_ = bytes;
  while (!bytes.empty() && !mine.broken)
    bytes = take(way, bytes);
  if (mine.broken)
    return parse_status::malformed;
  return mine.open.empty() && mine.to_skip == 0 ? parse_status::consumed : parse_status::need_more;
}

/// Takes one step: a part of what is skipped, a whole message, or a part of one. Gives what is
/// left.
byte_view parser::take(direction way, byte_view bytes) {
  auto& mine = halves_[index(way)];
  if (mine.to_skip > 0) {
    const auto skipped =
        static_cast<std::size_t>(std::min<std::uint64_t>(mine.to_skip, bytes.size()));
    mine.to_skip -= skipped;
    return bytes.subspan(skipped);
  }
  const auto append = [&](std::size_t size) {
    const auto taken = bytes.first(std::min(size, bytes.size()));
    mine.open.insert(mine.open.end(), taken.begin(), taken.end());
    bytes = bytes.subspan(taken.size());
  };
  extent size;
  auto state = read_extent(mine.open.empty() ? bytes : byte_view{mine.open}, size);
  if (state == header_state::open) {
    append(1);
    state = read_extent(mine.open, size);
  }
  if (state == header_state::broken)
    fail(way);
  if (state != header_state::whole)
    return bytes;
  if (!std::exchange(mine.is_named, true))
    name_frames(way, bytes, size.head, size.body);
  if (size.body > settings_.max_message_bytes || retained_ + size.body > retained_limit_bytes) {
    const auto head = header_of(mine.open.empty() ? bytes : byte_view{mine.open});
    if (mine.open.empty())
      bytes = bytes.subspan(size.head);
    mine.open.clear();
    mine.to_skip = size.body;
    mine.is_named = false;
    on_skipped(way, head, size.body);
    return bytes;
  }
  const auto whole = size.head + size.body;
  if (mine.open.empty() && bytes.size() >= whole) {
    mine.is_named = false;
    on_packet(way, header_of(bytes), bytes.subspan(size.head, size.body));
    return bytes.subspan(whole);
  }
  append(whole - mine.open.size());
  if (mine.open.size() == whole) {
    const auto packet = std::exchange(mine.open, {});
    mine.is_named = false;
    on_packet(way, header_of(packet), byte_view{packet}.subspan(size.head));
  }
  return bytes;
}

/// The frames of the message of which `rest` is what is left of this call; its first bytes may have
/// come before.
void parser::name_frames(direction way, byte_view rest, std::size_t head, std::uint64_t body) {
  if (!frames_.is_awake())
    return;
  const auto at = rest.data() - given_.data() -
                  static_cast<std::ptrdiff_t>(halves_[index(way)].open.size());
  frames_.open(way, "pdu", at, head + body);
  frames_.open(way, "header", at, head);
  frames_.open(way, "data", at + static_cast<std::ptrdiff_t>(head), body);
}

void parser::on_packet(direction way, fixed_header head, byte_view body) {
  message one{way, head};
  if (!one.read(body, version_))
    return fail(way);
  on_message(std::move(one));
}

void parser::on_skipped(direction way, fixed_header head, std::uint64_t length) {
  message one{way, head};
  one.skipped_bytes = length;
  if (auto* made = make(way)) {
    made->add(std::move(one));
    made->complete();
  }
}

void parser::on_message(message&& one) {
  if (is_answer(one.type()))
    answer(std::move(one));
  else
    begin(std::move(one));
}

/// A message that asks for something, or stands alone.
void parser::begin(message&& one) {
  auto* made = make(one.way);
  if (made == nullptr)
    return;
  bool waits = false;
  const auto type = one.type();
  const bool was_connected = is_connected_;
  switch (type) {
  case message_type::connect:
    if (is_connected_)
      made->raise("double_connect");
    version_ = one.version;
    waits = true;
    break;
  case message_type::publish: waits = one.head.qos() == 1 || one.head.qos() == 2; break;
  case message_type::subscribe:
  case message_type::unsubscribe:
  case message_type::pingreq: waits = true; break;
  case message_type::disconnect: is_connected_ = false; break;
  case message_type::unassigned: made->raise("unassigned_msg_type"); break;
  default: break;
  }
  // AUTH goes to and fro before CONNACK (section 4.12).
  if (type != message_type::connect && type != message_type::unassigned &&
      type != message_type::auth && !was_connected)
    made->raise("unintroduced_message");
  if (one.head.qos() == 3 && (type == message_type::publish || type == message_type::subscribe ||
                              type == message_type::unsubscribe)) {
    made->raise("invalid_qos_level");
    waits = false;
  }
  if (one.id && *one.id == 0)
    made->raise("missing_msg_id");
  retained_ += one.bytes.size();
  made->add(std::move(one));
  if (waits)
    wait_for_answer(*made);
  else
    made->complete();
}

void parser::answer(message&& one) {
  const auto type = one.type();
  auto* known = asked(one);
  if (type == message_type::connack)
    is_connected_ = true;
  if (known == nullptr) {
    known = make(one.way);
    if (known == nullptr)
      return;
    if (const auto event = missing_event(question_of(type)); !event.empty())
      known->raise(event);
    if (type == message_type::pingresp && !is_connected_)
      known->raise("unintroduced_message");
    retained_ += one.bytes.size();
    known->add(std::move(one));
    known->complete();
    return;
  }
  const auto before = known->retained_bytes();
  known->add(std::move(one));
  retained_ += known->retained_bytes() - before;
  if (type != message_type::pubrec && type != message_type::pubrel)
    complete(*known);
}

/// The open exchange that `answer` belongs to. Only PUBREL goes the way of the question.
exchange* parser::asked(const message& answer) {
  const auto way = answer.type() == message_type::pubrel ? answer.way : opposite(answer.way);
  const auto at = asked_.find(key_of(question_of(answer.type()), way, answer.id));
  return at == asked_.end() ? nullptr : live_.find(at->second);
}

void parser::wait_for_answer(const exchange& one) {
  const auto& first = *one.first();
  asked_.emplace(key_of(first.type(), first.way, first.id), one.number());
  open_.insert(one.number());
}

/// Completes an exchange and waits for it no longer.
void parser::complete(exchange& one) {
  one.complete();
  if (open_.erase(one.number()) == 0)
    return;
  const auto& first = *one.first();
  auto [at, end] = asked_.equal_range(key_of(first.type(), first.way, first.id));
  while (at != end && at->second != one.number())
    ++at;
  if (at != end)
    asked_.erase(at);
}

/// A new exchange, or null when there is no room for one.
exchange* parser::make(direction way) {
  if (live_.size() >= live_limit) {
    ++refused_;
    return nullptr;
  }
  if (open_.size() >= settings_.max_transactions)
    if (auto* oldest = live_.find(*open_.begin())) {
      oldest->raise("too_many_transactions");
      complete(*oldest);
    }
  return &live_.add(std::make_unique<exchange>(live_.next_number(), way, version_, settings_));
}

/// Bytes that are no MQTT: what follows, either way, cannot be told from chance any more.
void parser::fail(direction way) {
  for (auto& one : halves_)
    one = {.open = {}, .to_skip = 0, .broken = true, .has_ended = one.has_ended};
  if (auto* made = make(way)) {
    made->raise("malformed_traffic");
    made->complete();
  }
}

parse_status parser::gap(direction way, std::uint64_t size) {
  frames_.skip(way, size);
  auto& mine = halves_[index(way)];
  extent known;
  if (!mine.broken && !mine.open.empty() && read_extent(mine.open, known) == header_state::whole) {
    on_skipped(way, header_of(mine.open), known.body);
    mine.to_skip = known.head + known.body - mine.open.size();
    mine.is_named = false;
    mine.open.clear();
  }
  if (mine.broken || !mine.open.empty() || size > mine.to_skip) {
    // Nothing marks the beginning of a message.
    mine.broken = true;
    mine.open = {};
    return parse_status::malformed;
  }
  mine.to_skip -= size;
  return parse_status::resynchronised;
}

void parser::end(direction way) {
  frames_.end(way);
  halves_[index(way)].open.clear();
  halves_[index(way)].has_ended = true;
  if (!halves_[index(opposite(way))].has_ended)
    return; // the other side may still answer
  for (std::size_t i = 0; i < live_.size(); ++i)
    complete(live_[i]);
}

void parser::release(std::uint64_t number) noexcept {
  if (auto* one = live_.find(number); one != nullptr && !one->is_complete())
    complete(*one);
  if (const auto gone = live_.take(number))
    retained_ -= std::min(retained_, gone->retained_bytes());
}

} // namespace cresset::detect::proto::mqtt
