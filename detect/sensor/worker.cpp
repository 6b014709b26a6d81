// The packet's route, in the order of the calls:
//
//   process → take → decoder → route ─┬→ route_fragment → decoder → route
//                                     ├→ without_flow → inspect
//                                     └→ in_flow → flow table → follow_tcp → feed → inspect →
//                                     finish_transactions
//
// and at the end of a flow: flow_ended → feed what is left → inspect both directions → events.
#include "detect/sensor/worker.hpp"

#include "capture/decode/checksum.hpp"
#include "detect/sensor/dealer.hpp"
#include "detect/sensor/turn.hpp"

#include <algorithm>
#include <utility>

namespace cresset::detect::sensor {

using proto::direction;

worker::worker(const shared_parts& shared, event_writer& events, std::string interface_name,
               bool is_live, worker_share share)
    : shared_{shared}, events_{events}, interface_name_{std::move(interface_name)},
      is_live_{is_live}, share_{share}, decoder_{shared.config.decoder},
      fragments_{shared.config.fragments}, tcp_{shared.config.tcp}, feed_{shared.protocols,
                                                                          shared.config.identify},
      inspector_{shared.rules, shared.state, shared.config.inspector},
      flows_{part_of(shared.config.flows, share),
             [this](flow::flow& ended, flow::flow_end why) { flow_ended(ended, why); }} {
  if (share_.order != nullptr)
    inspector_.set_turn([this] { share_.order->wait(share_.number); });
}

/// Each worker has its part of the places.
flow::flow_table_settings worker::part_of(flow::flow_table_settings whole, worker_share share) {
  whole.limit_flows = (whole.limit_flows + share.of - 1) / share.of;
  return whole;
}

/// What is written and counted from here on belongs to this moment of the capture.
void worker::reach(std::uint64_t moment) noexcept {
  if (share_.order == nullptr)
    return;
  share_.order->reach(share_.number, moment);
  events_.set_moment(moment, share_.number);
}

void worker::process(std::span<const capture::source::packet> burst, timestamp until,
                     std::uint64_t last) {
  for (auto left = burst; !left.empty();) {
    const auto count = std::min(left.size(), frames_.size());
    read(left.first(count));
    for (std::size_t i = 0; i < count; ++i) {
      reach(turns::of_packet(left[i].number));
      take(left[i], frames_[i]);
    }
    left = left.subspan(count);
  }
  reach(turns::of_end(last));
  now_ = until;
  flows_.expire(now_);
  fragments_.expire(now_);
}

void worker::end(flow::flow& one) {
  inspector_.set_turn({});
  flows_.end(one, flow::flow_end::shutdown);
}

void worker::finish() {
  flows_.end_all();
}

/// What can be done for some frames at once before their turns, stride by stride: their flows come
/// from memory meanwhile, and code and tables of each stride stay in the caches. What is guessed
/// here (a flow may end or turn round before its frame's turn) is never relied on.
void worker::read(std::span<const capture::source::packet> raw) {
  const auto frames = std::span{frames_}.first(raw.size());
  for (std::size_t i = 0; i < raw.size(); ++i) {
    auto& to = frames[i];
    to.count = decoder_.decode(raw[i].bytes, raw[i].link, to.packets);
    to.is_mine = worker_of(to.packets[0], share_.of) == share_.number && to.packets[0].is_ip() &&
                 !to.packets[0].is_fragment;
    to.hits.in = nullptr;
    if (!to.is_mine)
      continue;
    to.key = flows_.key(to.packets[0]);
    flows_.prefetch(to.key);
  }
  for (const auto& one : frames)
    if (one.is_mine)
      flows_.prefetch_flow(one.key);
  for (auto& one : frames)
    if (one.is_mine)
      look_ahead(one);
}

void worker::look_ahead(frame& next) {
  const auto* of = flows_.find(next.key);
  const auto& packet = next.packets[0];
  if (of != nullptr) {
    const auto fetch = [](const void* first, std::size_t lines) {
      for (std::size_t i = 0; i < lines; ++i)
        __builtin_prefetch(static_cast<const char*>(first) + 64 * i);
    };
    fetch(of->extension.get(), 8);
    if (of->session)
      fetch(&*of->session, 8);
    if (of->parser)
      fetch(of->parser.get(), 2);
    if (of->is_shunted())
      return;
  }
  inspector_.look_ahead(packet.payload, packet.is_tcp(),
                        of != nullptr ? of->way_of(next.key) : direction::to_server, next.hits);
}

void worker::take(const capture::source::packet& raw, const frame& seen) {
  now_ = raw.captured_at;
  number_ = raw.number;
  outcome_ = outcome::inspected;
  outcome_set_ = false;
  inspector_.use(&seen.hits);
  const auto& packets = seen.packets;
  for (std::size_t i = 0; i < seen.count; ++i)
    if (worker_of(packets[i], share_.of) == share_.number)
      route(packets[i], 0);
  inspector_.use(nullptr);
  if (worker_of(packets[0], share_.of) != share_.number)
    return; // whoever has the outermost packet has the frame in its books
  ledger_.received.add();
  ledger_.received_bytes.add(raw.wire_length_bytes);
  switch (outcome_) {
  case outcome::inspected: ledger_.inspected.add(); break;
  case outcome::shunted: ledger_.shunted.add(); break;
  case outcome::dropped: ledger_.drop(reason_); break;
  }
}

/// The first packet of the frame that says something decides its account.
void worker::note_drop(drop_reason reason) noexcept {
  if (outcome_set_)
    return;
  outcome_ = outcome::dropped;
  reason_ = reason;
  outcome_set_ = true;
}

void worker::route(const decoded_packet& packet, unsigned depth) {
  if (packet.event_count != 0 && events_.wants("anomaly")) {
    inspect::subject on{.packet = &packet, .tuple = packet.tuple, .at = now_, .number = number_};
    for (const auto event : packet.events())
      events_.write_anomaly("decode", to_string(event), {}, on, std::nullopt);
  }
  using capture::decode::decode_status;
  const bool damaged = packet.status == decode_status::damaged_link ||
                       packet.status == decode_status::damaged_network;
  if (damaged || !packet.is_ip()) {
    // a packet whose IP header contradicts its bytes is nobody's: only rules about the decoder look
    // at it
    without_flow(packet);
    note_drop(damaged ? drop_reason::damaged : drop_reason::not_ip);
  } else if (packet.is_fragment) {
    route_fragment(packet, depth);
  } else {
    in_flow(packet);
  }
}

void worker::route_fragment(const decoded_packet& packet, unsigned depth) {
  const auto result = fragments_.process(packet, now_);
  auto seen = packet;
  for (const auto event : result.events)
    if (event)
      seen.add_event(*event);
  without_flow(seen);
  if (result.status != flow::fragment_status::complete || depth >= limit_reassemblies) {
    note_drop(drop_reason::fragment_waiting);
    return;
  }
  auto& packets = reassembled_[depth];
  const auto count = decoder_.decode_network(result.datagram, packet, packets);
  for (std::size_t i = 0; i < count; ++i)
    route(packets[i], depth + 1);
}

void worker::without_flow(const decoded_packet& packet) {
  inspect::subject on{.packet = &packet, .tuple = packet.tuple, .at = now_, .number = number_};
  inspect(on);
}

inspect::flow_record& worker::record_of(flow::flow& of) {
  if (!of.extension)
    of.extension = std::make_unique<inspect::flow_record>();
  return static_cast<inspect::flow_record&>(*of.extension);
}

void worker::in_flow(const decoded_packet& packet) {
  const auto key = flows_.key(packet);
  const auto found = flows_.find_or_create(key, packet, now_);
  auto& of = *found.owner;
  inspect::subject on{.packet = &packet,
                      .flow = &of,
                      .record = &record_of(of),
                      .way = found.way,
                      .tuple = packet.tuple,
                      .at = now_,
                      .number = number_};
  of.count(packet, on.way, now_);
  if (of.is_shunted()) {
    if (!std::exchange(outcome_set_, true))
      outcome_ = outcome::shunted;
    return;
  }
  if (packet.is_tcp())
    follow_tcp(packet, of, on);
  else if (packet.is_udp())
    feed_.feed_datagram(of, on.way, packet.payload, now_);
  note_ends(of, on);
  inspect(on);
  tell_frames(of, on);
  finish_transactions(of, on, false);
  change_protocol(of, on);
  outcome_set_ = true;
}

void worker::follow_tcp(const decoded_packet& packet, flow::flow& of, inspect::subject& on) {
  if (!shared_.config.ignore_checksums &&
      transport_checksum(packet) == capture::decode::checksum_state::wrong) {
    note_drop(drop_reason::bad_checksum);
    return;
  }
  const auto followed = tcp_.process(of, packet, on.way);
  if (followed.reversed)
    on.record->swap_sides();
  if (followed.state_changed)
    flows_.state_changed(of);
  tcp_events_ = followed.events;
  on.tcp_events = tcp_events_.all();
  for (const auto event : on.tcp_events)
    events_.write_anomaly("stream", flow::to_string(event), {}, on, std::nullopt);
  on.payload_in_stream = followed.accepted() && (followed.stream_data || followed.retransmission);
  if (!packet.payload.empty() && !on.payload_in_stream)
    note_drop(followed.refused == flow::tcp_refusal::no_session  ? drop_reason::midstream_ignored
              : followed.refused == flow::tcp_refusal::no_memory ? drop_reason::no_memory
              : !of.session || !of.session->is_established()     ? drop_reason::not_established
                                                                 : drop_reason::out_of_window);
  if (!of.session)
    return;
  for (const auto way : {direction::to_server, direction::to_client})
    if (followed.advanced[proto::index(way)])
      feed(of, way, on);
}

void worker::feed(flow::flow& of, direction way, inspect::subject& on) {
  if (!feed_.feed(of, way, now_))
    return;
  // the bytes show that the client is the server
  of.swap_sides();
  on.record->swap_sides();
  on.way = proto::opposite(on.way);
  feed_.feed(of, proto::opposite(way), now_);
}

/// A flow that leaves its protocol (STARTTLS, CONNECT, Upgrade) does so when everything said in the
/// old one is inspected and told.
void worker::change_protocol(flow::flow& of, inspect::subject& on) {
  if (!stream_feed::is_changing(of) || !of.parser->transactions().empty())
    return;
  feed_.change(of);
  on.record->protocol_rules_done = {};
  on.record->transactions.clear(); // the next protocol counts from 0 again
  for (const auto way : {direction::to_server, direction::to_client})
    feed(of, way, on);
}

void worker::inspect(inspect::subject& on) {
  for (const auto& found : inspector_.run(on))
    events_.write_alert(found, on, interface_name_, is_live_);
  if (inspector_.packet_is_tagged())
    events_.write_packet(on);
}

/// Where a transaction has come to its end in one direction, the raw bytes of both are due.
void worker::note_ends(flow::flow& of, inspect::subject& on) {
  if (!of.parser)
    return;
  for (const auto* tx : of.parser->transactions()) {
    if (!tx->is_done(direction::to_server) && !tx->is_done(direction::to_client))
      continue;
    auto& ended = on.record->of(tx->number()).ended;
    for (const auto way : {direction::to_server, direction::to_client})
      if (!ended[proto::index(way)] && tx->is_done(way) && tx->concerns(way)) {
        ended[proto::index(way)] = true;
        on.record->raw_due = {true, true};
      }
  }
}

/// Frames that are over, in the event log.
void worker::tell_frames(flow::flow& of, inspect::subject& on) {
  auto* frames = of.parser ? of.parser->frames() : nullptr;
  if (frames == nullptr || frames->frames().empty() || !events_.wants("frame"))
    return;
  for (auto& one : frames->frames())
    if ((one.is_over || on.is_last) && !std::exchange(one.is_logged, true))
      events_.write_frame(one, of.parser->protocol(), on);
}

/// Where question and answer are transactions of their own, a `config` rule that silences the
/// question silences its answer.
bool worker::is_quiet_answer(const proto::transaction& tx, inspect::flow_record& record) noexcept {
  if (record.quiet_answers == 0 || tx.concerns(direction::to_server))
    return false;
  --record.quiet_answers;
  return true;
}

/// Logs and releases what is over and inspected both ways; with `all`, everything.
void worker::finish_transactions(flow::flow& of, inspect::subject& on, bool all) {
  if (!of.parser)
    return;
  if (of.parser->transactions().empty())
    return;
  const auto name = of.parser->protocol();
  const auto protocol = name.data() == on.record->protocol_name.data()
                            ? std::optional{on.record->protocol} // as a rule
                            : proto::app_protocol_from(name);
  const auto inspected = [&](const proto::transaction& tx, direction way) {
    const auto& rules =
        shared_.rules.transaction[static_cast<std::size_t>(*protocol)][proto::index(way)];
    return rules.empty() || !tx.concerns(way) || tx.progress_of(way) == 0 ||
           on.record->of(tx.number()).seen[proto::index(way)] == proto::progress_done ||
           on.record->passed;
  };
  const bool one_sided = of.session && of.session->is_one_sided();
  const auto is_needed = [&](const proto::transaction& tx) {
    if (on.record->passed)
      return false;
    auto* frames = of.parser->frames();
    if (frames != nullptr && frames->awaits(tx.number()))
      return true;
    if (!shared_.config.guess_transaction)
      return false; // else an alert on the raw bytes to come may name it
    return (on.record->raw_due[0] && tx.concerns(direction::to_server)) ||
           (on.record->raw_due[1] && tx.concerns(direction::to_client));
  };
  std::array<std::uint64_t, 64> over;
  std::size_t count = 0;
  for (const auto* tx : of.parser->transactions()) {
    auto& record = on.record->of(tx->number());
    // of a connection of which one side is never seen nobody waits for the other
    const bool done = tx->is_done() || all || (one_sided && tx->is_done(on.way));
    if (tx->files(direction::to_server) + tx->files(direction::to_client) != 0)
      events_.write_files(*tx, of.parser->protocol(), on, done);
    if (done && !std::exchange(record.logged, true) && on.record->logs_transactions &&
        !is_quiet_answer(*tx, *on.record))
      events_.write_transaction(*tx, of.parser->protocol(), on);
    if (done && count < over.size() &&
        (all || (inspected(*tx, direction::to_server) && inspected(*tx, direction::to_client) &&
                 !is_needed(*tx))))
      over[count++] = tx->number();
  }
  for (std::size_t i = 0; i < count; ++i) {
    of.parser->release(over[i]);
    on.record->forget(over[i]);
  }
}

/// Both directions once more, without a packet.
void worker::finish_protocol(flow::flow& ended, inspect::flow_record& record) {
  if (feed_.finish(ended, now_))
    record.swap_sides();
  for (const auto way : {direction::to_server, direction::to_client}) {
    inspect::subject on{.flow = &ended,
                        .record = &record,
                        .way = way,
                        .tuple =
                            way == direction::to_server ? ended.tuple() : ended.tuple().reversed(),
                        .at = ended.last_seen(),
                        .is_last = true};
    if (ended.session || ended.parser)
      inspect(on);
    tell_frames(ended, on);
    if (way == direction::to_client)
      finish_transactions(ended, on, true);
  }
}

void worker::flow_ended(flow::flow& ended, flow::flow_end why) {
  auto& record = record_of(ended);
  if (!ended.is_shunted()) {
    finish_protocol(ended, record);
    while (stream_feed::is_changing(ended)) {
      feed_.change(ended);
      record.protocol_rules_done = {};
      record.transactions.clear();
      finish_protocol(ended, record);
    }
  } else if (ended.parser) { // what was understood before the flow was let go is told
    inspect::subject on{
        .flow = &ended, .record = &record, .tuple = ended.tuple(), .at = ended.last_seen()};
    finish_transactions(ended, on, true);
  }
  events_.write_flow(ended, why, ended.last_seen());
}

} // namespace cresset::detect::sensor
