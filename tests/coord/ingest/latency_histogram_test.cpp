#include "coord/ingest/latency_histogram.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset::coord::ingest;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(coord_ingest_latency_histogram)

BOOST_AUTO_TEST_CASE(a_bound_belongs_to_its_bucket_and_counts_add_up) {
  latency_histogram took;
  took.add(5ms, 10);
  took.add(5ms + 1us, 3);
  took.add(1h, 2);
  BOOST_TEST(took.up_to(0) == 10U);
  BOOST_TEST(took.up_to(1) == 13U);
  BOOST_TEST(took.up_to(took.bounds.size() - 1) == 13U);
  BOOST_TEST(took.alerts() == 15U);
  BOOST_TEST(took.sum_seconds() > 7200.0);
}

BOOST_AUTO_TEST_SUITE_END()
