#include "detect/sensor/dealer.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset;
using namespace cresset::detect::sensor;

namespace {

/// An IPv4 datagram of UDP from 192.0.2.`from`:1000 to 198.51.100.`to`:53.
std::vector<std::byte> datagram(unsigned from, unsigned to, bool fragment = false) {
  std::vector<std::byte> bytes(32);
  const auto at = [&](std::size_t i, unsigned value) { bytes[i] = static_cast<std::byte>(value); };
  at(0, 0x45);
  at(3, 32);
  at(6, fragment ? 0x20 : 0);
  at(8, 64);
  at(9, 17);
  for (const auto& [i, v] : {std::pair{12, 192U},
                             {14, 2U},
                             {15, from},
                             {16, 198U},
                             {17, 51U},
                             {18, 100U},
                             {19, to},
                             {20, 3U},
                             {21, 0xe8U},
                             {23, 53U},
                             {25, 12U}})
    at(static_cast<std::size_t>(i), v);
  return bytes;
}

/// The same way back.
std::vector<std::byte> answer(unsigned from, unsigned to) {
  auto bytes = datagram(from, to);
  std::swap_ranges(bytes.begin() + 12, bytes.begin() + 16, bytes.begin() + 16);
  std::swap_ranges(bytes.begin() + 20, bytes.begin() + 22, bytes.begin() + 22);
  return bytes;
}

/// Which of `workers` were given a burst of this one frame.
std::vector<std::size_t> given(dealer& deals, const std::vector<std::byte>& frame) {
  capture::source::packet_batch burst;
  burst.push({.bytes = frame,
              .captured_at = {},
              .number = 7,
              .wire_length_bytes = static_cast<std::uint32_t>(frame.size()),
              .interface_index = 0,
              .link = link_type::ipv4});
  std::vector<std::size_t> to;
  const auto hands = deals.deal(burst);
  for (std::size_t i = 0; i < hands.size(); ++i) {
    BOOST_TEST(hands[i].last == 7U); // the burst ends for everybody
    for (const auto& one : hands[i].packets)
      BOOST_TEST(std::equal(one.bytes.begin(), one.bytes.end(), frame.begin(), frame.end()));
    if (!hands[i].packets.empty())
      to.push_back(i);
  }
  return to;
}

} // namespace

BOOST_AUTO_TEST_SUITE(dealing_packets)

BOOST_AUTO_TEST_CASE(both_ways_and_fragments_of_a_pair_go_to_one_worker) {
  dealer deals{{}, 4};
  for (unsigned host = 1; host < 50; ++host) {
    const auto to = given(deals, datagram(host, 9));
    BOOST_TEST(to.size() == 1U);
    BOOST_TEST(to == given(deals, answer(host, 9)), boost::test_tools::per_element());
    BOOST_TEST(to == given(deals, datagram(host, 9, true)), boost::test_tools::per_element());
  }
}

BOOST_AUTO_TEST_CASE(pairs_are_spread_over_the_workers) {
  dealer deals{{}, 4};
  std::array<int, 4> counts{};
  for (unsigned host = 0; host < 200; ++host)
    ++counts[given(deals, datagram(host, host / 2)).front()];
  for (const auto count : counts)
    BOOST_TEST(count > 20);
}

BOOST_AUTO_TEST_CASE(what_has_no_addresses_is_the_first_workers) {
  dealer deals{{}, 3};
  const std::vector<std::byte> nonsense(3);
  BOOST_TEST((given(deals, nonsense) == std::vector<std::size_t>{0}));
}

BOOST_AUTO_TEST_SUITE_END()
