#include "coord/incident/incident.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset::coord::incident;

BOOST_AUTO_TEST_SUITE(coord_incident_incident)

BOOST_AUTO_TEST_CASE(an_incident_is_called_by_its_year_and_number) {
  const auto opened = cresset::timestamp_from_ns(1'795'305'600'000'000'000); // 2026-11-22
  BOOST_TEST(incident_name({17}, opened) == "INC-2026-000017");
  BOOST_TEST(incident_name({1234567}, opened) == "INC-2026-1234567");
}

BOOST_AUTO_TEST_SUITE_END()
