#include "coord/api/cursor.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset;
using namespace cresset::coord;

BOOST_AUTO_TEST_SUITE(coord_api_cursor)

BOOST_AUTO_TEST_CASE(a_key_reads_back_as_it_was) {
  const incident::queue_key key{3, timestamp_from_ns(1'790'000'000'123'456'789), {42}};
  const auto back = api::queue_key_from(api::to_cursor(key));
  BOOST_REQUIRE(back);
  BOOST_TEST(back->severity == 3);
  BOOST_TEST(to_ns(back->last_received) == to_ns(key.last_received));
  BOOST_TEST(back->id.value == 42);
  const incident::incident_key other{100, timestamp_from_ns(5), {INT64_MAX}};
  BOOST_TEST(api::incident_key_from(api::to_cursor(other))->id.value == INT64_MAX);
}

BOOST_AUTO_TEST_CASE(a_cursor_of_another_list_is_none) {
  const auto cursor = api::to_cursor(incident::queue_key{3, timestamp_from_ns(1), {42}});
  BOOST_TEST(!api::incident_key_from(cursor));
}

BOOST_AUTO_TEST_CASE(text_nobody_gave_is_refused) {
  const auto cursor = api::to_cursor(incident::queue_key{3, timestamp_from_ns(1), {42}});
  for (const std::string& bad :
       {std::string{}, std::string{"g"}, cursor + "0", cursor.substr(1), std::string(41, 'g'),
        "g" + std::string(40, 'f'), "g-" + cursor.substr(2), "g" + std::string(40, '0')})
    BOOST_TEST(!api::queue_key_from(bad), bad);
}

BOOST_AUTO_TEST_SUITE_END()
