#include "detect/proto/dcerpc/parser.hpp"

#include <algorithm>
#include <utility>

namespace cresset::detect::proto::dcerpc {
namespace {

constexpr auto ts = direction::to_server;
constexpr auto tc = direction::to_client;

/// Names the whole, the head and the body of each PDU.
frame_cutter::step lay_out(direction, byte_view seen, const frame_cutter::namer& name) {
  if (seen.size() < pdu_header::size_bytes)
    return frame_cutter::wants(pdu_header::size_bytes);
  const auto head = read_header(seen);
  if (!head)
    return {};
  name("pdu", 0, head->fragment_length);
  name("hdr", 0, pdu_header::size_bytes);
  if (head->fragment_length > pdu_header::size_bytes)
    name("data", pdu_header::size_bytes, head->fragment_length - pdu_header::size_bytes);
  return frame_cutter::goes_on(head->fragment_length);
}

} // namespace

parse_status parser::bytes(direction way, byte_view bytes, timestamp) {
  frames_.bytes(way, bytes, lay_out);
  auto& mine = halves_[index(way)];
  if (way == ts)
    give_up_lost_requests();
  while (!bytes.empty() && !mine.is_broken)
    bytes = mine.is_lost ? resynchronise(way, bytes) : take(way, bytes);
  if (mine.is_broken)
    return parse_status::malformed;
  return mine.open.empty() && mine.to_skip == 0 ? parse_status::consumed : parse_status::need_more;
}

/// The client has gone on: what an answer came for without a request in sight will not come.
void parser::give_up_lost_requests() {
  if (!std::exchange(has_lost_requests_, false))
    return;
  for (std::size_t i = 0; i < live_.size(); ++i)
    if (!live_[i].what.has_request())
      live_[i].complete(ts);
}

/// Takes one PDU, or as much of it as there is.
byte_view parser::take(direction way, byte_view bytes) {
  auto& mine = halves_[index(way)];
  if (mine.to_skip > 0) {
    const auto skipped = std::min(mine.to_skip, bytes.size());
    mine.to_skip -= skipped;
    return bytes.subspan(skipped);
  }
  const auto gather = [&](std::size_t wanted) {
    const auto taken = std::min(bytes.size(), wanted - std::min(wanted, mine.open.size()));
    mine.open.insert(mine.open.end(), bytes.begin(),
                     bytes.begin() + static_cast<std::ptrdiff_t>(taken));
    bytes = bytes.subspan(taken);
    return mine.open.size() >= wanted;
  };
  if (!gather(pdu_header::size_bytes))
    return bytes;
  const auto head = read_header(mine.open);
  if (!head) {
    mine.is_broken = true;
    mine.open = {};
    return {};
  }
  if (gather(head->fragment_length)) {
    const auto pdu = std::exchange(mine.open, {});
    on_pdu(way, *head, pdu);
  }
  return bytes;
}

/// Drops what stands before the first bytes that can be a head.
byte_view parser::resynchronise(direction way, byte_view bytes) {
  auto& mine = halves_[index(way)];
  mine.open.insert(mine.open.end(), bytes.begin(), bytes.end());
  for (std::size_t at = 0; at + pdu_header::size_bytes <= mine.open.size(); ++at) {
    const auto head = read_header(byte_view{mine.open}.subspan(at));
    // at the very place behind the gap the version is enough; elsewhere the usual data
    // representation too
    if (!head || (at != 0 && mine.open[at + 4] != std::byte{0x10}))
      continue;
    const auto rest = std::vector<std::byte>(mine.open.begin() + static_cast<std::ptrdiff_t>(at),
                                             mine.open.end());
    mine.open.clear();
    mine.is_lost = false;
    for (byte_view left = rest; !left.empty() && !mine.is_broken;)
      left = take(way, left);
    return {};
  }
  if (mine.open.size() >= pdu_header::size_bytes)
    mine.open.erase(mine.open.begin(), mine.open.end() - (pdu_header::size_bytes - 1));
  return {};
}

exchange* parser::find(const pdu_header& head, bool answer) {
  for (std::size_t i = live_.size(); i-- > 0;) {
    auto& one = live_[i];
    if (one.what.id() == head.call_id &&
        (answer ? one.what.is_answered_by(head.type) : one.what.goes_on_with(head.type)))
      return &one;
  }
  return nullptr;
}

exchange& parser::begin(const pdu_header& head) {
  if (live_.size() >= settings_.limit_live)
    for (std::size_t i = 0; i < live_.size(); ++i)
      if (!live_[i].is_done()) {
        live_[i].complete(ts);
        live_[i].complete(tc);
        live_[i].raise("too_many_transactions");
        break;
      }
  auto& one = live_.add(std::make_unique<exchange>(live_.next_number(), head.call_id));
  one.minor_version = head.minor_version;
  return one;
}

void parser::on_pdu(direction, const pdu_header& head, byte_view pdu) {
  const bool answer = is_answer(head.type);
  auto* known = find(head, answer);
  if (known == nullptr && live_.size() >= 2 * settings_.limit_live)
    return; // none of them is released: nobody looks at them
  auto& one = known != nullptr ? *known : begin(head);
  if (answer)
    one.what.take_answer(head, pdu, known_, budget_);
  else
    one.what.take_request(head, pdu, known_, budget_);
  if (head.type == pdu_type::auth3 || head.type == pdu_type::co_cancel ||
      head.type == pdu_type::orphaned)
    one.complete(tc); // these have no answer
  one.note_progress();
  has_lost_requests_ = has_lost_requests_ || !one.what.has_request();
}

parse_status parser::gap(direction way, std::uint64_t size) {
  frames_.gap(way, size);
  auto& mine = halves_[index(way)];
  if (mine.is_broken)
    return parse_status::malformed;
  if (!mine.is_lost && mine.open.size() >= pdu_header::size_bytes) {
    // the rest of a PDU whose length is known
    if (const auto head = read_header(mine.open))
      mine.to_skip = head->fragment_length - mine.open.size();
  }
  mine.open.clear();
  if (size <= mine.to_skip) {
    mine.to_skip -= static_cast<std::size_t>(size);
  } else {
    mine.to_skip = 0;
    mine.is_lost = true;
  }
  for (std::size_t i = 0; i < live_.size(); ++i)
    if (!live_[i].is_done())
      live_[i].what.lose(way);
  return parse_status::resynchronised;
}

void parser::end(direction way) {
  frames_.end(way);
  halves_[index(way)].open = {};
  for (std::size_t i = 0; i < live_.size(); ++i) {
    live_[i].complete(way);
    // a client that has closed may still be answered; a server that has closed answers no more
    if (way == tc)
      live_[i].complete(ts);
  }
}

void parser::release(std::uint64_t number) noexcept {
  if (const auto gone = live_.take(number))
    budget_.give_back(gone->what.kept_bytes());
}

} // namespace cresset::detect::proto::dcerpc
