#include "detect/alert/wire.hpp"

#include "tests/detect/alert/example_alert.hpp"

#include <boost/test/unit_test.hpp>

#include <random>

BOOST_AUTO_TEST_SUITE(alert_wire)

using namespace cresset;
using namespace cresset::detect::alert;
using detect::alert::alert;

alert again(const alert& from) {
  auto read = decode(encode(from));
  BOOST_REQUIRE_MESSAGE(read, (read ? "" : to_string(read.error())));
  return *read;
}

BOOST_AUTO_TEST_CASE(every_field_comes_back_as_it_was) {
  BOOST_TEST((again(example_alert()) == example_alert()));
}

BOOST_AUTO_TEST_CASE(an_alert_without_what_is_optional_comes_back_as_it_was) {
  alert bare;
  bare.sensor = "s";
  bare.epoch.bytes[15] = std::byte{1};
  bare.sequence = 1;
  BOOST_TEST((again(bare) == bare));
}

BOOST_AUTO_TEST_CASE(ipv6_and_blocked_and_exercise_come_back) {
  auto a = example_alert();
  a.tuple = five_tuple{*ip_address::parse("2001:db8::1"), *ip_address::parse("fe80::2"), 128, 0,
                       ip_protocol::icmpv6};
  a.action = verdict::blocked;
  a.exercise = true;
  a.way = direction::to_client;
  a.packet_link = link_type::linux_cooked_v2;
  BOOST_TEST((again(a) == a));
}

BOOST_AUTO_TEST_CASE(what_is_over_a_limit_is_cut_when_written) {
  auto a = example_alert();
  a.msg.assign(5000, 'm');
  a.payload.assign(9000, std::byte{1});
  a.payload_length = 9000;
  a.vlan = {1, 2, 3, 4, 5};
  a.references.assign(100, "r");
  a.metadata.assign(100, {"k", "v"});
  a.transaction_json = "\"x\":\"" + std::string(limits::json_bytes, 'j') + "\"";
  const auto b = again(a);
  BOOST_TEST(b.msg.size() == limits::msg_bytes);
  BOOST_TEST(b.payload.size() == limits::payload_bytes);
  BOOST_TEST(b.payload_length == 9000);
  BOOST_TEST(b.vlan.size() == limits::vlans);
  BOOST_TEST(b.references.size() == limits::references);
  BOOST_TEST(b.metadata.size() == limits::metadata_pairs);
  BOOST_TEST(b.transaction_json.empty());
}

BOOST_AUTO_TEST_CASE(text_that_is_not_utf8_is_mended_when_written) {
  auto a = example_alert();
  a.msg = std::string{"a\0b\xff", 4} + "\xc3\xa9";
  BOOST_TEST(again(a).msg == "a?b?\xc3\xa9");
}

BOOST_AUTO_TEST_CASE(broken_json_never_leaves_the_sensor) {
  auto a = example_alert();
  a.transaction_json = "\"http\":{";
  BOOST_TEST(again(a).transaction_json.empty());
}

BOOST_AUTO_TEST_CASE(a_record_can_be_given_another_number) {
  auto bytes = encode(example_alert());
  std::vector<std::uint64_t> aligned((bytes.size() + 7) / 8);
  const std::span record{reinterpret_cast<std::byte*>(aligned.data()), bytes.size()};
  std::copy(bytes.begin(), bytes.end(), record.begin());
  epoch_id epoch;
  epoch.bytes[3] = std::byte{9};
  BOOST_REQUIRE(renumber(record, epoch, ~std::uint64_t{0}));
  auto expected_alert = example_alert();
  expected_alert.epoch = epoch;
  expected_alert.sequence = ~std::uint64_t{0};
  BOOST_TEST((*decode(record) == expected_alert));
  BOOST_TEST(!renumber(record.first(40), epoch, 1));
}

BOOST_AUTO_TEST_CASE(a_record_without_identity_is_refused) {
  auto a = example_alert();
  a.epoch = {};
  BOOST_TEST((decode(encode(a)).error() == wire_errc::bad_value));
  a = example_alert();
  a.sequence = 0;
  BOOST_TEST((decode(encode(a)).error() == wire_errc::bad_value));
}

BOOST_AUTO_TEST_CASE(bytes_that_are_no_record_are_refused) {
  BOOST_TEST((decode({}).error() == wire_errc::not_a_record));
  BOOST_TEST(
      (decode(as_bytes("hello, world, this is no record")).error() == wire_errc::not_a_record));
  BOOST_TEST(
      (decode(std::vector<std::byte>(limits::record_bytes + 1)).error() == wire_errc::too_long));
}

BOOST_AUTO_TEST_CASE(every_truncation_is_refused) {
  const auto bytes = encode(example_alert());
  for (std::size_t size = 0; size + 8 < bytes.size(); size += 3)
    BOOST_TEST(!decode(byte_view{bytes}.first(size)), size);
}

BOOST_AUTO_TEST_CASE(damage_never_does_more_than_refuse_or_change_a_value) {
  const auto good = encode(example_alert());
  std::mt19937 random{7};
  for (int i = 0; i < 3000; ++i) {
    auto bytes = good;
    bytes[random() % bytes.size()] = static_cast<std::byte>(random());
    if (const auto read = decode(bytes))
      BOOST_TEST(read->payload.size() <= limits::payload_bytes);
  }
}

BOOST_AUTO_TEST_CASE(a_field_that_a_hostile_writer_put_over_its_limit_is_refused) {
  // one byte of the vector's length is raised until the verifier or the limit says no; nothing else
  // changes
  auto a = example_alert();
  a.payload.assign(limits::payload_bytes, std::byte{0x5a});
  a.payload_length = limits::payload_bytes - 1;
  BOOST_TEST((decode(encode(a)).error() == wire_errc::bad_value));
}

BOOST_AUTO_TEST_SUITE_END()
