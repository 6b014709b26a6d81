#include "coord/journal/export_line.hpp"

#include "coord/journal/journal.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(coord_journal_export_line)

using namespace cresset;
using namespace cresset::coord::journal;

namespace {

entry example() {
  event what;
  what.kind = kind::incident_note;
  what.at = timestamp_from_ns(1'763'800'000'123'456'789);
  what.incident = {7};
  what.by = "ana";
  what.text = "A \"quoted\" note, в две\nlines";
  return seal({}, what, random_salt());
}

} // namespace

BOOST_AUTO_TEST_CASE(an_entry_comes_back_with_hashes_that_can_be_computed_again) {
  const auto one = example();
  const auto read = read_export_line(export_line(one));
  BOOST_REQUIRE(read);
  BOOST_TEST((hash_of_entry(*read) == one.hash));
  BOOST_TEST((hash_of_body(*read->salt, *read->body) == one.body_hash));
  BOOST_TEST(to_ns(read->at) == to_ns(one.at));
}

BOOST_AUTO_TEST_CASE(a_tombstone_has_neither_salt_nor_body) {
  auto one = example();
  one.salt.reset();
  one.body.reset();
  const auto read = read_export_line(export_line(one));
  BOOST_REQUIRE(read);
  BOOST_TEST(!read->body);
  BOOST_TEST(!read->salt);
}

BOOST_AUTO_TEST_CASE(whatever_is_missing_or_wrong_makes_it_no_line) {
  const auto line = export_line(example());
  for (const char* name : {"sequence", "at_ns", "kind", "incident", "group", "body", "body_hash",
                           "previous", "hash"}) {
    auto damaged = line;
    damaged.replace(damaged.find(std::string{"\""} + name + "\""), 3, "\"zz");
    BOOST_TEST(!read_export_line(damaged), name);
  }
  for (const char* other : {"", "{}", "[]", "x", "{\"sequence\":1}"})
    BOOST_TEST(!read_export_line(other), other);
  auto not_hex = line;
  not_hex[not_hex.find("\"salt\":\"") + 8] = 'g';
  BOOST_TEST(!read_export_line(not_hex));
}

BOOST_AUTO_TEST_SUITE_END()
