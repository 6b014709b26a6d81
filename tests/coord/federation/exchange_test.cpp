// Two exchanges in one process, on a real ZeroMQ connection with CURVE over loopback.
#include "coord/federation/exchange.hpp"

#include "coord/federation/receipts.hpp"
#include "tests/coord/federation/two_servers.hpp"

#include <boost/test/unit_test.hpp>

#include <condition_variable>

using namespace cresset;
using namespace cresset::coord;
using namespace cresset::coord::federation;
using namespace std::chrono_literals;
namespace ex = federation::example;

namespace {

transport_keys new_keys() {
  std::array<char, 41> shown{};
  std::array<char, 41> secret{};
  zmq_curve_keypair(shown.data(), secret.data());
  transport_keys made;
  zmq_z85_decode(reinterpret_cast<std::uint8_t*>(made.public_half.data()), shown.data());
  zmq_z85_decode(reinterpret_cast<std::uint8_t*>(made.secret_half.data()), secret.data());
  return made;
}

own_identity with_transport(std::string id, std::string name, unsigned char seed,
                            const transport_keys& keys) {
  auto self = ex::identity(std::move(id), std::move(name), seed);
  auto record = self.record.record;
  record.transport = keys.public_half;
  record.endpoints.clear();
  self.record = *signed_::read_key_record(*sign_key_record(record, ex::key_from(seed)));
  return self;
}

/// The exchange's thread uses the store while the test looks on: one lock around everything.
class locked_store : public memory_stream_store {
public:
  std::recursive_mutex mutex;
  template <typename Work>
  auto with(Work work) {
    const std::lock_guard lock{mutex};
    return work();
  }
#define LOCKED(result, name, parameters, arguments)                                                \
  result name parameters override {                                                                \
    return with([&] { return memory_stream_store::name arguments; });                              \
  }
  LOCKED(stored<outgoing_state>, outgoing, (std::string_view p), (p))
  LOCKED(stored<incoming_state>, incoming, (std::string_view p), (p))
  LOCKED(stored<void>, open_outgoing,
         (std::string_view p, const stream_position& h, const stream_epoch& e), (p, h, e))
  LOCKED(stored<append_outcome>, append_outgoing,
         (std::string_view p, const stream_position& h, const stream_entry& e,
          const signed_::seal& s),
         (p, h, e, s))
  LOCKED(stored<std::vector<stream_entry>>, read_outgoing,
         (std::string_view p, const stream_position& f, std::size_t l), (p, f, l))
  LOCKED(stored<std::optional<signed_::digest>>, outgoing_hash,
         (std::string_view p, const epoch_id& e, std::uint64_t s), (p, e, s))
  LOCKED(stored<void>, acknowledge, (std::string_view p, const stream_position& a), (p, a))
  LOCKED(stored<void>, open_incoming,
         (std::string_view p, const stream_position& h, const stream_epoch& e), (p, h, e))
  LOCKED(stored<stream_position>, append_incoming,
         (std::string_view p, const stream_position& h, std::span<const received_entry> e),
         (p, h, e))
  LOCKED(stored<std::vector<unprocessed_entry>>, unprocessed, (std::string_view p, std::size_t l),
         (p, l))
  LOCKED(stored<void>, mark_processed, (std::string_view p, const epoch_id& e, std::uint64_t s),
         (p, e, s))
#undef LOCKED
};

struct side {
  transport_keys keys = new_keys();
  own_identity self;
  peer_directory peers;
  locked_store store;
  std::unique_ptr<exchange> running;

  side(std::string id, std::string name, unsigned char seed)
      : self{with_transport(std::move(id), std::move(name), seed, keys)} {}
  void listen() {
    exchange::settings how{keys, "tcp://127.0.0.1:*", {}, {}, {}, {}};
    running = std::make_unique<exchange>(self, peers, store, how);
  }
  void dial(const side& other) {
    exchange::settings how{keys, "", {{other.self.id(), other.running->endpoint()}}, {}, {}, {}};
    running = std::make_unique<exchange>(self, peers, store, how);
  }
};

struct loopback {
  side north{ex::north_id, "north-cert", 10};
  side south{ex::south_id, "south-cert", 20};

  void pin_each_other() {
    north.peers.add({south.self.record});
    south.peers.add({north.self.record});
  }
  template <typename Condition>
  bool until(Condition is_true, std::chrono::seconds most = 20s) {
    const auto end = std::chrono::steady_clock::now() + most;
    std::mutex idle;
    std::condition_variable nobody;
    std::unique_lock lock{idle};
    while (!is_true()) {
      if (std::chrono::steady_clock::now() > end)
        return false;
      nobody.wait_for(lock, 10ms);
    }
    return true;
  }
  std::size_t held_by(side& one, const side& other) {
    return one.store.with([&] { return one.store.received[other.self.id()].entries.size(); });
  }
  void write(side& from, const side& to, int number) {
    stream_writer writer{from.self, from.store};
    const auto [made, stated] = ex::thing(from.self, number);
    BOOST_REQUIRE(writer.append(to.self.id(), made, stated, {}, cresset::now()).has_value());
    if (from.running)
      from.running->appended();
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(federation_exchange, loopback)

BOOST_AUTO_TEST_CASE(entries_cross_a_real_curve_connection_both_ways) {
  pin_each_other();
  write(north, south, 0);
  south.listen();
  north.dial(south);
  BOOST_TEST(until([&] { return held_by(south, north) == 1; }));
  write(south, north, 0);
  write(north, south, 1);
  BOOST_TEST(until([&] { return held_by(north, south) == 1 && held_by(south, north) == 2; }));
  BOOST_TEST(
      until([&] { return north.running->status()[0].link.now == link_status::state::open; }));
}

BOOST_AUTO_TEST_CASE(the_copy_equals_the_original_after_either_side_was_torn_down_in_the_middle) {
  pin_each_other();
  south.listen();
  north.dial(south);
  for (int i = 0; i < 30; ++i) {
    write(north, south, i);
    if (i == 10)
      north.running.reset();
    if (i == 12)
      north.dial(south);
    if (i == 20) {
      north.running.reset();
      south.running.reset();
      south.listen();
      north.dial(south);
    }
  }
  BOOST_TEST(until([&] { return held_by(south, north) == 30; }));
  const auto& sent = north.store.sent[south.self.id()].entries;
  const auto& copy = south.store.received[north.self.id()].entries;
  for (std::size_t i = 0; i < 30; ++i) {
    BOOST_TEST(copy[i].entry.envelope == sent[i].entry.envelope);
    BOOST_TEST(copy[i].entry.content.seal_bytes == sent[i].entry.content.seal_bytes);
    BOOST_TEST(copy[i].entry.content.body == sent[i].entry.content.body);
  }
}

BOOST_AUTO_TEST_CASE(a_server_that_is_not_pinned_gets_nowhere) {
  north.peers.add({south.self.record}); // south does not know north
  write(north, south, 0);
  south.listen();
  north.dial(south);
  BOOST_TEST(!until([&] { return held_by(south, north) != 0; }, 1s));
  BOOST_TEST((north.running->status()[0].link.now == link_status::state::closed));
}

BOOST_AUTO_TEST_CASE(a_stix_object_is_answered_by_one_signed_receipt) {
  pin_each_other();
  const auto body = stix::example::bytes();
  signed_::seal stated{"stix:incident",
                       stix::example::object,
                       "2026-11-21T22:07:38.123Z",
                       {},
                       {"marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb"},
                       signed_::onward_terms::ask,
                       north.self.id()};
  const auto made = *seal_object(stated, body, north.self.key);
  stated.body = signed_::digest::of(body);
  stream_writer writer{north.self, north.store};
  BOOST_REQUIRE(writer.append(south.self.id(), made, stated, {}, cresset::now()).has_value());
  south.listen();
  north.dial(south);
  BOOST_TEST(until([&] { return held_by(north, south) == 1; }));
  const std::lock_guard lock{north.store.mutex};
  const auto& arrived = north.store.received[south.self.id()].entries[0];
  const auto read = read_receipt(arrived.entry.content.body);
  BOOST_REQUIRE(read.has_value());
  BOOST_TEST(read->about_id == stix::example::object);
  BOOST_TEST((read->entry == north.store.sent[south.self.id()].head));
}

BOOST_AUTO_TEST_SUITE_END()
