#include "coord/store/operation/operation_store.hpp"

#include "coord/store/connection_pool.hpp"
#include "tests/coord/store/store_fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

using namespace cresset;
using namespace cresset::coord::store;
using namespace cresset::coord::store::operation;

namespace {

struct operation_fixture : tests::store_fixture {
  operation_store operation{pool};

  std::int64_t violations() {
    const auto found = operation.check_integrity();
    BOOST_REQUIRE(found);
    std::int64_t sum = 0;
    for (const auto& one : *found)
      sum += one.violations;
    return sum;
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(coord_store_operation, operation_fixture)

BOOST_AUTO_TEST_CASE(progress_says_where_streams_and_readers_are) {
  send({alert_from(1), alert_from(2)});
  const auto read = operation.how_far();
  BOOST_REQUIRE(read);
  BOOST_TEST(read->alerts == 2);
  BOOST_TEST(read->group_changes == 2);
  BOOST_TEST(read->correlated == 0);
  BOOST_TEST(read->bytes > 0);
}

BOOST_AUTO_TEST_CASE(a_store_that_was_only_written_by_us_breaks_no_rule) {
  send({alert_from(1), alert_from(2), alert_from(1)});
  BOOST_TEST(violations() == 0);
}

BOOST_AUTO_TEST_CASE(each_damage_is_found) {
  send({alert_from(1), alert_from(2), alert_from(1)});
  for (const char* damage :
       {"INSERT INTO alert SELECT position + 100, group_id, cursor, sequence, received, "
        "captured_ns, gid, sid, revision, severity, "
        "source, destination, source_port, destination_port, protocol, application, record FROM "
        "alert LIMIT 1",
        "UPDATE sensor_cursor SET stored = stored - 1", "UPDATE alert_group SET alerts = 0",
        "DELETE FROM group_change WHERE position = 2",
        "UPDATE stream_head SET last = last + 1 WHERE name = 'journal'",
        "INSERT INTO kept_evidence (position, kind, link_type, captured_ns, bytes, hash, kept) "
        "VALUES (99, 'packet', 1, 1, 'abc', sha256('abd'), now())"}) {
    const auto before = violations();
    run(damage);
    BOOST_TEST(violations() > before, damage);
  }
}

BOOST_AUTO_TEST_CASE(a_restore_is_in_the_journal_and_holds_known_and_unknown_partners) {
  run("INSERT INTO federation_stream (partner, direction) VALUES ('identity--a', 0), "
      "('identity--a', 1)");
  const std::vector<std::string> partners{"identity--a", "identity--b"};
  BOOST_REQUIRE(operation.note_restore(partners, tests::this_moment(), "Restored from a test"));
  BOOST_TEST(
      text("SELECT string_agg(partner || direction || held, ' ' ORDER BY partner, direction) "
           "FROM federation_stream") == "identity--a0true identity--a1false identity--b0true");
  std::vector<std::string> kinds;
  BOOST_REQUIRE(operation.read_journal(
      [&](const coord::journal::entry& entry) { kinds.push_back(entry.kind); }));
  BOOST_REQUIRE(!kinds.empty());
  BOOST_TEST(kinds.back() == "restored");
}

BOOST_AUTO_TEST_CASE(a_password_goes_into_the_environment) {
  const auto variables = environment_of("postgresql://ann:s3cret@db.example:5433/cresset");
  for (const char* one : {"PGUSER=ann", "PGPASSWORD=s3cret", "PGHOST=db.example", "PGPORT=5433",
                          "PGDATABASE=cresset"})
    BOOST_TEST((std::ranges::find(variables, one) != variables.end()), one);
  BOOST_TEST(environment_of("this is no url").empty());
}

BOOST_AUTO_TEST_SUITE_END()
