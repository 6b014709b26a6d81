#include "coord/casework/task.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset::coord::casework;

BOOST_AUTO_TEST_SUITE(coord_casework_task)

BOOST_AUTO_TEST_CASE(kinds_and_outcomes_are_words_of_the_standard) {
  BOOST_TEST(is_task_kind("containment"));
  BOOST_TEST(is_task_kind("measure"));
  BOOST_TEST(!is_task_kind("Containment"));
  BOOST_TEST(is_task_outcome("ongoing"));
  BOOST_TEST(!is_task_outcome("done"));
  BOOST_TEST(is_final("successful"));
  BOOST_TEST(!is_final("pending"));
}

BOOST_AUTO_TEST_SUITE_END()
