#include "detect/inspect/port_classes.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset::detect;
using inspect::port_classes;

namespace {
using ranges = std::vector<rule::port_set::range>;

std::shared_ptr<const rule::port_set> ports(ranges included, ranges excluded = {}) {
  return std::make_shared<rule::port_set>(std::move(included), std::move(excluded));
}
} // namespace

BOOST_AUTO_TEST_SUITE(port_classes_of_rules)

BOOST_AUTO_TEST_CASE(every_port_answers_as_its_sets_do) {
  const std::vector sets{ports({}), ports({{80, 80}}), ports({{1024, 65535}}),
                         ports({}, {{80, 80}}), ports({{0, 0}, {65535, 65535}})};
  port_classes classes;
  std::vector<std::uint16_t> numbers;
  for (const auto& set : sets)
    numbers.push_back(classes.add(set));
  classes.build();
  for (std::uint32_t port = 0; port < 65'536; ++port)
    for (std::size_t i = 0; i < sets.size(); ++i) {
      const auto p = static_cast<std::uint16_t>(port);
      if (classes.holds(numbers[i], classes.class_of(p)) != sets[i]->contains(p))
        BOOST_FAIL("port " << port << ", set " << i);
    }
}

BOOST_AUTO_TEST_CASE(ports_that_no_rule_tells_apart_are_one_class) {
  port_classes classes;
  classes.add(ports({{80, 80}}));
  classes.add(ports({{1024, 65535}}));
  classes.build();
  BOOST_TEST(classes.class_of(81) == classes.class_of(1023));
  BOOST_TEST(classes.class_of(80) != classes.class_of(81));
  BOOST_TEST(classes.class_of(1024) != classes.class_of(1023));
  BOOST_TEST(classes.classes() == 4U); // no port, 80, high, the rest
}

BOOST_AUTO_TEST_CASE(packets_without_ports_are_held_by_any_alone) {
  port_classes classes;
  const auto any = classes.add(ports({}));
  const auto web = classes.add(ports({{80, 80}}));
  classes.build();
  BOOST_TEST(classes.holds(any, port_classes::none));
  BOOST_TEST(!classes.holds(web, port_classes::none));
}

BOOST_AUTO_TEST_CASE(the_same_ports_written_twice_are_one_set) {
  port_classes classes;
  BOOST_TEST(classes.add(ports({{80, 80}})) == classes.add(ports({{80, 80}})));
  BOOST_TEST(classes.sets() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
