#define BOOST_TEST_MODULE cresset
#include <boost/test/unit_test.hpp>

#include <csignal>

namespace {

/// A test client that writes to a connection the server has closed gets an error, as the programs do, and not a signal.
struct without_broken_pipes {
  without_broken_pipes() { std::signal(SIGPIPE, SIG_IGN); }
};

} // namespace

BOOST_TEST_GLOBAL_FIXTURE(without_broken_pipes);
