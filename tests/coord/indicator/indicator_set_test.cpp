#include "coord/indicator/indicator_set.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset;
using namespace cresset::coord::indicator;
using namespace std::chrono_literals;

namespace {

const timestamp t0 = timestamp_from_ns(1'795'305'600'000'000'000);

indicator one(std::int64_t id, indicator_kind kind, std::string value) {
  indicator made;
  made.id = {id};
  made.kind = kind;
  made.value = std::move(value);
  made.expires = t0 + 1h;
  return made;
}

const indicator_set watched{{one(1, indicator_kind::address, "198.51.100.0/24"),
                             one(2, indicator_kind::address, "198.51.100.7"),
                             one(3, indicator_kind::domain, "evil.example"),
                             one(4, indicator_kind::url, "http://good.example/bad"),
                             one(5, indicator_kind::hash, "d41d8cd98f00b204e9800998ecf8427e"),
                             one(6, indicator_kind::domain, "NOT NORMAL")}};

std::string hits(const observables& in, timestamp at = t0) {
  std::string all;
  for (const auto id : watched.hits(in, at))
    all += std::to_string(id.value) + " ";
  return all;
}

ip_address ip(const char* text) {
  return *ip_address::parse(text);
}

} // namespace

BOOST_AUTO_TEST_SUITE(coord_indicator_indicator_set)

BOOST_AUTO_TEST_CASE(addresses_are_found_by_themselves_and_by_their_prefix) {
  BOOST_TEST(hits({{ip("198.51.100.7")}, {}, {}, {}}) == "1 2 ");
  BOOST_TEST(hits({{ip("198.51.100.8"), ip("198.51.100.9")}, {}, {}, {}}) == "1 ");
  BOOST_TEST(hits({{ip("198.51.101.7"), ip("2001:db8::1")}, {}, {}, {}}).empty());
}

BOOST_AUTO_TEST_CASE(a_domain_stands_for_its_subdomains_and_no_other_name) {
  BOOST_TEST(hits({{}, {"a.b.evil.example"}, {}, {}}) == "3 ");
  BOOST_TEST(hits({{}, {"evil.example"}, {}, {}}) == "3 ");
  BOOST_TEST(hits({{}, {"notevil.example", "example", "evil.example.org"}, {}, {}}).empty());
  std::string deep;
  for (int i = 0; i < 60; ++i)
    deep += "a.";
  BOOST_TEST(hits({{}, {deep + "evil.example"}, {}, {}}) == "3 ");
}

BOOST_AUTO_TEST_CASE(urls_are_found_whatever_their_scheme_and_hashes_as_they_are) {
  BOOST_TEST(hits({{}, {}, {"good.example/bad"}, {"d41d8cd98f00b204e9800998ecf8427e"}}) == "4 5 ");
  BOOST_TEST(hits({{}, {}, {"good.example/bad/more"}, {}}).empty());
}

BOOST_AUTO_TEST_CASE(what_has_ended_hits_no_more) {
  BOOST_TEST(hits({{ip("198.51.100.7")}, {}, {}, {}}, t0 + 1h).empty());
}

BOOST_AUTO_TEST_CASE(values_that_are_not_in_their_form_are_left_out_and_counted) {
  BOOST_TEST(watched.size() == 5U);
  BOOST_TEST(watched.left_out() == 1U);
  BOOST_TEST(watched.wants_application());
  BOOST_TEST(!indicator_set{{one(1, indicator_kind::address, "192.0.2.1")}}.wants_application());
}

BOOST_AUTO_TEST_CASE(one_alert_has_a_bounded_number_of_hits) {
  std::vector<indicator> all;
  for (std::int64_t i = 1; i <= 100; ++i)
    all.push_back(one(i, indicator_kind::address, "192.0.2.1"));
  BOOST_TEST(indicator_set{all}.hits({{ip("192.0.2.1")}, {}, {}, {}}, t0).size() ==
             indicator_set::hits_limit);
}

BOOST_AUTO_TEST_SUITE_END()
