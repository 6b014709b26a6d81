#include "detect/pattern/scanner.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <random>
#include <set>
#include <vector>

using namespace cresset;
using namespace cresset::detect::pattern;

namespace {

using hits = std::set<std::pair<std::uint32_t, std::size_t>>;

char lowered(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

/// Every place where every pattern ends, found by looking.
hits naive(const std::vector<pattern>& patterns, const std::string& text) {
  hits found;
  for (const auto& one : patterns)
    for (std::size_t at = 0; at + one.bytes.size() <= text.size(); ++at)
      if (std::equal(
              one.bytes.begin(), one.bytes.end(), text.begin() + static_cast<std::ptrdiff_t>(at),
              [&](char a, char b) { return one.caseless ? lowered(a) == lowered(b) : a == b; }))
        found.emplace(one.id, at + one.bytes.size());
  return found;
}

hits scanned(scanner& with, const database& built, const std::string& text) {
  hits found;
  const auto status = with.scan(built, as_bytes(text),
                                [&](std::uint32_t id, std::size_t end) { found.emplace(id, end); });
  BOOST_CHECK(status == scan_status::complete);
  return found;
}

/// Random bytes of a small alphabet with bytes that mean something to regular expressions, so that
/// there are matches.
std::string random_text(std::mt19937& random, std::size_t size) {
  constexpr std::string_view alphabet{"aAbB.*\\x[\0\xff\n", 12};
  std::string text;
  while (text.size() < size)
    text.push_back(alphabet[random() % alphabet.size()]);
  return text;
}

} // namespace

BOOST_AUTO_TEST_SUITE(a_scanner)

BOOST_AUTO_TEST_CASE(finds_what_a_naive_search_finds) {
  std::mt19937 random{20'241'121};
  for (int round = 0; round < 40; ++round) {
    std::vector<pattern> patterns;
    for (std::uint32_t id = 0; id < 60; ++id)
      patterns.push_back({random_text(random, 1 + random() % 9), id, random() % 2 == 0});
    auto built = database::compile(patterns);
    BOOST_REQUIRE(built);
    scanner scans;
    BOOST_REQUIRE(scans.fit(*built));
    for (const std::size_t size : {0, 1, 7, 64, 700}) {
      const auto text = random_text(random, size);
      BOOST_CHECK(scanned(scans, *built, text) == naive(patterns, text));
    }
    BOOST_CHECK(scans.failures() == 0);
  }
}

BOOST_AUTO_TEST_CASE(reports_one_id_for_several_patterns) {
  const std::vector<pattern> patterns{{"abc", 7, false}, {"cde", 7, true}};
  const auto built = database::compile(patterns);
  BOOST_REQUIRE(built);
  scanner scans;
  BOOST_REQUIRE(scans.fit(*built));
  BOOST_CHECK((scanned(scans, *built, "xabCDEabc") == hits{{7, 6}, {7, 9}}));
}

BOOST_AUTO_TEST_CASE(stops_when_the_receiver_says_so) {
  const std::vector<pattern> patterns{{"a", 1, false}};
  const auto built = database::compile(patterns);
  BOOST_REQUIRE(built);
  scanner scans;
  BOOST_REQUIRE(scans.fit(*built));
  int seen = 0;
  const auto status =
      scans.scan(*built, as_bytes("aaaa"), [&](std::uint32_t, std::size_t) { return ++seen < 2; });
  BOOST_CHECK(status == scan_status::stopped && seen == 2 && scans.failures() == 0);
}

BOOST_AUTO_TEST_CASE(reports_each_id_once_if_told_so) {
  const std::vector<pattern> patterns{{"a", 1, false}};
  const auto built = database::compile(patterns, {.single_match = true});
  BOOST_REQUIRE(built);
  scanner scans;
  BOOST_REQUIRE(scans.fit(*built));
  BOOST_CHECK((scanned(scans, *built, "xaaa") == hits{{1, 2}}));
}

BOOST_AUTO_TEST_CASE(says_and_counts_a_scan_that_failed) {
  const std::vector<pattern> patterns{{"abc", 1, false}};
  const auto built = database::compile(patterns);
  BOOST_REQUIRE(built);
  scanner without_scratch;
  BOOST_CHECK(without_scratch.scan(*built, as_bytes("abc"), [](std::uint32_t, std::size_t) {}) ==
              scan_status::failed);
  BOOST_CHECK(without_scratch.failures() == 1 && without_scratch.scans() == 1);
  BOOST_CHECK(without_scratch.last_failure() != 0);
}

BOOST_AUTO_TEST_CASE(refuses_to_scan_within_its_own_scan) {
  const std::vector<pattern> patterns{{"abc", 1, false}};
  const auto built = database::compile(patterns);
  BOOST_REQUIRE(built);
  scanner scans;
  BOOST_REQUIRE(scans.fit(*built));
  auto inner = scan_status::complete;
  scans.scan(*built, as_bytes("abc"), [&](std::uint32_t, std::size_t) {
    inner = scans.scan(*built, as_bytes("abc"), [](std::uint32_t, std::size_t) {});
  });
  BOOST_CHECK(inner == scan_status::failed && scans.failures() == 1);
}

BOOST_AUTO_TEST_CASE(has_one_scratch_for_databases_of_all_sizes) {
  std::mt19937 random{7};
  std::vector<pattern> many;
  for (std::uint32_t id = 0; id < 500; ++id)
    many.push_back({random_text(random, 4 + random() % 20), id, false});
  const std::vector<pattern> few{{"abc", 1, false}};
  const auto large = database::compile(many);
  const auto small = database::compile(few);
  BOOST_REQUIRE(large && small);
  scanner scans;
  BOOST_REQUIRE(scans.fit(*small));
  BOOST_REQUIRE(scans.fit(*large));
  BOOST_REQUIRE(scans.fit(*small));
  const auto text = random_text(random, 5'000);
  BOOST_CHECK(scanned(scans, *large, text) == naive(many, text));
  BOOST_CHECK((scanned(scans, *small, "abc") == hits{{1, 3}}));
}

BOOST_AUTO_TEST_SUITE_END()
