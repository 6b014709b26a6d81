#define BOOST_TEST_MODULE cresset
#include <boost/test/unit_test.hpp>
