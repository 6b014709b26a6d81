#include "capture/source/dpdk_eal.hpp"

#include <boost/test/unit_test.hpp>

using cresset::capture::source::dpdk_eal;
using arguments = std::vector<std::string>;

BOOST_AUTO_TEST_SUITE(dpdk_arguments_test)

BOOST_AUTO_TEST_CASE(arguments_are_cut_at_blanks) {
  BOOST_TEST(
      (dpdk_eal::split_arguments("--no-huge -m 512") == arguments{"--no-huge", "-m", "512"}));
  BOOST_TEST((dpdk_eal::split_arguments("  --vdev=net_pcap0,rx_pcap=a.pcap \t-l\n0 ") ==
              arguments{"--vdev=net_pcap0,rx_pcap=a.pcap", "-l", "0"}));
}

BOOST_AUTO_TEST_CASE(nothing_gives_no_arguments) {
  BOOST_TEST(dpdk_eal::split_arguments("").empty());
  BOOST_TEST(dpdk_eal::split_arguments(" \t ").empty());
}

BOOST_AUTO_TEST_SUITE_END()
