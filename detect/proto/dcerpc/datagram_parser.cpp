#include "detect/proto/dcerpc/datagram_parser.hpp"

#include <algorithm>

namespace cresset::detect::proto::dcerpc {
namespace {

constexpr auto ts = direction::to_server;
constexpr auto tc = direction::to_client;

bool is_of_a_call(pdu_type type) noexcept {
  return type == pdu_type::request || type == pdu_type::response || type == pdu_type::fault ||
         type == pdu_type::reject;
}

} // namespace

parse_status datagram_parser::bytes(direction, byte_view bytes, timestamp) {
  const auto head = read_datagram(bytes);
  if (!head)
    return parse_status::resynchronised; // the next datagram is judged by itself
  if (!is_of_a_call(head->type))
    return parse_status::consumed;
  auto* one = find(*head);
  if (one == nullptr)
    one = begin(*head);
  if (one == nullptr)
    return parse_status::consumed;
  const auto body = bytes.subspan(datagram_header::size_bytes);
  one->what.take_datagram(*head, body.first(std::min<std::size_t>(head->body_length, body.size())),
                          budget_);
  one->note_progress();
  return parse_status::consumed;
}

exchange* datagram_parser::find(const datagram_header& head) {
  for (std::size_t i = live_.size(); i-- > 0;) {
    auto& one = live_[i];
    if (one.what.id() == head.sequence && one.activity == head.activity && !one.is_done(tc))
      return &one;
  }
  return nullptr;
}

exchange* datagram_parser::begin(const datagram_header& head) {
  if (live_.size() >= 2 * settings_.limit_live)
    return nullptr; // none of them is released: nobody looks at them
  if (live_.size() >= settings_.limit_live)
    for (std::size_t i = 0; i < live_.size(); ++i)
      if (!live_[i].is_done()) {
        live_[i].raise("too_many_transactions");
        live_[i].complete(ts);
        live_[i].complete(tc);
        break;
      }
  auto& one = live_.add(std::make_unique<exchange>(live_.next_number(), head.sequence));
  one.activity = head.activity;
  return &one;
}

void datagram_parser::end(direction way) {
  for (std::size_t i = 0; i < live_.size(); ++i)
    live_[i].complete(way);
}

void datagram_parser::release(std::uint64_t number) noexcept {
  if (const auto gone = live_.take(number))
    budget_.give_back(gone->what.kept_bytes());
}

} // namespace cresset::detect::proto::dcerpc
