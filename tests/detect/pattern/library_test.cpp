#include "detect/pattern/library.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset::detect::pattern;

BOOST_AUTO_TEST_SUITE(the_matching_library)

BOOST_AUTO_TEST_CASE(is_refused_in_versions_that_give_wrong_answers) {
  for (const auto* wrong :
       {"5.4.9 2023-03-23", "5.4.8", "5.4.11 2023-11-20", "5.4.3", "Vectorscan 5.4.2", "", "frob"})
    BOOST_CHECK_MESSAGE(refusal_of_version(wrong), wrong);
  for (const auto* right :
       {"5.4.0 2022-11-07", "5.4.2 2023-04-19", "5.4.12 2025-01-01", "5.5.0", "6.0.0"})
    BOOST_CHECK_MESSAGE(!refusal_of_version(right), right);
}

BOOST_AUTO_TEST_CASE(is_usable_here) {
  BOOST_CHECK_MESSAGE(!refusal_of_library(), library_version());
}

BOOST_AUTO_TEST_SUITE_END()
