#include "capture/decode/checksum.hpp"

#include "tests/capture/decode/frames.hpp"

#include <boost/test/unit_test.hpp>

using namespace frames;

namespace {

void put(bytes& packet, std::size_t at, std::uint16_t value) {
  packet[at] = static_cast<std::byte>(value >> 8);
  packet[at + 1] = static_cast<std::byte>(value & 0xff);
}

checksum_state transport(const bytes& packet) {
  return transport_checksum(outcome{packet}[0]);
}
checksum_state header(const bytes& packet) {
  return ipv4_header_checksum(outcome{packet}[0]);
}

/// One's complement sum the slow way, by bytes and with the end-around carry at once.
std::uint16_t plain_sum(byte_view data) {
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < data.size(); ++i) {
    sum += std::to_integer<std::uint32_t>(data[i]) << (i % 2 == 0 ? 8 : 0);
    sum = (sum & 0xffff) + (sum >> 16);
  }
  return static_cast<std::uint16_t>(sum);
}

constexpr auto ok = checksum_state::ok;
constexpr auto wrong = checksum_state::wrong;
constexpr auto absent = checksum_state::absent;

} // namespace

BOOST_AUTO_TEST_SUITE(checksum_test)

BOOST_AUTO_TEST_CASE(the_sum_is_that_of_rfc_1071_for_every_length) {
  bytes data;
  for (int i = 0; i < 64; ++i) {
    BOOST_TEST(fold_checksum(add_to_checksum(data, 0)) == plain_sum(data));
    data.push_back(static_cast<std::byte>(i * 37 + 200));
  }
  BOOST_TEST(fold_checksum(add_to_checksum(hex("0001 f203 f4f5 f6f7"), 0)) == 0xddf2); // RFC 1071 3
}

BOOST_AUTO_TEST_CASE(an_ipv4_header_is_checked) {
  const auto good = hex("45 00 0073 0000 4000 40 11 b861 c0a80001 c0a800c7");
  BOOST_TEST((header(join({good, bytes(95)})) == ok));
  auto bad = join({good, bytes(95)});
  put(bad, 10, 0xb862);
  BOOST_TEST((header(bad) == wrong));
  BOOST_TEST((header(ipv6(17, udp(53, {}))) == absent));
  BOOST_TEST((header(hex("45")) == absent));
}

BOOST_AUTO_TEST_CASE(udp_and_tcp_are_checked_with_their_pseudo_header) {
  const auto sum = [](bytes packet, std::size_t at, std::size_t start, std::uint16_t proto) {
    put(packet, at, 0);
    const auto length = packet.size() - start;
    const auto addresses = packet[0] >> 4 == std::byte{4}
                               ? bytes(packet.begin() + 12, packet.begin() + 20)
                               : bytes(packet.begin() + 8, packet.begin() + 40);
    const auto all =
        join({addresses, be16(length), be16(proto),
              bytes(packet.begin() + static_cast<std::ptrdiff_t>(start), packet.end())});
    return static_cast<std::uint16_t>(~plain_sum(all));
  };
  struct sample {
    bytes packet;
    std::size_t at, start;
    std::uint16_t protocol;
  };
  for (auto& [packet, at, start, protocol] :
       std::vector<sample>{{ipv4(17, udp(53, hex("616263"))), 26, 20, 17},
                           {ipv4(6, tcp(hex("616263"), hex("020405b4"))), 36, 20, 6},
                           {ipv6(17, udp(53, hex("61"))), 46, 40, 17},
                           {ipv6(6, tcp(hex("61"))), 56, 40, 6},
                           {ipv6(58, hex("80 00 0000 0001 0001 61")), 42, 40, 58}}) {
    const auto right = sum(packet, at, start, protocol);
    put(packet, at, right);
    BOOST_TEST((transport(packet) == ok));
    put(packet, at, static_cast<std::uint16_t>(right ^ 0x0101));
    BOOST_TEST((transport(packet) == wrong));
  }
}

BOOST_AUTO_TEST_CASE(icmp_is_checked_without_pseudo_header) {
  BOOST_TEST((transport(ipv4(1, hex("08 00 f7fd 0001 0001"))) == ok));
  BOOST_TEST((transport(ipv4(1, hex("08 00 f7fe 0001 0001"))) == wrong));
}

BOOST_AUTO_TEST_CASE(udp_may_leave_it_out_over_ipv4_alone) {
  BOOST_TEST((transport(ipv4(17, udp(53, hex("61")))) == absent));
  BOOST_TEST((transport(ipv6(17, udp(53, hex("61")))) == wrong));
  const auto vxlan =
      udp(4789, join({hex("0800000000002500"), ethernet(0x0800, ipv4(17, udp(53, {})))}));
  BOOST_TEST((transport(ipv6(17, vxlan)) == absent));
}

BOOST_AUTO_TEST_CASE(what_cannot_be_told_is_absent) {
  BOOST_TEST(
      (transport(hex("45 00 001c 0007 2000 40 11 0000 c0000201 c6336402 1234 0035 0010 0000")) ==
       absent));
  BOOST_TEST((transport(ipv4(89, bytes(8))) == absent));
  BOOST_TEST((transport(ipv4(132, bytes(12))) == absent));
  BOOST_TEST((transport(ipv4(6, bytes(7))) == absent));
  // The destination in the header is not the one the sender made the sum for.
  BOOST_TEST((transport(ipv6(43, join({hex("11 02 04 01 00000000 20010db8000000000000000000000009"),
                                       udp(53, hex("61"))}))) == absent));
}

BOOST_AUTO_TEST_SUITE_END()
