// What the uplink does without a server; with one: tests/coord/ingest/ingest_loop_test.cpp.
#include "detect/uplink/uplink.hpp"

#include "tests/detect/uplink/temporary_folder.hpp"

#include <boost/test/unit_test.hpp>

#include <stdexcept>

BOOST_AUTO_TEST_SUITE(uplink_thread)

using namespace cresset;
using namespace cresset::detect::uplink;

uplink_options options(std::string endpoint) {
  uplink_options made;
  made.endpoint = std::move(endpoint);
  made.own = {key_kind::curve, "s", std::vector<std::byte>(32, std::byte{1}),
              std::vector<std::byte>(32, std::byte{2})};
  made.server = {key_kind::curve, "c", std::vector<std::byte>(32, std::byte{3}), {}};
  return made;
}

BOOST_AUTO_TEST_CASE(options_that_cannot_work_are_told_at_once) {
  const temporary_folder folder;
  auto spool = spool::open({folder.path(), 1 << 20});
  BOOST_REQUIRE(spool);
  for (const auto endpoint : {"", "127.0.0.1:7431", "tcp://", "tcp://:1", "tcp://host",
                              "tcp://host:", "tcp://host:x", "tcp://host:70000"})
    BOOST_CHECK_THROW(uplink(*spool, options(endpoint)), std::invalid_argument);
  auto without_secret = options("tcp://127.0.0.1:1");
  without_secret.own.secret_key.clear();
  BOOST_CHECK_THROW(uplink(*spool, without_secret), std::invalid_argument);
  auto wrong_kind = options("tcp://127.0.0.1:1");
  wrong_kind.server.kind = key_kind::sign;
  BOOST_CHECK_THROW(uplink(*spool, wrong_kind), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(without_a_server_it_tries_on_and_stops_when_asked) {
  const temporary_folder folder;
  auto spool = spool::open({folder.path(), 1 << 20});
  BOOST_REQUIRE(spool);
  uplink link{*spool, options("tcp://127.0.0.1:1")}; // nobody listens on port 1
  link.wake();
  link.stop();
  BOOST_TEST(link.counters().connected.value() == 0);
}

BOOST_AUTO_TEST_SUITE_END()
