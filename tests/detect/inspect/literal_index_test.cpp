#include "detect/inspect/literal_index.hpp"

#include <boost/test/unit_test.hpp>

#include <set>

using cresset::as_bytes;
using cresset::detect::inspect::literal_index;
namespace pattern = cresset::detect::pattern;

namespace {
std::set<std::uint32_t> found(const literal_index& index, std::string_view text) {
  pattern::scanner scanner;
  BOOST_REQUIRE(index.fit(scanner));
  std::set<std::uint32_t> rules;
  BOOST_REQUIRE(
      index.scan(scanner, as_bytes(text), [&](std::uint32_t rule) { rules.insert(rule); }));
  return rules;
}
using rules = std::set<std::uint32_t>;
} // namespace

BOOST_AUTO_TEST_SUITE(literal_index_scan)

BOOST_AUTO_TEST_CASE(a_literal_leads_to_all_of_its_rules) {
  literal_index index;
  index.add("attack", false, 1);
  index.add("attack", false, 2);
  index.add("ATTACK", true, 3);
  index.add("other", false, 4);
  pattern::database_cache none{{}};
  index.compile(none);
  BOOST_TEST(index.literals() == 3U);
  BOOST_TEST((found(index, "an attack") == rules{1, 2, 3}));
  BOOST_TEST((found(index, "an ATTACK") == rules{3}));
  BOOST_TEST((found(index, "nothing").empty()));
}

BOOST_AUTO_TEST_CASE(few_literals_are_found_in_short_and_long_blocks) {
  literal_index index;
  index.add("Attack", false, 1);
  index.add("END", true, 2);
  pattern::database_cache none{{}};
  index.compile(none);
  const std::string long_block(1000, '.');
  for (const auto& before : {std::string{}, long_block}) {
    BOOST_TEST((found(index, before + "Attack") == rules{1}));
    BOOST_TEST((found(index, before + "attack, eNd") == rules{2}));
    BOOST_TEST((found(index, before + "en").empty()));
  }
}

BOOST_AUTO_TEST_CASE(an_index_without_literals_finds_nothing) {
  literal_index index;
  pattern::database_cache none{{}};
  index.compile(none);
  BOOST_TEST(index.empty());
  BOOST_TEST(found(index, "anything").empty());
}

BOOST_AUTO_TEST_SUITE_END()
