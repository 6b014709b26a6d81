#include "coord/ingest/sensor_registry.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(registered_sensors)

using namespace cresset::coord::ingest;

curve_public_key key(unsigned char number) {
  curve_public_key made{};
  made[0] = std::byte{number};
  return made;
}

BOOST_AUTO_TEST_CASE(a_sensor_is_found_by_key_and_by_name) {
  sensor_registry sensors;
  sensors.replace(
      std::array{known_sensor{{7}, "berne", key(1)}, known_sensor{{8}, "basel", key(2)}});
  BOOST_TEST(sensors.find(key(1))->name == "berne");
  BOOST_TEST(sensors.find(std::string{"basel"})->id.value == 8);
  BOOST_TEST(!sensors.find(key(3)));
  BOOST_TEST(!sensors.find(std::string{}));
}

BOOST_AUTO_TEST_CASE(what_is_not_in_the_new_list_is_forgotten) {
  sensor_registry sensors;
  sensors.replace(std::array{known_sensor{{7}, "berne", key(1)}});
  sensors.replace(std::array{known_sensor{{7}, "berne", key(2)}});
  BOOST_TEST(!sensors.find(key(1)));
  BOOST_TEST(sensors.find(key(2)).has_value());
}

BOOST_AUTO_TEST_CASE(a_refused_key_is_news_once_and_counted) {
  sensor_registry sensors;
  BOOST_TEST(sensors.note_refused(key(1), "192.0.2.1"));
  BOOST_TEST(!sensors.note_refused(key(1), "192.0.2.2"));
  BOOST_REQUIRE(sensors.refused_keys().size() == 1);
  BOOST_TEST(sensors.refused_keys()[0].times == 2);
  BOOST_TEST(sensors.refused_keys()[0].address == "192.0.2.2");
  sensors.replace(std::array{known_sensor{{7}, "berne", key(1)}});
  BOOST_TEST(sensors.refused_keys().empty());
}

BOOST_AUTO_TEST_CASE(only_the_last_refused_keys_are_kept) {
  sensor_registry sensors;
  for (int i = 0; i < 200; ++i)
    sensors.note_refused(key(static_cast<unsigned char>(i)), "");
  BOOST_TEST(sensors.refused_keys().size() == sensor_registry::refused_keys_limit);
  BOOST_TEST((sensors.refused_keys().back().key == key(199)));
}

BOOST_AUTO_TEST_SUITE_END()
