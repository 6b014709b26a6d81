#include "capture/source/dpdk_eal.hpp"

#include <boost/test/unit_test.hpp>

#include <stdexcept>

BOOST_AUTO_TEST_SUITE(dpdk_absent_test)

BOOST_AUTO_TEST_CASE(a_build_without_dpdk_says_so_when_asked_for_it) {
  BOOST_CHECK_EXCEPTION(cresset::capture::source::dpdk_eal{{"--no-huge"}}, std::runtime_error,
                        [](const std::runtime_error& error) {
                          return std::string_view{error.what()}.find("built without DPDK") !=
                                 std::string_view::npos;
                        });
}

BOOST_AUTO_TEST_SUITE_END()
