#include "detect/proto/catalogue/states.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset::detect::proto;
using catalogue::state_named;

BOOST_AUTO_TEST_SUITE(proto_states)

BOOST_AUTO_TEST_CASE(a_protocol_has_states_of_its_own_and_those_of_all) {
  const auto headers = state_named(app_protocol::http, "response_headers");
  BOOST_REQUIRE(headers.has_value());
  BOOST_CHECK(headers->way == direction::to_client);
  BOOST_TEST(headers->at == 2);
  BOOST_TEST(state_named(app_protocol::tls, "client_hello_done")->at == 1);
  BOOST_TEST(state_named(app_protocol::ssh, "response_banner_done")->at == 1);
  BOOST_TEST(state_named(app_protocol::dns, "request_complete")->at == progress_done);
  BOOST_TEST(state_named(app_protocol::http, "request_started")->at == 1);
}

BOOST_AUTO_TEST_CASE(a_name_of_another_protocol_is_none) {
  BOOST_TEST(!state_named(app_protocol::dns, "request_line"));
  BOOST_TEST(!state_named(app_protocol::http, "client_hello_done"));
  BOOST_TEST(!state_named(app_protocol::http, ""));
}

BOOST_AUTO_TEST_SUITE_END()
