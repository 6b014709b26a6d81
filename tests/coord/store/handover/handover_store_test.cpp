#include "coord/store/handover/handover_store.hpp"

#include "tests/coord/store/store_fixture.hpp"

using namespace cresset;
using coord::incident::store_errc;

namespace {

struct fixture : tests::store_fixture {
  coord::store::handover::handover_store handovers{pool};
  coord::incident::user_id bob{
      number("INSERT INTO app_user (login, full_name, password_hash, role) VALUES ('bob', 'Bob', "
             "'x', 1) RETURNING id")};
  timestamp at = tests::this_moment();

  coord::handover::handover write(const std::string& note) {
    const auto made = handovers.write(note, analyst, at);
    BOOST_REQUIRE_MESSAGE(made, (made ? "" : made.error().text));
    return *made;
  }
  bool is_refused(const coord::incident::result<coord::handover::handover>& done) {
    return !done && done.error().why == store_errc::refused;
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(coord_store_handover_store, fixture)

BOOST_AUTO_TEST_CASE(who_comes_accepts_by_name_once_and_not_who_wrote) {
  BOOST_TEST((handovers.last_accepted().error().why == store_errc::not_found));
  const auto made = write("Keep an eye on INC-7");
  BOOST_TEST(is_refused(handovers.accept(made.id, analyst, at)));
  const auto taken = handovers.accept(made.id, bob, at);
  BOOST_REQUIRE(taken);
  BOOST_TEST(taken->accepted_by == "bob");
  BOOST_TEST(is_refused(handovers.accept(made.id, bob, at)));
  BOOST_TEST((handovers.accept({99}, bob, at).error().why == store_errc::not_found));
  BOOST_TEST((handovers.last_accepted()->id == made.id));
  BOOST_TEST(text("SELECT string_agg(kind, ',' ORDER BY sequence) FROM journal") ==
             "handover_written,handover_accepted");
}

BOOST_AUTO_TEST_CASE(only_the_newest_is_accepted) {
  const auto first = write("first");
  const auto second = write("second");
  BOOST_TEST(is_refused(handovers.accept(first.id, bob, at)));
  BOOST_TEST(handovers.accept(second.id, bob, at).has_value());
  const auto page = *handovers.handovers(std::nullopt, 1);
  BOOST_TEST((page.at(0).id == second.id));
  BOOST_TEST((handovers.handovers(page.at(0).id, 1)->at(0).id == first.id));
}

BOOST_AUTO_TEST_CASE(a_note_is_text_within_its_limit) {
  BOOST_TEST(is_refused(handovers.write("", analyst, at)));
  BOOST_TEST(is_refused(handovers.write(std::string(10'001, 'x'), analyst, at)));
  BOOST_TEST(is_refused(handovers.write("\xff", analyst, at)));
}

BOOST_AUTO_TEST_CASE(what_changed_is_counted_by_incident_gravest_first_without_exercises) {
  run("INSERT INTO incident (name, title, why, severity, rsit_class, rsit_type, tlp, pap, "
      "exercise, "
      "opened, changed) SELECT 'INC-' || n, 'T', 'w', n * 10, 'other', '', 2, 2, n = 3, now(), "
      "now() "
      "FROM generate_series(1, 3) n");
  run("INSERT INTO journal (sequence, at_ns, kind, incident, group_id, body_hash, previous, hash) "
      "SELECT n, n, 'incident_note', 1 + n % 3, 0, decode(repeat('00', 32), 'hex'), "
      "decode(repeat('00', 32), 'hex'), decode(repeat('00', 32), 'hex') FROM generate_series(1, 9) "
      "n");
  const auto all = *handovers.changed_since(0, 10);
  BOOST_REQUIRE(all.size() == 2U);
  BOOST_TEST(all[0].name == "INC-2");
  BOOST_TEST(all[0].events == 3);
  BOOST_TEST(handovers.changed_since(7, 10)->size() == 1U);
  BOOST_TEST(handovers.changed_since(9, 10)->empty());
}

BOOST_AUTO_TEST_SUITE_END()
