#include "capture/decode/tcp_options.hpp"

#include "tests/capture/decode/frames.hpp"

#include <boost/test/unit_test.hpp>

using namespace frames;

namespace {

decoded_packet read(std::string_view options) {
  decoded_packet packet;
  packet.tcp.emplace();
  const auto held = hex(options);
  read_tcp_options(held, packet);
  return packet;
}

} // namespace

BOOST_AUTO_TEST_SUITE(tcp_options_test)

BOOST_AUTO_TEST_CASE(the_options_of_a_first_segment_are_read) {
  const auto packet = read("020405b4 0402 080a 00000001 00000002 01 030307");
  BOOST_TEST(verdict(packet) == "ok");
  BOOST_TEST(packet.tcp->options.mss.value() == 1460);
  BOOST_TEST(packet.tcp->options.sack_permitted);
  BOOST_TEST(packet.tcp->options.timestamp_value.value() == 1U);
  BOOST_TEST(packet.tcp->options.timestamp_echo.value() == 2U);
  BOOST_TEST(int{packet.tcp->options.window_scale.value()} == 7);
  BOOST_TEST(!packet.tcp->options.has_sack);
}

BOOST_AUTO_TEST_CASE(sack_blocks_are_counted_and_may_be_none) {
  BOOST_TEST(int{read("0101 0512 0000000100000002 0000000300000004").tcp->options.sack_blocks} ==
             2);
  const auto empty = read("0502 0101");
  BOOST_TEST(verdict(empty) == "ok");
  BOOST_TEST(empty.tcp->options.has_sack);
  BOOST_TEST(int{empty.tcp->options.sack_blocks} == 0);
}

BOOST_AUTO_TEST_CASE(fast_open_is_read_in_both_forms) {
  BOOST_TEST(int{read("2202 0101").tcp->options.fast_open_cookie_bytes.value()} == 0);
  BOOST_TEST(int{read("220a 0102030405060708").tcp->options.fast_open_cookie_bytes.value()} == 8);
  BOOST_TEST(int{read("fe0c f989 0102030405060708").tcp->options.fast_open_cookie_bytes.value()} ==
             8);
  BOOST_TEST(!read("fe04 1234").tcp->options.fast_open_cookie_bytes);
}

BOOST_AUTO_TEST_CASE(a_wrong_length_is_an_event_and_the_option_is_absent) {
  for (const auto options :
       {"02030500", "0302 0101", "04030000", "0503 0000", "080b 000000010000000200 00", "2203 0100",
        "0300", "0301", "02", "0206", "0305 07"}) {
    BOOST_TEST_CONTEXT(options) {
      const auto packet = read(options);
      BOOST_TEST(verdict(packet) == "ok tcp.opt_invalid_len");
      BOOST_TEST(!packet.tcp->options.mss);
      BOOST_TEST(!packet.tcp->options.window_scale);
      BOOST_TEST(!packet.tcp->options.timestamp_value);
    }
  }
}

BOOST_AUTO_TEST_CASE(what_was_read_before_the_damage_stays) {
  const auto packet = read("020405b4 0300");
  BOOST_TEST(verdict(packet) == "ok tcp.opt_invalid_len");
  BOOST_TEST(packet.tcp->options.mss.value() == 1460);
}

BOOST_AUTO_TEST_CASE(the_first_of_two_counts) {
  const auto packet = read("020405b4 02040200");
  BOOST_TEST(verdict(packet) == "ok tcp.opt_duplicate");
  BOOST_TEST(packet.tcp->options.mss.value() == 1460);
}

BOOST_AUTO_TEST_CASE(unknown_options_are_stepped_over_and_the_end_ends) {
  BOOST_TEST(read("1304 0000 020405b4").tcp->options.mss.value() == 1460);
  BOOST_TEST(!read("00 020405b4 000000").tcp->options.mss);
}

BOOST_AUTO_TEST_SUITE_END()
