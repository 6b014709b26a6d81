#include "detect/rule/app_protocols.hpp"

#include <boost/test/unit_test.hpp>

using cresset::detect::rule::app_protocols;
using names = std::vector<std::string>;

BOOST_AUTO_TEST_SUITE(the_protocols_of_a_rule)

BOOST_AUTO_TEST_CASE(are_narrowed_by_each_option) {
  app_protocols made;
  BOOST_CHECK(made.narrow("") && made.names().empty());
  BOOST_CHECK(made.narrow("http ftp-data smtp"));
  BOOST_CHECK((made.names() == names{"ftp-data", "http", "http2", "smtp"}));
  BOOST_CHECK(made.narrow("http1"));
  BOOST_CHECK((made.names() == names{"http"}));
  BOOST_CHECK(made.narrow("http"));
  BOOST_CHECK(!made.narrow("dns"));
}

BOOST_AUTO_TEST_CASE(include_what_carries_them) {
  app_protocols made;
  BOOST_CHECK(made.narrow("dcerpc") && made.narrow("smb"));
  BOOST_CHECK((made.names() == names{"smb"}));
}

BOOST_AUTO_TEST_SUITE_END()
