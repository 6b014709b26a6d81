#include "coord/ingest/authenticator.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(zap_answers)

using namespace cresset::coord::ingest;

struct one_sensor {
  one_sensor() {
    known_sensor sensor{{7}, "berne", {}};
    sensor.key.fill(std::byte{'k'});
    sensors.replace(std::span{&sensor, 1});
  }
  std::vector<std::string> ask(std::size_t field = 0, const std::string& instead = "1.0") {
    std::vector<std::string> request{"1.0", "id",    authenticator::domain, "192.0.2.1",
                                     "",    "CURVE", std::string(32, 'k')};
    request[field] = instead;
    return answer_zap(request, sensors).value_or(std::vector<std::string>{});
  }
  sensor_registry sensors;
};

BOOST_FIXTURE_TEST_CASE(a_known_key_is_accepted_under_its_name, one_sensor) {
  BOOST_TEST(ask() == (std::vector<std::string>{"1.0", "id", "200", "OK", "berne", ""}),
             boost::test_tools::per_element());
}

BOOST_FIXTURE_TEST_CASE(everything_else_is_refused, one_sensor) {
  BOOST_TEST(ask(6, std::string(32, 'x')).at(2) == "400");
  BOOST_TEST(ask(6, "short").at(2) == "400");
  BOOST_TEST(ask(5, "NULL").at(2) == "400");
  BOOST_TEST(ask(5, "PLAIN").at(2) == "400");
  BOOST_TEST(ask(2, "another").at(2) == "400");
  BOOST_TEST(ask(0, "2.0").empty());
  BOOST_TEST(!answer_zap({}, sensors));
}

BOOST_FIXTURE_TEST_CASE(the_refused_key_is_remembered_with_its_address, one_sensor) {
  ask(6, std::string(32, 'x'));
  BOOST_REQUIRE(sensors.refused_keys().size() == 1);
  BOOST_TEST(sensors.refused_keys()[0].address == "192.0.2.1");
}

BOOST_AUTO_TEST_SUITE_END()
