#include "coord/server/correlation_loop.hpp"

#include "coord/server/embedded_config.hpp"
#include "coord/store/change_feed.hpp"
#include "coord/store/correlator_store.hpp"
#include "coord/store/incident_store.hpp"
#include "tests/coord/store/store_fixture.hpp"

using namespace cresset;
using namespace cresset::coord;

namespace {

struct loop_fixture : tests::store_fixture {
  store::correlator_store log{pool};
  store::incident_store incidents{pool};
  store::change_feed news{url};

  std::unique_ptr<server::correlation_loop> start(const std::string& name) {
    auto rules = incident::parse_correlation_rules(server::embedded_correlation(), "built in");
    BOOST_REQUIRE(rules);
    return std::make_unique<server::correlation_loop>(
        log, std::make_unique<store::change_feed>(url), *rules, name);
  }
  /// Waits on the feed until the correlator has read everything.
  void settle() {
    const auto last = number("SELECT last FROM stream_head WHERE name = 'group_change'");
    incident::feed_heads seen;
    for (int i = 0; i < 600 && log.position()->value < last; ++i)
      if (const auto heads = news.wait(seen, std::chrono::milliseconds{50}))
        seen = *heads;
    BOOST_TEST(log.position()->value == last);
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(coord_server_correlation_loop, loop_fixture)

BOOST_AUTO_TEST_CASE(
    a_severe_attack_becomes_an_incident_and_a_restarted_correlator_goes_on_with_it) {
  {
    const auto loop = start("first");
    send({alert_from(0xc6336401, 7, 1), alert_from(0xc6336401, 8, 3)});
    settle();
    BOOST_TEST(number("SELECT count(*) FROM incident") == 1);
    BOOST_TEST(text("SELECT title FROM incident") == "TEST rule 7 against 10.0.0.1");
  }
  const auto loop = start("second");
  send({alert_from(0xc6336402, 7, 1)});
  settle();
  BOOST_TEST(number("SELECT count(*) FROM incident") == 1);
  const auto one = incidents.one({1});
  BOOST_REQUIRE(one);
  BOOST_TEST(one->groups.size() == 2U);
  BOOST_TEST(one->alerts == 2);
}

BOOST_AUTO_TEST_SUITE_END()
