// Messages are cut by the length in their header and paired by their number. A client may ask on
// without waiting; a server answers in any order. What only one side of is seen is told alone.
#include "detect/proto/modbus/parser.hpp"

#include <algorithm>

namespace cresset::detect::proto::modbus {
namespace {

constexpr auto ts = direction::to_server;
constexpr auto tc = direction::to_client;

constexpr std::array fields{
    field_description{"modbus.unit", ts, progress_done},
    field_description{"modbus.function", ts, progress_done},
    field_description{"modbus.subfunction", ts, progress_done},
    field_description{"modbus.category", ts, progress_done},
    field_description{"modbus.access", ts, progress_done},
    field_description{"modbus.read_address", ts, progress_done},
    field_description{"modbus.read_quantity", ts, progress_done},
    field_description{"modbus.write_address", ts, progress_done},
    field_description{"modbus.write_quantity", ts, progress_done},
    field_description{"modbus.value", ts, progress_done, true},
};
static_assert(fields.size() == static_cast<std::size_t>(field_index::value) + 1);

constexpr std::array<std::string_view, 1> frame_types{"pdu"};

/// Names each message with its head.
frame_cutter::step lay_out(direction, byte_view seen, const frame_cutter::namer& name) {
  constexpr std::size_t before_length = parser::header_size - 1;
  if (seen.size() < before_length)
    return frame_cutter::wants(before_length);
  const std::size_t length = load_be16(seen.subspan<4, 2>());
  if (length < parser::length_least || length > parser::length_most)
    return {};
  name("pdu", 0, before_length + length);
  return frame_cutter::goes_on(before_length + length);
}

} // namespace

constinit const protocol_description description{"modbus", {}, fields, frame_types};

std::optional<std::uint64_t> exchange::field(field_id id, std::size_t instance) const noexcept {
  if (!request_)
    return std::nullopt;
  const auto& of = *request_;
  const auto maybe = [](const auto& value) {
    return value ? std::optional<std::uint64_t>{*value} : std::nullopt;
  };
  if (static_cast<field_index>(id) == field_index::value)
    return maybe(of.written(instance));
  if (instance != 0)
    return std::nullopt;
  switch (static_cast<field_index>(id)) {
  case field_index::unit: return of.unit;
  case field_index::function: return of.function_raw;
  case field_index::subfunction: return of.diagnostic ? maybe(of.diagnostic) : maybe(of.mei);
  case field_index::category: return of.category;
  case field_index::access: return of.access;
  case field_index::read_address:
    return of.read ? std::optional<std::uint64_t>{of.read->address} : std::nullopt;
  case field_index::read_quantity:
    return of.read ? std::optional<std::uint64_t>{of.read->quantity} : std::nullopt;
  case field_index::write_address:
    return of.write ? std::optional<std::uint64_t>{of.write->address} : std::nullopt;
  case field_index::write_quantity:
    return of.write ? std::optional<std::uint64_t>{of.write->quantity} : std::nullopt;
  case field_index::value: break;
  }
  return std::nullopt;
}

std::size_t exchange::field_instances(field_id id) const noexcept {
  if (static_cast<field_index>(id) != field_index::value)
    return field(id, 0) ? 1 : 0;
  if (!request_ || !request_->write)
    return 0;
  std::size_t known = 0;
  while (known < request_->write->quantity && request_->written(known))
    ++known;
  return known;
}

void exchange::raise_errors(std::uint8_t errors) noexcept {
  constexpr std::pair<std::uint8_t, std::string_view> names[] = {
      {error_value, "invalid_value"},
      {error_length, "invalid_length"},
      {error_exception, "invalid_exception_code"},
      {error_function, "invalid_function_code"},
      {error_protocol, "invalid_protocol_id"}};
  for (const auto& [bit, name] : names)
    if ((errors & bit) != 0)
      events_.raise(name);
}

void exchange::write_members(json_writer& json) const {
  json.member("id", number() + 1);
  if (request_) {
    json.key("request").begin_object();
    modbus::write_members(json, *request_);
    json.end_object();
  }
  if (response_) {
    json.key("response").begin_object();
    modbus::write_members(json, *response_);
    json.end_object();
  }
}

exchange& parser::begin() {
  if (all_.size() >= waiting_limit)
    for (const auto way : {ts, tc})
      all_[0].advance(way, progress_done);
  return all_.add(std::make_unique<exchange>(all_.next_number()));
}

parse_status parser::bytes(direction way, byte_view bytes, timestamp) {
  frames_.bytes(way, bytes, lay_out);
  auto& mine = halves_[index(way)];
  while (!bytes.empty() && !mine.is_broken) {
    std::size_t wanted = header_size;
    const auto take = [&] {
      const auto taken = std::min(bytes.size(), wanted - std::min(wanted, mine.open.size()));
      mine.open.insert(mine.open.end(), bytes.begin(),
                       bytes.begin() + static_cast<std::ptrdiff_t>(taken));
      bytes = bytes.subspan(taken);
      return mine.open.size() >= wanted;
    };
    if (!take())
      break;
    const std::size_t length = load_be16(byte_view{mine.open}.subspan<4, 2>());
    if (length < length_least || length > length_most) {
      auto& one = begin();
      one.events_.raise("invalid_length");
      for (const auto each : {ts, tc})
        one.advance(each, progress_done);
      mine.is_broken = true;
      break;
    }
    wanted = header_size - 1 + length;
    if (!take())
      break;
    on_message(way, mine.open);
    mine.open.clear();
  }
  if (mine.is_broken)
    return parse_status::malformed;
  return mine.open.empty() ? parse_status::consumed : parse_status::need_more;
}

void parser::on_message(direction way, byte_view bytes) {
  auto made = read_message(way, bytes);
  if (way == ts)
    on_request(std::move(made));
  else
    on_response(std::move(made));
}

void parser::on_request(message&& made) {
  const bool is_flood = all_.size() >= waiting_limit;
  auto& one = begin();
  if (is_flood)
    one.events_.raise("flooded");
  one.raise_errors(made.errors);
  one.request_ = std::move(made);
  one.advance(ts, progress_done);
  if (ended_[index(tc)])
    one.advance(tc, progress_done);
}

void parser::on_response(message&& made) {
  exchange* found = nullptr;
  for (std::size_t i = 0; i < all_.size() && found == nullptr; ++i)
    if (all_[i].request_ && !all_[i].response_ &&
        all_[i].request_->transaction_id == made.transaction_id)
      found = &all_[i];
  if (found == nullptr) {
    found = &begin();
    found->events_.raise("unsolicited_response");
    found->advance(ts, progress_done);
  } else if (!made.exception) {
    const auto& asked = *found->request_;
    const bool same_cells =
        !asked.write || !made.write ||
        (asked.write->address == made.write->address &&
         (asked.has_quantity ? made.value == asked.write->quantity : made.value == asked.value));
    if (asked.function() != made.function())
      found->events_.raise("invalid_function_code");
    else if (!same_cells)
      found->events_.raise("value_mismatch");
  }
  found->raise_errors(made.errors);
  found->response_ = std::move(made);
  found->advance(tc, progress_done);
}

parse_status parser::gap(direction way, std::uint64_t size) {
  frames_.gap(way, size);
  // Nothing marks where the next message begins.
  halves_[index(way)].is_broken = true;
  end(way);
  return parse_status::malformed;
}

void parser::end(direction way) {
  frames_.end(way);
  ended_[index(way)] = true;
  for (std::size_t i = 0; i < all_.size(); ++i)
    all_[i].advance(way, progress_done);
}

} // namespace cresset::detect::proto::modbus
