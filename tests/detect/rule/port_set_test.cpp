#include "detect/rule/port_set.hpp"

#include <boost/test/unit_test.hpp>

using cresset::detect::rule::port_set;

BOOST_AUTO_TEST_SUITE(a_set_of_ports)

BOOST_AUTO_TEST_CASE(is_everything_unless_told_otherwise) {
  BOOST_CHECK(port_set{}.is_any());
  BOOST_CHECK((port_set{{}, {}}).is_any());
  BOOST_CHECK(port_set{}.contains(0) && port_set{}.contains(65'535));
}

BOOST_AUTO_TEST_CASE(cuts_the_excluded_out_of_the_included) {
  const port_set made{{{80, 90}, {91, 92}, {1'024, 65'535}}, {{85, 85}}};
  for (const auto inside : {80, 84, 86, 92, 1'024, 65'535})
    BOOST_CHECK(made.contains(static_cast<std::uint16_t>(inside)));
  for (const auto outside : {0, 79, 85, 93, 1'023})
    BOOST_CHECK(!made.contains(static_cast<std::uint16_t>(outside)));
  BOOST_CHECK(made.ranges().size() == 3);
}

BOOST_AUTO_TEST_CASE(is_all_but_the_excluded_when_nothing_is_included) {
  const port_set made{{}, {{80, 80}}};
  BOOST_CHECK(!made.is_any() && !made.contains(80) && made.contains(81));
  BOOST_CHECK((port_set{{{80, 80}}, {{80, 80}}}).is_empty());
}

BOOST_AUTO_TEST_SUITE_END()
