#include "detect/uplink/spool_tables.hpp"

#include "tests/detect/uplink/temporary_folder.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(spool_tables_of_one_file)

using namespace cresset;
using namespace cresset::detect::uplink;

struct opened_tables {
  temporary_folder folder;
  lmdb_environment environment =
      *lmdb_environment::open(folder.path() / "t.mdb", {.map_bytes = 16 << 20}).first;
  lmdb_transaction in{environment, lmdb_transaction::kind::writing};
  spool_tables tables = spool_tables::open(in, true);
  spool_facts facts;

  void add(std::uint8_t severity) { add_record(in, tables, facts, severity, as_bytes("a record")); }
  std::vector<std::pair<std::uint64_t, std::uint64_t>> ranges() {
    std::vector<std::pair<std::uint64_t, std::uint64_t>> found;
    lmdb_cursor cursor{in, tables.dropped};
    for (auto range = cursor.first(); range; range = cursor.next())
      found.emplace_back(from_key(range->key), from_key(range->value));
    return found;
  }
};

using ranges = std::vector<std::pair<std::uint64_t, std::uint64_t>>;

BOOST_AUTO_TEST_CASE(the_oldest_of_the_least_urgent_goes_first) {
  opened_tables t;
  for (const std::uint8_t severity : {2, 3, 1, 3, 2})
    t.add(severity);
  BOOST_TEST(drop_one(t.in, t.tables, t.facts));
  BOOST_TEST((t.ranges() == ranges{{2, 2}}));
  BOOST_TEST(drop_one(t.in, t.tables, t.facts));
  BOOST_TEST((t.ranges() == ranges{{2, 2}, {4, 4}}));
  BOOST_TEST(drop_one(t.in, t.tables, t.facts));
  BOOST_TEST((t.ranges() == ranges{{1, 2}, {4, 4}}));
  BOOST_TEST(drop_one(t.in, t.tables, t.facts));
  BOOST_TEST((t.ranges() == ranges{{1, 2}, {4, 5}}));
  BOOST_TEST(drop_one(t.in, t.tables, t.facts));
  BOOST_TEST((t.ranges() == ranges{{1, 5}}));
  BOOST_TEST(!drop_one(t.in, t.tables, t.facts));
  BOOST_TEST(t.facts.bytes == 0);
  BOOST_TEST(t.facts.records == 0);
}

BOOST_AUTO_TEST_CASE(a_position_is_found_in_its_range_and_not_beside_it) {
  opened_tables t;
  for (const std::uint8_t severity : {1, 3, 3, 3, 1, 3})
    t.add(severity);
  while (t.facts.records > 2)
    drop_one(t.in, t.tables, t.facts);
  for (const std::uint64_t position : {2, 3, 4})
    BOOST_TEST(range_around(t.in, t.tables, position)->last == 4);
  BOOST_TEST(range_around(t.in, t.tables, 6)->first == 6);
  for (const std::uint64_t position : {0, 1, 5, 7})
    BOOST_TEST(!range_around(t.in, t.tables, position));
}

BOOST_AUTO_TEST_CASE(forgetting_stops_at_its_limit_and_goes_on_from_there) {
  opened_tables t;
  for (int i = 0; i < 10; ++i)
    t.add(2);
  BOOST_TEST(!forget(t.in, t.tables, t.facts, 8, 3));
  BOOST_TEST(t.facts.first == 4);
  BOOST_TEST(forget(t.in, t.tables, t.facts, 8, 100));
  BOOST_TEST(t.facts.first == 9);
  BOOST_TEST(t.facts.records == 2);
}

BOOST_AUTO_TEST_CASE(a_changed_byte_makes_a_record_unsound) {
  opened_tables t;
  t.add(2);
  const auto value = t.in.get(t.tables.record, to_key(1));
  BOOST_REQUIRE(value);
  std::vector<std::byte> bytes(value->begin(), value->end());
  BOOST_TEST(read_stored(bytes)->is_sound);
  bytes.back() ^= std::byte{1};
  BOOST_TEST(!read_stored(bytes)->is_sound);
  BOOST_TEST(!read_stored(byte_view{bytes}.first(16)));
}

BOOST_AUTO_TEST_CASE(facts_that_contradict_each_other_are_not_read) {
  opened_tables t;
  t.facts.epoch.bytes[0] = std::byte{1};
  write_facts(t.in, t.tables, t.facts);
  BOOST_TEST(read_facts(t.in, t.tables)->next == 1);
  t.facts.first = 2;
  write_facts(t.in, t.tables, t.facts);
  BOOST_TEST(!read_facts(t.in, t.tables));
}

BOOST_AUTO_TEST_SUITE_END()
