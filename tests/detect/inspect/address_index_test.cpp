#include "detect/inspect/address_index.hpp"

#include <boost/test/unit_test.hpp>

#include <random>

using cresset::ip_address;
using cresset::detect::inspect::address_index;
using cresset::detect::rule::address_set;

namespace {
ip_address at(const char* text) {
  return *ip_address::parse(text);
}
std::vector<std::uint32_t> found(const address_index& index, const ip_address& a) {
  const auto rules = index.find(a);
  return {rules.begin(), rules.end()};
}
} // namespace

BOOST_AUTO_TEST_SUITE(address_index_lookup)

BOOST_AUTO_TEST_CASE(ranges_of_several_rules_overlap) {
  address_index index;
  index.add(address_set{{{at("10.0.0.0"), at("10.0.0.255")}}, {}}, 1);
  index.add(address_set{{{at("10.0.0.128"), at("10.0.1.0")}}, {}}, 2);
  index.add(address_set{{{at("2001:db8::"), at("2001:db8::ff")}}, {}}, 3);
  index.build();
  BOOST_TEST((found(index, at("10.0.0.127")) == std::vector<std::uint32_t>{1}));
  BOOST_TEST((found(index, at("10.0.0.128")) == std::vector<std::uint32_t>{1, 2}));
  BOOST_TEST((found(index, at("10.0.1.0")) == std::vector<std::uint32_t>{2}));
  BOOST_TEST(found(index, at("10.0.1.1")).empty());
  BOOST_TEST(found(index, at("9.255.255.255")).empty());
  BOOST_TEST((found(index, at("2001:db8::ff")) == std::vector<std::uint32_t>{3}));
  BOOST_TEST(found(index, at("2001:db8::100")).empty());
}

BOOST_AUTO_TEST_CASE(the_last_address_of_a_family_belongs_to_it) {
  address_index index;
  index.add(address_set{{{at("255.255.255.0"), at("255.255.255.255")}}, {}}, 7);
  index.build();
  BOOST_TEST((found(index, at("255.255.255.255")) == std::vector<std::uint32_t>{7}));
  BOOST_TEST(found(index, at("::")).empty());
}

BOOST_AUTO_TEST_CASE(it_agrees_with_asking_each_set) {
  std::mt19937 random{3};
  std::vector<address_set> sets;
  address_index index;
  for (std::uint32_t i = 0; i < 40; ++i) {
    std::vector<address_set::range> ranges;
    for (auto n = 1 + random() % 4; n > 0; --n) {
      const auto first = static_cast<std::uint32_t>(random() % 1000);
      ranges.push_back({ip_address::v4(first),
                        ip_address::v4(first + static_cast<std::uint32_t>(random() % 50))});
    }
    sets.emplace_back(ranges, std::vector<address_set::range>{});
    index.add(sets.back(), i);
  }
  index.build();
  for (std::uint32_t a = 0; a < 1100; ++a) {
    std::vector<std::uint32_t> expected;
    for (std::uint32_t i = 0; i < sets.size(); ++i)
      if (sets[i].contains(ip_address::v4(a)))
        expected.push_back(i);
    BOOST_REQUIRE(found(index, ip_address::v4(a)) == expected);
  }
}

BOOST_AUTO_TEST_SUITE_END()
