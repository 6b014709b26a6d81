#include "detect/proto/http/log_event.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset::detect::proto;
using cresset::detect::proto::http::event_of;

BOOST_AUTO_TEST_SUITE(http_log_event)

BOOST_AUTO_TEST_CASE(messages_are_named_by_their_beginning) {
  BOOST_TEST(event_of("Compression bomb: decompressed 9 bytes out of 1", direction::to_client) ==
             "compression_bomb");
  BOOST_TEST(event_of("Request field invalid: colon missing", direction::to_server) ==
             "request_field_missing_colon");
  BOOST_TEST(event_of("Request field invalid: empty name", direction::to_server) ==
             "request_header_invalid");
}
BOOST_AUTO_TEST_CASE(a_repetition_belongs_to_the_direction_that_was_fed) {
  BOOST_TEST(event_of("Repetition for header", direction::to_server) ==
             "request_header_repetition");
  BOOST_TEST(event_of("Repetition for header", direction::to_client) ==
             "response_header_repetition");
}
BOOST_AUTO_TEST_CASE(a_blank_behind_a_name_is_no_event) {
  BOOST_TEST(event_of("Response field invalid: LWS after name.", direction::to_client).empty());
}
BOOST_AUTO_TEST_CASE(other_messages_are_no_event) {
  BOOST_TEST(event_of("LibHTP says hello", direction::to_client).empty());
}

BOOST_AUTO_TEST_SUITE_END()
