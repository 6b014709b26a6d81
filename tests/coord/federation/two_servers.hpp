#pragma once

#include "coord/federation/link.hpp"
#include "tests/coord/federation/memory_stream_store.hpp"
#include "tests/coord/stix/example.hpp"

#include <deque>
#include <memory>
#include <random>

namespace cresset::coord::federation::example {

inline constexpr auto north_id = "identity--1a1f0e52-93c4-4f0e-8a35-0d1c2b3a4f50";
inline constexpr auto south_id = "identity--2b1f0e52-93c4-4f0e-8a35-0d1c2b3a4f50";

inline signed_::signing_key key_from(unsigned char seed) {
  std::array<std::byte, 32> bytes;
  bytes.fill(static_cast<std::byte>(seed));
  return signed_::signing_key::from_seed(bytes);
}

/// A server's identity, made of three seeds: the same seeds give the same keys.
inline own_identity identity(std::string id, std::string name, unsigned char seed,
                             std::uint64_t number = 1, unsigned char signing_seed = 0) {
  const auto offline = key_from(seed);
  auto signing = key_from(signing_seed != 0 ? signing_seed : static_cast<unsigned char>(seed + 1));
  signed_::key_record record;
  record.owner = std::move(id);
  record.name = std::move(name);
  record.number = number;
  record.identity = offline.public_half();
  record.transport.fill(static_cast<std::byte>(seed + 2));
  record.signing = {signing.public_half()};
  record.endpoints = {"tcp://127.0.0.1:1"};
  record.issued = "2026-11-21T22:00:00.000Z";
  return {*signed_::read_key_record(*sign_key_record(record, offline)), std::move(signing)};
}

/// A receipt-like object: small, and of any number.
inline std::pair<signed_::object, signed_::seal> thing(const own_identity& from, int number) {
  const auto id = "thing--" + std::to_string(number);
  const auto body =
      *write_canonical(signed_::json_value::object{{"id", id}, {"text", std::string(50, 'x')}});
  signed_::seal stated{"test:thing", id, "", {}, {}, signed_::onward_terms::ask, from.id()};
  const auto made = *seal_object(stated, body, from.key);
  stated.body = signed_::digest::of(body);
  return {made, stated};
}

/// One of two servers: what survives a kill (identity, store) and what does not (the link).
struct server {
  own_identity self;
  peer partner;
  link::role role;
  memory_stream_store store;
  stream_writer writer{self, store};
  std::unique_ptr<link> life;
  int written = 0;

  server(own_identity own, const own_identity& other, link::role part)
      : self{std::move(own)}, partner{other.record}, role{part} {}

  void start() { life = std::make_unique<link>(self, partner, role, store, writer); }
  stored<append_outcome> write(timestamp now) {
    const auto [made, stated] = thing(self, written);
    auto outcome = writer.append(partner.id(), made, stated, {}, now);
    written += outcome.has_value();
    return outcome;
  }
  const memory_stream_store::one_stream& sent() { return store.sent[partner.id()]; }
  const memory_stream_store::one_stream& received() { return store.received[partner.id()]; }
};

/// What one side has committed of the other's stream is the other's stream, byte for byte, as far
/// as it goes.
inline bool is_prefix(server& receiver, server& sender) {
  const auto& copy = receiver.received();
  const auto& original = sender.sent();
  if (copy.epochs.size() > original.epochs.size() || copy.entries.size() > original.entries.size())
    return false;
  for (std::size_t i = 0; i < copy.epochs.size(); ++i)
    if (copy.epochs[i].opening != original.epochs[i].opening)
      return false;
  for (std::size_t i = 0; i < copy.entries.size(); ++i) {
    const auto& a = copy.entries[i];
    const auto& b = original.entries[i];
    if (a.epoch != b.epoch || a.entry.sequence != b.entry.sequence ||
        a.entry.envelope != b.entry.envelope ||
        a.entry.content.seal_bytes != b.entry.content.seal_bytes ||
        a.entry.content.body != b.entry.content.body)
      return false;
  }
  return true;
}
inline bool is_equal(server& receiver, server& sender) {
  return is_prefix(receiver, sender) &&
         receiver.received().entries.size() == sender.sent().entries.size() &&
         receiver.received().epochs.size() == sender.sent().epochs.size();
}

/// Two servers and a wire between them. Messages cross it as frames, encoded and decoded, so that
/// nothing passes that the wire could not carry. North dials.
struct two_servers {
  own_identity north_self = identity(north_id, "north-cert", 10);
  own_identity south_self = identity(south_id, "south-cert", 20);
  server north{identity(north_id, "north-cert", 10), south_self, link::role::dials};
  server south{identity(south_id, "south-cert", 20), north_self, link::role::listens};
  std::deque<message> to_north;
  std::deque<message> to_south;
  moment now{std::chrono::steady_clock::time_point{std::chrono::hours{1}},
             timestamp_from_ns(1'800'000'000'000'000'000)};

  two_servers() {
    north.start();
    south.start();
  }

  void pass(std::chrono::milliseconds time) {
    now.steady += time;
    now.wall += time;
  }
  void post(server& from, std::deque<message>& to) {
    for (auto& told : from.life->take_messages())
      to.push_back(std::move(told));
    for (auto& raised : from.life->take_alarms())
      (void)from.store.raise(raised);
  }
  static message over_the_wire(const message& told) {
    const auto frames = encode(told);
    const std::vector<std::string_view> views{frames.begin(), frames.end()};
    auto read = decode(views);
    return read ? *std::move(read) : message{unknown_message{"lost"}};
  }
  void deliver(server& at, std::deque<message>& from) {
    const auto told = over_the_wire(from.front());
    from.pop_front();
    at.life->receive(told, now);
  }
  /// Lets everything that is on the wire arrive, both ways, until it is silent.
  void settle(int rounds = 1000) {
    for (int i = 0; i < rounds; ++i) {
      post(north, to_south);
      post(south, to_north);
      if (to_north.empty() && to_south.empty())
        return;
      while (!to_south.empty())
        deliver(south, to_south);
      while (!to_north.empty())
        deliver(north, to_north);
      north.life->settle(now);
      south.life->settle(now);
    }
  }
  void tick(std::chrono::milliseconds time = std::chrono::milliseconds{100}) {
    pass(time);
    north.life->tick(now);
    south.life->tick(now);
    settle();
  }
  /// Ticks until both copies are whole, or for `most` of time.
  bool run_until_equal(std::chrono::seconds most = std::chrono::seconds{120}) {
    for (auto left = most; left.count() > 0; left -= std::chrono::seconds{1}) {
      tick(std::chrono::seconds{1});
      if (is_equal(north, south) && is_equal(south, north))
        return true;
    }
    return false;
  }
};

} // namespace cresset::coord::federation::example
