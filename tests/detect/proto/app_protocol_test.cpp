#include "detect/proto/app_protocol.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset::detect::proto;

BOOST_AUTO_TEST_SUITE(app_protocol_names_)

BOOST_AUTO_TEST_CASE(every_protocol_has_a_name_that_leads_back_to_it) {
  for (std::size_t i = 0; i < app_protocol_count; ++i) {
    const auto protocol = static_cast<app_protocol>(i);
    BOOST_TEST(!name_of(protocol).empty());
    BOOST_CHECK(app_protocol_from(name_of(protocol)) == protocol);
  }
}
BOOST_AUTO_TEST_CASE(a_name_that_is_none_is_refused) {
  BOOST_CHECK(!app_protocol_from("gopher"));
}
BOOST_AUTO_TEST_CASE(names_are_those_of_the_event_log) {
  BOOST_TEST(name_of(app_protocol::ftp_data) == "ftp-data");
  BOOST_TEST(name_of(app_protocol::mdns) == "mdns");
}

BOOST_AUTO_TEST_SUITE_END()
