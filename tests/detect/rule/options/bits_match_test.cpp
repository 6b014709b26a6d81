#include "detect/rule/options/bits_match.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset::detect::rule::options;
using cresset::detect::rule::text::text_cursor;

BOOST_AUTO_TEST_SUITE(keywords_that_are_named_bits)

BOOST_AUTO_TEST_CASE(hold_what_their_text_says) {
  struct expectation {
    std::string_view keyword;
    std::string_view value;
    std::uint32_t inside;
    std::uint32_t outside;
  };
  for (const auto& [keyword, value, inside, outside] : std::initializer_list<expectation>{
           {"flags", "S", 0x02, 0x12},
           {"flags", "S,12", 0xc2, 0x12},
           {"tcp.flags", "R,A", 0x14, 0x24},
           {"tcp.flags", "R,A", 0x04, 0x00},
           {"tcp.flags", "+SA", 0x1a, 0x02},
           {"tcp.flags", "SA+", 0x1a, 0x02},
           {"tcp.flags", "*SF", 0x01, 0x10},
           {"tcp.flags", "!S", 0x10, 0x12},
           {"tcp.flags", "0", 0x00, 0x02},
           {"fragbits", "+M", 3, 2},
           {"fragbits", "MD", 3, 1},
           {"ipopts", "lsrr", 2, 1},
           {"ipopts", "any", 64, 0},
           {"ssl_version", "sslv2,sslv3", 2, 4},
           {"ssl_version", "!sslv2", 4, 1},
           {"ssl_state", "client_hello|server_hello", 2, 4},
           {"mqtt.flags", "dup,!retain", 8, 9},
           {"mqtt.connect.flags", "username,!password", 0x80, 0xc0},
           {"websocket.flags", "fin,!comp", 0x81, 0xc1},
           {"dnp3_ind", "class_1_events,class_2_events", 0x0400, 0x0100},
       }) {
    const auto made = parse_bits_match(keyword, text_cursor{value});
    BOOST_CHECK_MESSAGE(made && *made && (**made)(inside) && !(**made)(outside),
                        keyword << ":" << value);
  }
}

BOOST_AUTO_TEST_CASE(leave_numbers_to_their_own_table) {
  BOOST_CHECK(!parse_bits_match("websocket.flags", text_cursor{"&0xc0=0x80"}));
  BOOST_CHECK(!parse_bits_match("mqtt.flags", text_cursor{"!3"}));
  BOOST_CHECK(!parse_bits_match("ttl", text_cursor{"1"}));
}

BOOST_AUTO_TEST_CASE(are_refused_when_a_bit_is_unknown_or_asked_both_ways) {
  for (const auto& [keyword, value] :
       std::initializer_list<std::pair<std::string_view, std::string_view>>{
           {"flags", "Q"},
           {"flags", "S,Q"},
           {"fragbits", "M,D"},
           {"ssl_version", "tls2.0"},
           {"ssl_version", "sslv2,!sslv3"},
           {"mqtt.flags", "dup,!dup"},
           {"dnp3_ind", "frob"}}) {
    const auto made = parse_bits_match(keyword, text_cursor{value});
    BOOST_CHECK_MESSAGE(made && !*made, keyword << ":" << value);
  }
}

BOOST_AUTO_TEST_SUITE_END()
