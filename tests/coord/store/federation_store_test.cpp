// The streams in a real PostgreSQL: the rules of the interface one by one, then two servers on a
// database each.
#include "coord/store/federation_store.hpp"

#include "coord/federation/link.hpp"
#include "coord/store/connection_pool.hpp"
#include "tests/coord/federation/two_servers.hpp"
#include "tests/support/test_database.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset;
using namespace cresset::coord;
using namespace cresset::coord::federation;
namespace ex = federation::example;

namespace {

constexpr timestamp start = timestamp_from_ns(1'800'000'000'000'000'000);

/// One server with its own database.
struct node {
  coord::store::connection_pool pool{tests::test_cluster::instance().fresh_database(), 4};
  coord::store::federation_store store{pool};
  own_identity self;
  peer partner;
  stream_writer writer{self, store};
  std::unique_ptr<federation::link> life;
  federation::link::role role;
  int written = 0;

  node(own_identity own, const own_identity& other, federation::link::role part)
      : self{std::move(own)}, partner{other.record}, role{part} {
    restart();
  }
  void restart() { life = std::make_unique<federation::link>(self, partner, role, store, writer); }
  stored<append_outcome> write(timestamp now = start) {
    const auto [made, stated] = ex::thing(self, written++);
    return writer.append(partner.id(), made, stated, {}, now);
  }
  std::vector<stream_entry> sent() {
    const auto state = *store.outgoing(partner.id());
    return *store.read_outgoing(partner.id(), {state.epochs.back().epoch, 0, {}}, 10'000);
  }
};

struct two_nodes {
  own_identity north_self = ex::identity(ex::north_id, "north-cert", 10);
  own_identity south_self = ex::identity(ex::south_id, "south-cert", 20);
  node north{ex::identity(ex::north_id, "north-cert", 10), south_self,
             federation::link::role::dials};
  node south{ex::identity(ex::south_id, "south-cert", 20), north_self,
             federation::link::role::listens};
  moment now{std::chrono::steady_clock::time_point{std::chrono::hours{1}}, start};

  void round(std::chrono::milliseconds time = std::chrono::milliseconds{1000}) {
    now.steady += time;
    now.wall += time;
    north.life->tick(now);
    south.life->tick(now);
    for (int i = 0; i < 50; ++i) {
      const auto to_south = north.life->take_messages();
      const auto to_north = south.life->take_messages();
      if (to_south.empty() && to_north.empty())
        return;
      for (const auto& told : to_south)
        south.life->receive(told, now);
      for (const auto& told : to_north)
        north.life->receive(told, now);
      north.life->settle(now);
      south.life->settle(now);
    }
  }
  /// Byte for byte.
  bool is_whole() {
    const auto sent = north.sent();
    const auto state = *south.store.incoming(south.partner.id());
    if (!(state.head == north.store.outgoing(north.partner.id())->head))
      return false;
    for (const auto& entry : sent) {
      const auto copy =
          *south.store.incoming_entry(south.partner.id(), state.head.epoch, entry.sequence);
      if (!copy || copy->envelope != entry.envelope ||
          copy->content.seal_bytes != entry.content.seal_bytes ||
          copy->content.body != entry.content.body)
        return false;
    }
    return true;
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(federation_store_in_postgresql, two_nodes)

BOOST_AUTO_TEST_CASE(a_stream_crosses_between_two_databases_byte_for_byte) {
  for (int i = 0; i < 10; ++i)
    BOOST_REQUIRE(north.write().has_value());
  round();
  BOOST_TEST(is_whole());
  const auto state = *north.store.outgoing(north.partner.id());
  BOOST_TEST((state.acknowledged == state.head));
}

BOOST_AUTO_TEST_CASE(restarts_in_the_middle_lose_and_double_nothing) {
  for (int i = 0; i < 20; ++i) {
    BOOST_REQUIRE(north.write(now.wall).has_value());
    if (i % 3 == 0)
      north.restart();
    if (i % 5 == 0)
      south.restart();
    round();
  }
  for (int i = 0; i < 10; ++i)
    round();
  BOOST_TEST(is_whole());
  BOOST_TEST(south.store.incoming(south.partner.id())->head.sequence == 20U);
}

BOOST_AUTO_TEST_CASE(appending_behind_another_head_is_refused) {
  BOOST_REQUIRE(north.write().has_value());
  const auto state = *north.store.outgoing(north.partner.id());
  const auto [made, stated] = ex::thing(north.self, 99);
  auto behind = state.head;
  behind.sequence = 0;
  BOOST_TEST(
      (north.store.append_outgoing(north.partner.id(), behind, {1, "e", made}, stated).error() ==
       stream_store_errc::moved));
  BOOST_TEST(north.sent().size() == 1U);
}

BOOST_AUTO_TEST_CASE(an_object_stands_in_a_stream_once_and_never_with_two_bodies) {
  auto [made, stated] = ex::thing(north.self, 0);
  BOOST_TEST((*north.writer.append(north.partner.id(), made, stated, {}, start) ==
              append_outcome::appended));
  BOOST_TEST((*north.writer.append(north.partner.id(), made, stated, {}, start) ==
              append_outcome::already_there));
  stated.body = signed_::digest::of("other");
  BOOST_TEST((north.writer.append(north.partner.id(), made, stated, {}, start).error() ==
              stream_store_errc::equivocation));
}

BOOST_AUTO_TEST_CASE(the_chain_is_checked_inside_the_transaction) {
  for (int i = 0; i < 3; ++i)
    BOOST_REQUIRE(north.write().has_value());
  const auto opened = north.store.outgoing(north.partner.id())->epochs.front();
  BOOST_REQUIRE(south.store.open_incoming(south.partner.id(), {}, opened).has_value());
  const auto head = south.store.incoming(south.partner.id())->head;
  const auto sent = north.sent();
  const auto received = [&](std::size_t i) {
    return received_entry{sent[i], *verify_object(sent[i].content, north.self.record.record),
                          disposition::keep, "", ""};
  };
  // Entry 1 is there, entry 3 does not follow: neither is stored.
  const std::vector gap{received(0), received(2)};
  BOOST_TEST((south.store.append_incoming(south.partner.id(), head, gap).error() ==
              stream_store_errc::moved));
  BOOST_TEST((south.store.incoming(south.partner.id())->head == head));
  const std::vector whole{received(0), received(1)};
  BOOST_TEST(south.store.append_incoming(south.partner.id(), head, whole).has_value());
  BOOST_TEST((south.store.append_incoming(south.partner.id(), head, whole).error() ==
              stream_store_errc::moved));
}

BOOST_AUTO_TEST_CASE(a_held_stream_signs_nothing_until_an_epoch_opens) {
  BOOST_REQUIRE(north.write().has_value());
  BOOST_REQUIRE(north.store.hold_outgoing().has_value());
  BOOST_TEST((north.write().error() == stream_store_errc::held));
  BOOST_REQUIRE(north.writer.reopen(north.partner.id(), start).has_value());
  BOOST_TEST(north.write().has_value());
  BOOST_TEST(north.store.outgoing(north.partner.id())->epochs.size() == 2U);
}

BOOST_AUTO_TEST_CASE(entries_behind_a_common_entry_are_superseded_and_not_processed) {
  for (int i = 0; i < 3; ++i)
    BOOST_REQUIRE(north.write().has_value());
  round();
  BOOST_TEST(south.store.unprocessed(south.partner.id(), 10)->size() == 3U);
  const auto state = *south.store.incoming(south.partner.id());
  const auto first = *south.store.incoming_entry(south.partner.id(), state.head.epoch, 1);
  const stream_epoch next{
      std::string(32, 'c'), "opening",
      stream_position{state.head.epoch, 1, signed_::digest::of(first->envelope)}};
  BOOST_REQUIRE(south.store.open_incoming(south.partner.id(), state.head, next).has_value());
  const auto left = *south.store.unprocessed(south.partner.id(), 10);
  BOOST_REQUIRE(left.size() == 1U);
  BOOST_REQUIRE(
      south.store.mark_processed(south.partner.id(), left[0].at.epoch, left[0].at.sequence)
          .has_value());
  BOOST_TEST(south.store.unprocessed(south.partner.id(), 10)->empty());
  BOOST_TEST(!south.store.incoming_object(south.partner.id(), "thing--2", "")->has_value());
  BOOST_TEST(south.store.incoming_object(south.partner.id(), "thing--0", "")->has_value());
}

BOOST_AUTO_TEST_CASE(acknowledged_positions_only_rise) {
  for (int i = 0; i < 2; ++i)
    BOOST_REQUIRE(north.write().has_value());
  const auto head = north.store.outgoing(north.partner.id())->head;
  BOOST_REQUIRE(north.store.acknowledge(north.partner.id(), head).has_value());
  auto earlier = head;
  earlier.sequence = 1;
  BOOST_REQUIRE(north.store.acknowledge(north.partner.id(), earlier).has_value());
  BOOST_TEST((north.store.outgoing(north.partner.id())->acknowledged == head));
}

BOOST_AUTO_TEST_CASE(one_version_of_an_incident_has_one_object) {
  released_object made{3,
                       "incident--1",
                       start,
                       start + std::chrono::milliseconds{1},
                       {"seal", std::string("bo\0dy", 5)}};
  BOOST_TEST(!north.store.released("incident/1")->has_value());
  BOOST_TEST((*north.store.keep_released("incident/1", made) == append_outcome::appended));
  auto other = made;
  other.object_id = "incident--2";
  BOOST_TEST((*north.store.keep_released("incident/1", other) == append_outcome::already_there));
  const auto kept = **north.store.released("incident/1");
  BOOST_TEST(kept.object_id == "incident--1");
  BOOST_TEST((kept.modified == made.modified));
  BOOST_TEST(kept.content.body == made.content.body);
}

BOOST_AUTO_TEST_CASE(alarms_are_kept_with_their_evidence) {
  const partner_alarm raised{alarm_kind::equivocation,
                             ex::south_id,
                             std::string("two\0truths", 10),
                             {"one", std::string("\xff\0two", 5)}};
  BOOST_TEST(north.store.raise(raised).has_value());
}

BOOST_AUTO_TEST_CASE(a_database_that_is_gone_is_unavailable) {
  coord::store::connection_pool nowhere{"host=/nonexistent dbname=x", 1};
  coord::store::federation_store store{nowhere};
  BOOST_TEST((store.outgoing(ex::south_id).error() == stream_store_errc::unavailable));
}

BOOST_AUTO_TEST_SUITE_END()
