#include "coord/federation/peer.hpp"

#include "tests/coord/federation/two_servers.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset::coord;
using namespace cresset::coord::federation;
namespace ex = federation::example;

BOOST_AUTO_TEST_SUITE(federation_peer)

BOOST_AUTO_TEST_CASE(a_partner_is_found_by_id_name_and_key) {
  peer_directory peers;
  const auto south = ex::identity(ex::south_id, "south-cert", 20);
  BOOST_TEST(peers.add({south.record}));
  BOOST_TEST(peers.by_id(ex::south_id).has_value());
  BOOST_TEST(peers.by_name("south-cert").has_value());
  BOOST_TEST(peers.by_transport_key(south.record.record.transport).has_value());
  BOOST_TEST(!peers.by_transport_key(std::array<std::byte, 32>{}).has_value());
  BOOST_TEST(!peers.by_name("north-cert").has_value());
}

BOOST_AUTO_TEST_CASE(an_id_a_name_and_a_key_belong_to_one_partner) {
  peer_directory peers;
  BOOST_TEST(peers.add({ex::identity(ex::south_id, "south-cert", 20).record}));
  BOOST_TEST(!peers.add({ex::identity(ex::south_id, "other", 30).record}));
  BOOST_TEST(!peers.add({ex::identity(ex::north_id, "south-cert", 30).record}));
  BOOST_TEST(!peers.add({ex::identity(ex::north_id, "north-cert", 20).record}));
  BOOST_TEST(peers.add({ex::identity(ex::north_id, "north-cert", 30).record}));
  BOOST_TEST(peers.all().front().name() == "north-cert");
}

BOOST_AUTO_TEST_CASE(only_a_newer_record_of_the_same_identity_key_is_taken) {
  peer_directory peers;
  BOOST_TEST(peers.add({ex::identity(ex::south_id, "south-cert", 20).record}));
  BOOST_TEST(peers.renew(ex::identity(ex::south_id, "south-cert", 20, 2, 90).record).has_value());
  BOOST_TEST(peers.by_id(ex::south_id)->record.record.number == 2U);
  BOOST_TEST(!peers.renew(ex::identity(ex::south_id, "south-cert", 20).record).has_value());
  BOOST_TEST(!peers.renew(ex::identity(ex::south_id, "south-cert", 60, 3).record).has_value());
  BOOST_TEST(!peers.renew(ex::identity(ex::north_id, "north-cert", 20, 3).record).has_value());
}

BOOST_AUTO_TEST_CASE(exactly_one_of_two_dials) {
  auto low = ex::identity(ex::north_id, "north-cert", 10).record.record;
  auto high = ex::identity(ex::south_id, "south-cert", 20).record.record;
  BOOST_TEST((dials(low, high) == true));
  BOOST_TEST((dials(high, low) == false));
  low.endpoints.clear();
  BOOST_TEST((dials(low, high) == true));
  BOOST_TEST((dials(high, low) == false));
  high.endpoints.clear();
  BOOST_TEST(!dials(low, high).has_value());
  low.endpoints = {"tcp://192.0.2.1:1"};
  BOOST_TEST((dials(low, high) == false));
  BOOST_TEST((dials(high, low) == true));
}

BOOST_AUTO_TEST_SUITE_END()
