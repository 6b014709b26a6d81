#include "detect/proto/ldap/parser.hpp"

#include "detect/proto/recognise.hpp"

namespace cresset::detect::proto::ldap {
namespace {

constexpr auto ts = direction::to_server;
constexpr auto tc = direction::to_client;

constexpr std::array buffers{
    buffer_description{"ldap.request.dn", ts, progress_done},
    buffer_description{"ldap.request.attribute_type", ts, progress_done, true},
    buffer_description{"ldap.responses.dn", tc, progress_done, true},
    buffer_description{"ldap.responses.message", tc, progress_done, true},
    buffer_description{"ldap.responses.attribute_type", tc, progress_done, true},
};
constexpr std::array fields{
    field_description{"ldap.request.operation", ts, progress_done},
    field_description{"ldap.responses.operation", tc, progress_done, true},
    field_description{"ldap.responses.result_code", tc, progress_done, true},
    field_description{"ldap.responses.count", tc, progress_done},
};
static_assert(buffers.size() ==
              static_cast<std::size_t>(buffer_index::responses_attribute_type) + 1);
static_assert(fields.size() == static_cast<std::size_t>(field_index::responses_count) + 1);

constexpr std::string_view start_tls = "1.3.6.1.4.1.1466.20037"; // RFC 4511 4.14
constexpr std::int64_t unsolicited = 0;                          // RFC 4511 4.4

measured size_of_message(byte_view bytes) noexcept {
  if (bytes.empty() || bytes[0] != std::byte{ber::sequence})
    return {measured::kind::refused};
  return ber::size_of(bytes);
}

constexpr std::array<std::string_view, 1> frame_types{"pdu"};

/// Names each message of a stream.
frame_cutter::step lay_out(direction, byte_view seen, const frame_cutter::namer& name) {
  const auto size = size_of_message(seen);
  if (size.what == measured::kind::need_more)
    return frame_cutter::wants(seen.size() + 1);
  if (size.what == measured::kind::refused)
    return {};
  name("pdu", 0, size.size);
  return frame_cutter::goes_on(size.size);
}

} // namespace

constinit const protocol_description description{"ldap", buffers, fields, frame_types};

parse_status parser::bytes(direction way, byte_view bytes, timestamp) {
  if (over_ == transport::tcp)
    frames_.bytes(way, bytes, lay_out);
  if (over_ == transport::tcp)
    return stream_bytes(way, bytes);
  // a datagram may hold several messages: the entries of a search and their end
  do {
    const auto next = size_of_message(bytes);
    const bool is_one = next.what == measured::kind::known && next.size <= bytes.size();
    const auto size = is_one ? next.size : bytes.size();
    one_message(bytes.first(size), false);
    bytes = bytes.subspan(size);
  } while (!bytes.empty());
  return parse_status::consumed;
}

parse_status parser::stream_bytes(direction way, byte_view bytes) {
  if (has_changed_) {
    left_over_[index(way)] = bytes;
    return parse_status::changed;
  }
  auto& mine = halves_[index(way)];
  if (mine.lost_sync) {
    if (recognise::ldap(bytes) != likeness::yes)
      return parse_status::resynchronised;
    mine.lost_sync = false;
  }
  const auto status =
      mine.cutter.feed(bytes, size_of_message, [this](byte_view message, bool is_cut) {
        one_message(message, is_cut);
        return !has_changed_;
      });
  if (status == parse_status::changed)
    left_over_[index(way)] = mine.cutter.left_over();
  if (status != parse_status::malformed)
    return status;
  if (may_be_protected_)
    return parse_status::finished;
  note("invalid_data");
  return status;
}

/// The event of bytes that are no message goes to a transaction of its own.
void parser::note(std::string_view event) {
  if (auto* one = add()) {
    one->raise(event);
    one->finish();
  }
}

bool parser::one_message(byte_view bytes, bool is_cut) {
  auto one = is_cut ? std::nullopt : operation::read(bytes);
  if (!one) {
    note(is_cut ? "incomplete_data" : "invalid_data");
    return false;
  }
  if (is_request(one->kind()))
    on_request(*std::move(one));
  else
    on_response(*std::move(one));
  return true;
}

void parser::on_request(operation one) {
  may_be_protected_ = may_be_protected_ || one.uses_sasl();
  if (const auto abandoned = one.abandoned())
    if (auto* other = waiting_for(*abandoned))
      other->finish();
  if (auto* made = add())
    made->ask(std::move(one));
}

void parser::on_response(operation one) {
  auto* owner = waiting_for(one.message_id());
  if (owner == nullptr) {
    owner = add();
    if (owner == nullptr)
      return;
    if (one.message_id() != unsolicited)
      owner->raise("request_not_found");
  }
  has_changed_ = one.kind() == kind::extended_response && one.result_code() == 0U &&
                 owner->request() && owner->request()->extension() == start_tls;
  owner->answer(std::move(one));
}

exchange* parser::add() {
  if (live_.size() >= settings_.max_transactions)
    for (std::size_t i = 0; i < live_.size(); ++i)
      if (!live_[i].is_done()) {
        live_[i].raise("too_many_transactions");
        live_[i].finish();
        break;
      }
  if (live_.size() >= 2 * settings_.max_transactions) { // all of them done and none released
    ++refused_;
    return nullptr;
  }
  return &live_.add(std::make_unique<exchange>(live_.next_number()));
}

/// The newest transaction of this id that still waits for a response.
exchange* parser::waiting_for(std::int64_t message_id) noexcept {
  for (auto i = live_.size(); i > 0; --i) {
    auto& one = live_[i - 1];
    if (one.message_id() == message_id && !one.is_done(tc))
      return &one;
  }
  return nullptr;
}

parse_status parser::gap(direction way, std::uint64_t size) {
  frames_.gap(way, size);
  auto& mine = halves_[index(way)];
  if (over_ == transport::tcp && !mine.cutter.lose(size))
    mine.lost_sync = true;
  return parse_status::resynchronised;
}

void parser::end(direction way) {
  frames_.end(way);
  if (over_ == transport::tcp && halves_[index(way)].cutter.is_open() && !has_changed_) {
    note("incomplete_data");
    halves_[index(way)] = {};
  }
  if (way == tc)
    for (std::size_t i = 0; i < live_.size(); ++i)
      live_[i].finish();
}

} // namespace cresset::detect::proto::ldap
