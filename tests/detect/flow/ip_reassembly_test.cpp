#include "detect/flow/ip_reassembly.hpp"

#include "capture/decode/decoder.hpp"
#include "tests/detect/flow/packets.hpp"

#include <boost/test/unit_test.hpp>

#include <random>
#include <string>

using namespace cresset;
using namespace cresset::detect::flow;
using namespace cresset::detect::flow::test;

BOOST_AUTO_TEST_SUITE(ip_reassembly_test)

namespace {

using octets = std::vector<std::byte>;

void put16(octets& out, std::size_t value) {
  out.push_back(static_cast<std::byte>(value >> 8));
  out.push_back(static_cast<std::byte>(value & 0xffU));
}

/// An IPv4 packet from 192.0.2.1 to 192.0.2.2 that carries `part` of a UDP datagram.
octets v4_fragment(std::uint16_t id, std::size_t offset, bool more, std::string_view part) {
  octets out{std::byte{0x45}, std::byte{0}};
  put16(out, 20 + part.size());
  put16(out, id);
  put16(out, (more ? 0x2000U : 0U) | offset / 8);
  for (const unsigned b : {64U, 17U, 0U, 0U, 192U, 0U, 2U, 1U, 192U, 0U, 2U, 2U})
    out.push_back(static_cast<std::byte>(b));
  const auto bytes = as_bytes(part);
  out.insert(out.end(), bytes.begin(), bytes.end());
  return out;
}

/// The same in IPv6, behind a destination options header that precedes the fragment header when
/// `with_options`.
octets v6_fragment(std::uint32_t id, std::size_t offset, bool more, std::string_view part,
                   bool with_options = false) {
  octets out{std::byte{0x60}, std::byte{0}, std::byte{0}, std::byte{0}};
  put16(out, 8 + part.size() + (with_options ? 8 : 0));
  out.push_back(std::byte{static_cast<unsigned char>(with_options ? 60 : 44)});
  out.push_back(std::byte{64});
  for (int end = 1; end <= 2; ++end) {
    out.insert(out.end(), {std::byte{0x20}, std::byte{0x01}, std::byte{0x0d}, std::byte{0xb8}});
    out.resize(out.size() + 11);
    out.push_back(static_cast<std::byte>(end));
  }
  if (with_options)
    for (const unsigned b : {44U, 0U, 1U, 4U, 0U, 0U, 0U, 0U})
      out.push_back(static_cast<std::byte>(b));
  out.push_back(std::byte{17});
  out.push_back(std::byte{0});
  put16(out, offset | (more ? 1U : 0U));
  put16(out, id >> 16);
  put16(out, id & 0xffffU);
  const auto bytes = as_bytes(part);
  out.insert(out.end(), bytes.begin(), bytes.end());
  return out;
}

/// A UDP datagram of `size` bytes, header included, ports 1000 and 2000, no checksum.
std::string udp_text(std::size_t size) {
  std::string text{"\x03\xe8\x07\xd0", 4};
  text += static_cast<char>(size >> 8);
  text += static_cast<char>(size & 0xffU);
  text += std::string(2, '\0');
  for (std::size_t i = text.size(); i < size; ++i)
    text += static_cast<char>('!' + i % 90);
  return text;
}

struct fixture {
  capture::decode::decoder decoder;
  ip_reassembly_settings settings;
  ip_reassembly defrag;
  std::vector<octets> kept; // bytes of packets live as long as the fixture
  std::array<decoded_packet, 4> inner;

  explicit fixture(ip_reassembly_settings s = {}) : settings{s}, defrag{s} {}

  fragment_outcome put(octets packet, std::int64_t second = 0) {
    kept.push_back(std::move(packet));
    std::array<decoded_packet, 4> out;
    decoder.decode(kept.back(), link_type::raw, out);
    BOOST_TEST_REQUIRE(out[0].is_fragment);
    const auto outcome = defrag.process(out[0], at_second(second));
    if (outcome.status == fragment_status::complete)
      decoder.decode_network(outcome.datagram, out[0], inner);
    return outcome;
  }
};

bool has_event(const fragment_outcome& outcome, decode_event event) {
  return outcome.events[0] == event || outcome.events[1] == event;
}

/// Puts `parts` (offset, text) in that order behind a UDP header and ends them; gives what lies
/// behind the header.
std::string overlapped(overlap_policy policy,
                       std::initializer_list<std::pair<std::size_t, std::string_view>> parts,
                       std::size_t size) {
  ip_reassembly_settings settings;
  settings.policy = policy;
  fixture f{settings};
  for (const auto& [offset, text] : parts)
    f.put(v4_fragment(9, 8 + offset, true, text));
  f.put(v4_fragment(9, 8 + size, false, "."));
  const auto outcome = f.put(v4_fragment(9, 0, true, udp_text(8 + size + 1).substr(0, 8)));
  BOOST_TEST_REQUIRE((outcome.status == fragment_status::complete));
  return std::string{as_text(outcome.datagram.subspan(28, size))};
}

} // namespace

BOOST_AUTO_TEST_CASE(an_ipv4_datagram_is_put_together_in_any_order) {
  const auto text = udp_text(100);
  const std::vector<octets> fragments{v4_fragment(7, 0, true, text.substr(0, 40)),
                                      v4_fragment(7, 40, true, text.substr(40, 24)),
                                      v4_fragment(7, 64, false, text.substr(64))};
  std::array<std::size_t, 3> order{0, 1, 2};
  do {
    fixture f;
    BOOST_TEST((f.put(fragments[order[0]]).status == fragment_status::kept));
    BOOST_TEST((f.put(fragments[order[1]]).status == fragment_status::kept));
    const auto outcome = f.put(fragments[order[2]]);
    BOOST_TEST_REQUIRE((outcome.status == fragment_status::complete));
    BOOST_TEST(!outcome.events[0].has_value());
    BOOST_TEST(as_text(outcome.datagram.subspan(20)) == text);
    BOOST_TEST((f.inner[0].status == decode_status::ok));
    BOOST_TEST(f.inner[0].is_udp());
    BOOST_TEST(!f.inner[0].is_fragment);
    BOOST_TEST(f.inner[0].tuple.source_port == 1000);
    BOOST_TEST(f.defrag.open_datagrams() == 0U);
  } while (std::next_permutation(order.begin(), order.end()));
}

BOOST_AUTO_TEST_CASE(the_rebuilt_ipv4_header_has_a_right_checksum) {
  fixture f;
  const auto text = udp_text(32);
  f.put(v4_fragment(7, 0, true, text.substr(0, 16)));
  const auto outcome = f.put(v4_fragment(7, 16, false, text.substr(16)));
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < 20; i += 2)
    sum += load_be16(outcome.datagram.subspan(i).first<2>());
  BOOST_TEST((sum & 0xffffU) + (sum >> 16) == 0xffffU);
  BOOST_TEST(load_be16(outcome.datagram.subspan<2, 2>()) == 52);
}

BOOST_AUTO_TEST_CASE(an_ipv6_datagram_is_put_together) {
  for (const bool with_options : {false, true}) {
    fixture f;
    const auto text = udp_text(100);
    f.put(v6_fragment(0x12345678, 64, false, text.substr(64), with_options));
    const auto outcome = f.put(v6_fragment(0x12345678, 0, true, text.substr(0, 64), with_options));
    BOOST_TEST_REQUIRE((outcome.status == fragment_status::complete));
    BOOST_TEST(as_text(outcome.datagram.last(100)) == text);
    BOOST_TEST(outcome.datagram.size() == (with_options ? 148U : 140U));
    BOOST_TEST((f.inner[0].status == decode_status::ok));
    BOOST_TEST(f.inner[0].is_udp());
    BOOST_TEST(f.inner[0].tuple.destination_port == 2000);
  }
}

BOOST_AUTO_TEST_CASE(a_fragment_without_bytes_is_ignored) {
  fixture f;
  BOOST_TEST((f.put(v4_fragment(7, 0, true, "")).status == fragment_status::ignored));
  BOOST_TEST(f.defrag.open_datagrams() == 0U);
}

BOOST_AUTO_TEST_CASE(ids_addresses_and_vlans_tell_datagrams_apart) {
  fixture f;
  const auto text = udp_text(32);
  f.put(v4_fragment(1, 0, true, text.substr(0, 16)));
  BOOST_TEST((f.put(v4_fragment(2, 16, false, text.substr(16))).status == fragment_status::kept));
  BOOST_TEST(f.defrag.open_datagrams() == 2U);
  BOOST_TEST(
      (f.put(v4_fragment(1, 16, false, text.substr(16))).status == fragment_status::complete));
}

BOOST_AUTO_TEST_CASE(each_policy_leaves_its_own_text_of_overlapping_fragments) {
  const auto text_by = [](overlap_policy policy) {
    return overlapped(
        policy, {{8, "bbbbbbbbbbbbbbbb"}, {0, "nnnnnnnnnnnnnnnn"}, {16, "mmmmmmmmmmmmmmmm"}}, 32);
  };
  BOOST_TEST(text_by(overlap_policy::first) == "nnnnnnnnbbbbbbbbbbbbbbbbmmmmmmmm");
  BOOST_TEST(text_by(overlap_policy::last) == "nnnnnnnnnnnnnnnnmmmmmmmmmmmmmmmm");
  BOOST_TEST(text_by(overlap_policy::bsd) == "nnnnnnnnnnnnnnnnbbbbbbbbmmmmmmmm");
  BOOST_TEST(text_by(overlap_policy::bsd_right) == "nnnnnnnnbbbbbbbbmmmmmmmmmmmmmmmm");
  // What is left of b begins with m.
  BOOST_TEST(text_by(overlap_policy::linux_now) == "nnnnnnnnnnnnnnnnmmmmmmmmmmmmmmmm");
  BOOST_TEST(text_by(overlap_policy::windows) == "nnnnnnnnbbbbbbbbbbbbbbbbmmmmmmmm");
}

BOOST_AUTO_TEST_CASE(overlaps_are_events_and_mere_copies_are_not) {
  fixture f;
  const auto fragment = v4_fragment(7, 8, true, "aaaaaaaa");
  f.put(fragment);
  BOOST_TEST(!f.put(fragment).events[0].has_value());
  BOOST_TEST(
      has_event(f.put(v4_fragment(7, 8, true, "bbbbbbbb")), decode_event::ipv4_frag_overlap));
  BOOST_TEST(has_event(f.put(v4_fragment(7, 0, true, "cccccccccccccccc")),
                       decode_event::ipv4_frag_overlap));
  f.put(v6_fragment(7, 8, true, "aaaaaaaa"));
  BOOST_TEST(
      has_event(f.put(v6_fragment(7, 8, true, "bbbbbbbb")), decode_event::ipv6_frag_overlap));
  BOOST_TEST(f.defrag.counters().overlaps.value() == 3U);
}

BOOST_AUTO_TEST_CASE(a_datagram_larger_than_any_can_be_is_refused) {
  fixture f;
  auto outcome = f.put(v4_fragment(7, 65'528, false, "12345678"));
  BOOST_TEST((outcome.status == fragment_status::too_large));
  BOOST_TEST(has_event(outcome, decode_event::ipv4_frag_pkt_too_large));
  outcome = f.put(v6_fragment(7, 65'528, false, "12345678"));
  BOOST_TEST(has_event(outcome, decode_event::ipv6_frag_pkt_too_large));
  BOOST_TEST(f.defrag.open_datagrams() == 0U);
  BOOST_TEST(f.defrag.counters().too_large.value() == 2U);
}

BOOST_AUTO_TEST_CASE(only_the_last_fragment_may_have_any_length) {
  fixture f;
  BOOST_TEST((f.put(v4_fragment(7, 0, true, "1234567")).status == fragment_status::invalid_length));
  const auto outcome = f.put(v6_fragment(7, 0, true, "1234567"));
  BOOST_TEST((outcome.status == fragment_status::invalid_length));
  BOOST_TEST(has_event(outcome, decode_event::ipv6_frag_invalid_length));
  BOOST_TEST(f.defrag.counters().invalid_length.value() == 2U);
}

BOOST_AUTO_TEST_CASE(an_end_before_bytes_that_came_already_is_not_believed) {
  fixture f;
  const auto text = udp_text(40);
  f.put(v4_fragment(7, 16, true, text.substr(16, 16)));
  f.put(v4_fragment(7, 8, false, text.substr(8, 8))); // would end at 16
  f.put(v4_fragment(7, 0, true, text.substr(0, 8)));
  const auto outcome = f.put(v4_fragment(7, 32, false, text.substr(32)));
  BOOST_TEST_REQUIRE((outcome.status == fragment_status::complete));
  BOOST_TEST(as_text(outcome.datagram.subspan(20)) == text);
}

BOOST_AUTO_TEST_CASE(a_fragment_inside_another_is_an_overlap_and_the_same_once_more_is_not) {
  fixture f;
  const auto text = udp_text(64);
  const auto whole = v6_fragment(7, 0, true, text.substr(0, 32));
  f.put(whole);
  BOOST_TEST(!has_event(f.put(whole), decode_event::ipv6_frag_overlap));
  BOOST_TEST(has_event(f.put(v6_fragment(7, 8, true, text.substr(8, 16))),
                       decode_event::ipv6_frag_overlap));
  BOOST_TEST(has_event(f.put(v6_fragment(7, 8, false, text.substr(8, 1))),
                       decode_event::ipv6_frag_overlap));
}

BOOST_AUTO_TEST_CASE(what_waits_too_long_is_given_up) {
  fixture f;
  f.put(v4_fragment(1, 0, true, "12345678"), 0);
  f.put(v4_fragment(2, 0, true, "12345678"), 40);
  BOOST_TEST(f.defrag.expire(at_second(59)) == 0U);
  BOOST_TEST(f.defrag.expire(at_second(60)) == 1U);
  BOOST_TEST(f.defrag.open_datagrams() == 1U);
  f.put(v4_fragment(3, 0, true, "12345678"), 200);
  BOOST_TEST(f.defrag.open_datagrams() == 1U);
  BOOST_TEST(f.defrag.counters().timeouts.value() == 2U);
}

BOOST_AUTO_TEST_CASE(when_trackers_run_out_the_oldest_goes) {
  ip_reassembly_settings settings;
  settings.limit_datagrams = 3;
  fixture f{settings};
  for (std::uint16_t id = 0; id < 5; ++id)
    f.put(v4_fragment(id, 8, true, "12345678"));
  BOOST_TEST(f.defrag.open_datagrams() == 3U);
  BOOST_TEST(f.defrag.counters().evicted.value() == 2U);
}

BOOST_AUTO_TEST_CASE(fragments_over_a_limit_are_ignored_and_counted) {
  ip_reassembly_settings settings;
  settings.limit_fragments = 2;
  fixture f{settings};
  f.put(v4_fragment(1, 8, true, "12345678"));
  f.put(v4_fragment(1, 24, true, "12345678"));
  const auto outcome = f.put(v4_fragment(1, 40, true, "12345678"));
  BOOST_TEST((outcome.status == fragment_status::ignored));
  BOOST_TEST(has_event(outcome, decode_event::ipv4_frag_ignored));
  BOOST_TEST(f.defrag.counters().ignored.value() == 1U);

  settings = {};
  settings.limit_bytes = 512;
  fixture small{settings};
  for (std::uint16_t id = 0; id < 2; ++id)
    BOOST_TEST((small.put(v4_fragment(id, 8, true, "12345678")).status == fragment_status::kept));
  BOOST_TEST((small.put(v4_fragment(9, 8, true, "12345678")).status == fragment_status::ignored));
  BOOST_TEST(small.defrag.open_datagrams() == 2U);
}

BOOST_AUTO_TEST_CASE(any_fragmentation_in_any_order_gives_exactly_the_datagram) {
  std::mt19937 random{3};
  fixture f;
  for (std::uint16_t round = 0; round < 100; ++round) {
    const auto text = udp_text(64 + random() % 8000);
    std::vector<octets> fragments;
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t size = 8 * (1 + random() % 100);
      const bool more = at + size < text.size();
      const std::size_t early =
          random() % 3 == 0 ? std::min<std::size_t>(at, 8 * (random() % 4)) : 0;
      const auto part = text.substr(at - early, size + early);
      fragments.push_back(round % 2 == 0 ? v4_fragment(round, at - early, more, part)
                                         : v6_fragment(round, at - early, more, part));
      at += size;
    }
    if (fragments.size() == 1)
      continue;
    std::shuffle(fragments.begin(), fragments.end(), random);
    int completed = 0;
    for (const auto& fragment : fragments) {
      const auto outcome = f.put(fragment);
      if (outcome.status != fragment_status::complete)
        continue;
      ++completed;
      BOOST_TEST((as_text(outcome.datagram.last(text.size())) == text), "round " << round);
    }
    BOOST_TEST(completed >= 1);
    f.kept.clear();
  }
  BOOST_TEST(f.defrag.counters().ignored.value() == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
