#include "detect/flow/flow_key.hpp"

#include "tests/detect/flow/packets.hpp"

#include <boost/test/unit_test.hpp>

#include <set>

using namespace cresset;
using namespace cresset::detect::flow;
using namespace cresset::detect::flow::test;

BOOST_AUTO_TEST_SUITE(flow_key_test)

namespace {
bool same_key(const decoded_packet& a, const decoded_packet& b,
              const flow_key_settings& settings = {}) {
  const auto ka = make_key(a, settings);
  const auto kb = make_key(b, settings);
  BOOST_TEST((ka.key == kb.key) == (ka.hash == kb.hash));
  return ka.key == kb.key;
}
} // namespace

BOOST_AUTO_TEST_CASE(both_directions_have_one_key_and_differ_in_reversed) {
  const auto request = udp("192.0.2.9", 5000, "192.0.2.1", 53);
  BOOST_TEST(same_key(request, answer(request)));
  BOOST_TEST(make_key(request, {}).reversed != make_key(answer(request), {}).reversed);
  const auto loop = udp("127.0.0.1", 9, "127.0.0.1", 7);
  BOOST_TEST(same_key(loop, answer(loop)));
  BOOST_TEST(make_key(loop, {}).reversed != make_key(answer(loop), {}).reversed);
}

BOOST_AUTO_TEST_CASE(ports_belong_to_their_addresses) {
  BOOST_TEST(!same_key(udp("192.0.2.1", 1, "192.0.2.2", 2), udp("192.0.2.1", 2, "192.0.2.2", 1)));
}

BOOST_AUTO_TEST_CASE(protocol_and_family_tell_flows_apart) {
  const auto over_udp = udp("192.0.2.1", 1, "192.0.2.2", 2);
  BOOST_TEST(!same_key(over_udp, tcp("192.0.2.1", 1, "192.0.2.2", 2, tcp_syn)));
  // The same sixteen bytes: 1.2.3.4 and 102:304::
  BOOST_TEST(
      !same_key(udp("1.2.3.4", 1111, "5.6.7.8", 2222), udp("102:304::", 1111, "506:708::", 2222)));
}

BOOST_AUTO_TEST_CASE(vlan_and_tunnel_count_only_when_asked) {
  auto plain = udp("192.0.2.1", 1, "192.0.2.2", 2);
  auto tagged = plain;
  tagged.vlan_count = 2;
  tagged.vlan_ids = {6, 10, 0};
  auto inner = plain;
  inner.tunnel_depth = 1;
  BOOST_TEST(!same_key(plain, tagged));
  BOOST_TEST(!same_key(plain, inner));
  flow_key_settings blind;
  blind.vlan = blind.tunnel_depth = false;
  BOOST_TEST(same_key(plain, tagged, blind));
  BOOST_TEST(same_key(plain, inner, blind));
}

BOOST_AUTO_TEST_CASE(echo_and_its_reply_share_a_key_by_id) {
  const auto request = icmp("192.0.2.1", "192.0.2.2", 8, 0, 77);
  auto reply = icmp("192.0.2.2", "192.0.2.1", 0, 0, 77);
  BOOST_TEST(same_key(request, reply));
  reply.icmp->id = 78;
  BOOST_TEST(!same_key(request, reply));
  BOOST_TEST(same_key(icmp("2001:db8::1", "2001:db8::2", 128, 0, 5),
                      icmp("2001:db8::2", "2001:db8::1", 129, 0, 5)));
}

BOOST_AUTO_TEST_CASE(two_ends_that_ask_each_other_have_two_flows) {
  BOOST_TEST(!same_key(icmp("192.0.2.1", "192.0.2.2", 8, 0, 77),
                       icmp("192.0.2.2", "192.0.2.1", 8, 0, 77)));
  BOOST_TEST(
      same_key(icmp("127.0.0.1", "127.0.0.1", 8, 0, 7), icmp("127.0.0.1", "127.0.0.1", 0, 0, 7)));
}

BOOST_AUTO_TEST_CASE(icmp_errors_are_flows_of_their_own) {
  const auto unreachable = icmp("192.0.2.2", "192.0.2.1", 3, 1, 0);
  BOOST_TEST(!same_key(unreachable, icmp("192.0.2.1", "192.0.2.2", 8, 0, 0)));
  BOOST_TEST(!same_key(unreachable, icmp("192.0.2.2", "192.0.2.1", 3, 3, 0)));
}

BOOST_AUTO_TEST_CASE(another_secret_gives_other_hashes) {
  const auto key = make_key(udp("192.0.2.1", 1, "192.0.2.2", 2), {}).key;
  BOOST_TEST(hash_of(key, {1, 2}) != hash_of(key, {1, 3}));
  BOOST_TEST(hash_of(key, {1, 2}) != hash_of(key, {2, 2}));
}

BOOST_AUTO_TEST_CASE(neighbouring_flows_spread_over_the_table) {
  std::set<std::uint64_t> buckets;
  std::set<std::uint64_t> tags;
  for (std::uint16_t port = 0; port < 4096; ++port) {
    const auto hash = make_key(udp("192.0.2.1", port, "192.0.2.2", 53), {}).hash;
    buckets.insert(hash & 0xfffU);
    tags.insert(hash >> 32);
  }
  BOOST_TEST(buckets.size() > 2400U); // 4096 balls in 4096 bins leave about 1507 empty
  BOOST_TEST(tags.size() == 4096U);
}

BOOST_AUTO_TEST_SUITE_END()
