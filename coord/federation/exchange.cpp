// One loop: wait for a socket, a poke or 100 ms; hand every waiting message to its link; let the
// links that heard something settle (commit, acknowledge, send); let time pass for all; send what
// they left. Links commit through the store, which waits for the database: a slow database slows
// the links down and loses nothing, since nothing is acknowledged before.
#include "coord/federation/exchange.hpp"

#include "capture/base/log.hpp"
#include "coord/federation/receipts.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <system_error>

namespace cresset::coord::federation {
namespace {

constexpr std::chrono::milliseconds tick_every{100};
/// Messages taken from one socket before the others have their turn.
constexpr int turn_limit_messages = 256;
constexpr std::size_t delivery_limit = 256;

moment clocks() {
  return {std::chrono::steady_clock::now(), now()};
}

} // namespace

exchange::exchange(const own_identity& self, peer_directory& peers, stream_store& store,
                   settings how)
    : self_{self}, peers_{peers}, store_{store}, how_{std::move(how)}, writer_{self, store},
      gate_{context_, [this](std::span<const std::byte, 32> key) -> std::optional<std::string> {
              const auto known = peers_.by_transport_key(key);
              return known ? std::optional{known->id()} : std::nullopt;
            }} {
  if (!how_.listen.empty())
    listener_ = std::make_unique<listening_socket>(context_, how_.keys, how_.listen);
  add_lines();
  poke_ = ::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
  if (poke_ < 0)
    throw std::system_error{errno, std::generic_category(), "eventfd"};
  publish();
  thread_ = std::jthread{[this](const std::stop_token& stop) { run(stop); }};
}

exchange::~exchange() {
  thread_.request_stop();
  appended();
  thread_ = {};
  ::close(poke_);
}

void exchange::appended() {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto put =
      ::write(poke_, &one, sizeof one); // full means it is awake already
}

std::vector<partner_status> exchange::status() const {
  const std::lock_guard lock{mutex_};
  return status_;
}

/// A partner whose record names no usable endpoint keeps nobody else from starting.
std::unique_ptr<dialling_socket> exchange::dial(const peer& partner, const std::string& endpoint) {
  try {
    return std::make_unique<dialling_socket>(context_, how_.keys, partner.record.record.transport,
                                             endpoint);
  } catch (const zmq::error_t& failure) {
    log(log_level::error, "federation", "{} cannot be dialled at \"{}\": {}", partner.name(),
        endpoint, failure.what());
    return nullptr;
  }
}

void exchange::add_lines() {
  for (const peer& partner : peers_.all()) {
    const auto override_at = how_.endpoints.find(partner.id());
    const auto& told = partner.record.record.endpoints;
    const auto endpoint = override_at != how_.endpoints.end() ? override_at->second
                          : told.empty()                      ? std::string{}
                                                              : told.front();
    const bool is_ours_to_dial = override_at != how_.endpoints.end() ||
                                 dials(self_.record.record, partner.record.record).value_or(false);
    line made;
    made.session = std::make_unique<link>(self_, partner,
                                          is_ours_to_dial ? link::role::dials : link::role::listens,
                                          store_, writer_, how_.times);
    if (is_ours_to_dial)
      made.dialler = dial(partner, endpoint);
    lines_.emplace(partner.id(), std::move(made));
  }
}

void exchange::run(const std::stop_token& stop) {
  auto ticked = std::chrono::steady_clock::time_point{};
  while (!stop.stop_requested()) {
    wait();
    std::uint64_t pokes = 0;
    const bool was_poked = ::read(poke_, &pokes, sizeof pokes) > 0;
    const auto now = clocks();
    turn_away(gate_.answer(), now);
    take_from_listener(now);
    const bool is_time = was_poked || now.steady - ticked >= tick_every;
    for (auto& [id, at] : lines_) {
      if (at.dialler)
        take_from(at, now);
      if (is_time)
        at.session->tick(now);
      if (is_time || at.is_touched)
        serve(at, now);
    }
    if (is_time)
      ticked = now.steady;
    publish();
  }
  for (auto& [id, at] : lines_) {
    at.session->leave();
    send_all(at);
  }
}

void exchange::wait() {
  std::vector<zmq::pollitem_t> items{{nullptr, poke_, ZMQ_POLLIN, 0},
                                     {gate_.socket().handle(), 0, ZMQ_POLLIN, 0}};
  if (listener_)
    items.push_back({listener_->socket().handle(), 0, ZMQ_POLLIN, 0});
  for (auto& [id, at] : lines_)
    if (at.dialler) {
      items.push_back({at.dialler->socket().handle(), 0, ZMQ_POLLIN, 0});
      items.push_back({at.dialler->monitor().handle(), 0, ZMQ_POLLIN, 0});
    }
  try {
    zmq::poll(items, tick_every);
  } catch (const zmq::error_t& failure) {
    if (failure.num() != EINTR)
      log(log_level::error, "federation", "poll: {}", failure.what());
  }
}

void exchange::take_from_listener(moment now) {
  if (!listener_)
    return;
  for (int i = 0; i < turn_limit_messages; ++i) {
    auto arrival = listener_->receive();
    if (!arrival)
      return;
    const auto at = lines_.find(arrival->partner);
    if (at == lines_.end() || at->second.dialler)
      continue; // not a partner, or one that we dial
    auto& partner = at->second;
    // The newest connection that opens is the partner's; what an older one still says is over.
    if (partner.routing_id != arrival->routing_id) {
      const std::vector<std::string_view> views{arrival->frames.begin(), arrival->frames.end()};
      const auto told = decode(views);
      if (!told || !std::holds_alternative<open_message>(*told)) {
        listener_->send(arrival->routing_id,
                        encode(close_message{"open-first", "this connection has no session here"}));
        continue;
      }
      partner.routing_id = arrival->routing_id;
    }
    hear(partner, arrival->frames, now);
  }
}

void exchange::take_from(line& at, moment now) {
  while (const auto event = at.dialler->next_event()) {
    if (*event == dialling_socket::event::connected) {
      at.session->connected();
      at.session->tick(now);
      at.is_touched = true;
    }
    if (*event == dialling_socket::event::refused)
      log(log_level::warning, "federation",
          "{} does not know our key: it has to import our introduction (`cresset partner export`)",
          at.session->partner().name());
  }
  for (int i = 0; i < turn_limit_messages; ++i) {
    const auto frames = at.dialler->receive();
    if (!frames)
      return;
    hear(at, *frames, now);
  }
}

void exchange::hear(line& at, const frame_texts& frames, moment now) {
  const std::vector<std::string_view> views{frames.begin(), frames.end()};
  at.is_touched = true;
  // What is no message at all counts like one of an unknown type.
  at.session->receive(decode(views).value_or(unknown_message{}), now);
}

void exchange::serve(line& at, moment now) {
  at.is_touched = false;
  at.session->settle(now);
  if (at.session->take_committed())
    deliver(at, now);
  send_all(at);
  for (const auto& raised : at.session->take_alarms()) {
    log(raised.kind == alarm_kind::out_of_order ? log_level::info : log_level::error, "federation",
        "{}: {}", to_string(raised.kind), raised.sentence);
    if (!store_.raise(raised))
      log(log_level::error, "federation", "this alarm could not be stored");
  }
  if (const auto newer = at.session->take_renewed()) {
    if (peers_.renew(*newer) && how_.renewed)
      how_.renewed(*newer);
    log(log_level::info, "federation", "{} has a new key record, number {}", newer->record.name,
        newer->record.number);
  }
  tell(at);
}

void exchange::send_all(line& at) {
  // A message that finds no place is lost like one on the way: the links send again what was not
  // acknowledged.
  for (const auto& told : at.session->take_messages()) {
    const auto frames = encode(told);
    if (at.dialler ? !at.dialler->send(frames)
                   : !at.routing_id.empty() && !listener_->send(at.routing_id, frames))
      return;
  }
}

void exchange::deliver(line& at, moment now) {
  const auto& from = at.session->partner();
  const auto waiting = store_.unprocessed(from.id(), delivery_limit);
  if (!waiting)
    return;
  for (const auto& entry : *waiting)
    if (!deliver_one(from, entry, now))
      return;
  if (!waiting->empty())
    at.session->tick(now); // receipts were appended
}

bool exchange::deliver_one(const peer& from, const unprocessed_entry& entry, moment now) {
  if (how_.arrived)
    how_.arrived(from, entry);
  const auto& received = entry.received;
  if (wants_receipt(received.seal)) {
    const auto made =
        receipt_for(self_.id(), entry.at, received.seal, receipt_stage::delivered, now.wall);
    signed_::seal stated{std::string{receipt_kind},   made.id,   "", {}, {},
                         signed_::onward_terms::none, self_.id()};
    const auto body = write_receipt(made);
    const auto sealed = seal_object(stated, body, self_.key);
    stated.body = signed_::digest::of(body);
    if (!sealed)
      return false;
    // The same receipt with another time means that it was written before a kill: one is enough.
    const auto outcome = writer_.append(from.id(), *sealed, stated, {}, now.wall);
    if (!outcome && outcome.error() != stream_store_errc::equivocation)
      return false;
  }
  return store_.mark_processed(from.id(), entry.at.epoch, entry.at.sequence).has_value();
}

void exchange::tell(line& at) {
  const auto trouble = at.session->status().trouble;
  if (trouble == at.said)
    return;
  at.said = trouble;
  if (trouble.empty())
    log(log_level::info, "federation", "link to {} is open", at.session->partner().name());
  else
    log(log_level::warning, "federation", "link to {}: {}", at.session->partner().name(), trouble);
}

void exchange::turn_away(const std::vector<std::string>& keys, moment now) {
  if (keys.empty() || (now.steady - turned_away_ < std::chrono::seconds{5} &&
                       turned_away_.time_since_epoch().count() != 0))
    return;
  turned_away_ = now.steady;
  log(log_level::warning, "federation",
      "a server with the unknown key {} was turned away; `cresset partner import` pins a partner",
      keys.front());
}

void exchange::publish() {
  std::vector<partner_status> told;
  for (const auto& [id, at] : lines_)
    told.push_back({id, at.session->partner().name(), at.dialler != nullptr, at.session->status()});
  const std::lock_guard lock{mutex_};
  status_ = std::move(told);
}

} // namespace cresset::coord::federation
