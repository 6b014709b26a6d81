// Owners, prefixes, the flattened table and the registry over it.
#include "coord/segment/registry.hpp"

#include <boost/test/unit_test.hpp>

#include <random>

using namespace cresset;
using namespace cresset::coord::segment;
using cresset::coord::incident::address_place;

namespace {

const auto today = *parse_day("2026-11-22");

record prefix(std::string key, layer weight, std::string country, bool ours,
              std::string owner = "") {
  record r;
  r.kind = record_kind::prefix;
  r.key = std::move(key);
  r.weight = weight;
  r.country = std::move(country);
  r.ours = ours;
  r.owner = std::move(owner);
  BOOST_REQUIRE(!settle(r));
  return r;
}

record owner(std::string key, std::string sector, int criticality) {
  record r;
  r.key = std::move(key);
  r.sector = std::move(sector);
  r.criticality = criticality;
  r.weight = layer::imported;
  BOOST_REQUIRE(!settle(r));
  return r;
}

address_place at(const registry& of, const char* address) {
  const auto read = ip_address::parse(address);
  BOOST_REQUIRE_MESSAGE(read, address);
  return of.find(*read);
}

} // namespace

BOOST_AUTO_TEST_SUITE(coord_segment_registry)

BOOST_AUTO_TEST_CASE(an_empty_registry_knows_nothing_and_has_no_segment) {
  const registry none{{}, today};
  BOOST_TEST(!none.has_segment());
  BOOST_TEST(!at(none, "10.0.0.1").is_ours);
  BOOST_TEST(at(none, "2001:db8::1").country.empty());
}

BOOST_AUTO_TEST_CASE(the_longest_prefix_counts_and_leaves_open_what_the_next_one_says) {
  const std::vector<record> all{prefix("10.0.0.0/8", layer::listed, "KZ", true, "isp"),
                                prefix("10.1.0.0/16", layer::imported, "", true, "plant"),
                                owner("isp", "telecom", 2), owner("plant", "energy", 5)};
  const registry of{all, today};
  BOOST_TEST(of.has_segment());
  BOOST_TEST(at(of, "10.0.255.255").owner == "isp");
  BOOST_TEST(at(of, "10.0.255.255").sector == "telecom");
  const auto plant = at(of, "10.1.0.0");
  BOOST_TEST(plant.owner == "plant");
  BOOST_TEST(plant.sector == "energy");
  BOOST_TEST(plant.criticality == 5);
  BOOST_TEST(plant.country == "KZ");
  BOOST_TEST(at(of, "10.1.255.255").owner == "plant");
  BOOST_TEST(at(of, "10.2.0.0").owner == "isp");
  BOOST_TEST(at(of, "9.255.255.255").owner.empty());
  BOOST_TEST(!at(of, "11.0.0.0").is_ours);
}

BOOST_AUTO_TEST_CASE(an_owner_without_a_sector_does_not_get_its_providers) {
  const std::vector<record> all{prefix("10.0.0.0/8", layer::listed, "KZ", true, "isp"),
                                prefix("10.1.0.0/16", layer::imported, "", true, "shop"),
                                owner("isp", "telecom", 2), owner("shop", "", 0)};
  const registry of{all, today};
  BOOST_TEST(at(of, "10.1.0.1").sector.empty());
  BOOST_TEST(at(of, "10.1.0.1").criticality == 0);
}

BOOST_AUTO_TEST_CASE(an_old_delegation_that_is_longer_never_takes_ours_away) {
  const std::vector<record> all{prefix("10.1.0.0/16", layer::delegated, "RU", false),
                                prefix("10.0.0.0/8", layer::listed, "KZ", true)};
  const registry of{all, today};
  BOOST_TEST(at(of, "10.1.2.3").is_ours);
  BOOST_TEST(at(of, "10.1.2.3").country == "KZ");
}

BOOST_AUTO_TEST_CASE(what_is_edited_here_wins_over_every_file) {
  const std::vector<record> all{prefix("10.0.0.0/8", layer::imported, "KZ", true, "a"),
                                prefix("10.0.0.0/8", layer::manual, "", false, "b")};
  const registry of{all, today};
  BOOST_TEST(!at(of, "10.0.0.1").is_ours);
  BOOST_TEST(at(of, "10.0.0.1").owner == "b");
  BOOST_TEST(at(of, "10.0.0.1").country == "KZ");
}

BOOST_AUTO_TEST_CASE(records_hold_on_their_days_alone) {
  auto lent = prefix("10.0.0.0/24", layer::imported, "KZ", true);
  lent.valid = {parse_day("2026-11-01"), parse_day("2026-11-22")};
  const std::vector<record> all{lent};
  BOOST_TEST(at(registry{all, today}, "10.0.0.1").is_ours);
  BOOST_TEST(!at(registry{all, *parse_day("2026-11-23")}, "10.0.0.1").is_ours);
  BOOST_TEST(!at(registry{all, *parse_day("2026-10-31")}, "10.0.0.1").is_ours);
}

BOOST_AUTO_TEST_CASE(both_ends_of_the_address_space_and_both_families_stand_apart) {
  const std::vector<record> all{prefix("0.0.0.0/0", layer::listed, "AA", false),
                                prefix("255.255.255.255/32", layer::listed, "BB", true),
                                prefix("::/128", layer::listed, "CC", true),
                                prefix("ffff::/16", layer::listed, "DD", true)};
  const registry of{all, today};
  BOOST_TEST(at(of, "0.0.0.0").country == "AA");
  BOOST_TEST(at(of, "255.255.255.254").country == "AA");
  BOOST_TEST(at(of, "255.255.255.255").country == "BB");
  BOOST_TEST(at(of, "::").country == "CC");
  BOOST_TEST(at(of, "::1").country.empty());
  BOOST_TEST(at(of, "fffe:ffff:ffff:ffff:ffff:ffff:ffff:ffff").country.empty());
  BOOST_TEST(at(of, "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff").country == "DD");
}

BOOST_AUTO_TEST_CASE(any_nest_of_prefixes_answers_as_a_walk_over_all_of_them_would) {
  std::mt19937 random{20261122};
  for (int round = 0; round < 30; ++round) {
    std::vector<record> all;
    for (int i = 0; i < 60; ++i) {
      const auto bits = static_cast<unsigned>(4 + random() % 29);
      const auto base = ip_address::v4(0x0a000000U | (random() & 0x00ff00ffU)).prefix(bits);
      all.push_back(prefix(network{base, bits}.to_string(), static_cast<layer>(random() % 3), "",
                           random() % 2 == 0, "o" + std::to_string(i)));
    }
    const registry of{all, today};
    for (int i = 0; i < 200; ++i) {
      const auto address = ip_address::v4(0x0a000000U | (random() & 0x00ff00ffU));
      const record* best = nullptr;
      for (const auto& r : all) {
        const auto where = *network::parse(r.key);
        const auto order = [](const record& x) {
          return std::tuple{x.weight, network::parse(x.key)->bits, x.owner};
        };
        if (where.contains(address) && (best == nullptr || order(*best) < order(r)))
          best = &r;
      }
      const auto found = of.find(address);
      BOOST_TEST(found.owner == (best == nullptr ? "" : best->owner));
      BOOST_TEST(found.is_ours == (best != nullptr && best->ours));
    }
  }
}

BOOST_AUTO_TEST_CASE(the_table_gives_the_step_at_or_before_an_address) {
  const prefix_table table{{{*ip_address::parse("10.0.0.0"), 1},
                            {*ip_address::parse("10.0.0.128"), 2},
                            {*ip_address::parse("192.0.2.0"), 0},
                            {*ip_address::parse("2001:db8::"), 3},
                            {*ip_address::parse("2001:db9::"), 0}}};
  const auto find = [&](const char* text) { return table.find(*ip_address::parse(text)); };
  BOOST_TEST(find("9.255.255.255") == 0U);
  BOOST_TEST(find("10.0.0.127") == 1U);
  BOOST_TEST(find("10.0.0.128") == 2U);
  BOOST_TEST(find("172.16.0.1") == 2U);
  BOOST_TEST(find("192.0.2.0") == 0U);
  BOOST_TEST(find("::1") == 0U);
  BOOST_TEST(find("2001:db8:ffff::1") == 3U);
  BOOST_TEST(find("2001:db9::") == 0U);
  BOOST_TEST(find("ffff::") == 0U);
}

BOOST_AUTO_TEST_CASE(keys_have_one_form) {
  const auto key = [](record_kind kind, const char* text) {
    record r;
    r.kind = kind;
    r.key = text;
    return settle(r) ? std::string{"refused"} : r.key;
  };
  BOOST_TEST(key(record_kind::prefix, "192.0.2.0/24") == "192.0.2.0/24");
  BOOST_TEST(key(record_kind::prefix, "192.0.2.7") == "192.0.2.7/32");
  for (const auto* wrong : {"192.0.2.1/24", "192.0.2.0/33", "192.0.2/24", "2001:db8::1/32",
                            "2001:db8::/129", "/24", "192.0.2.0/", "192.0.2.0/+8", "", "x"})
    BOOST_TEST(key(record_kind::prefix, wrong) == "refused", wrong);
  BOOST_TEST(key(record_kind::as_number, "64500") == "AS64500");
  BOOST_TEST(key(record_kind::as_number, "as64500-AS64510") == "AS64500-AS64510");
  for (const auto* wrong : {"AS", "AS4294967296", "AS2-AS1", "64500-", "AS-1", "AS1 "})
    BOOST_TEST(key(record_kind::as_number, wrong) == "refused", wrong);
  BOOST_TEST(key(record_kind::domain, "WWW.Example.KZ.") == "www.example.kz");
  for (const auto* wrong : {"", ".", "a..b", "b\xc3\xbc.kz", "a b", "-\n"})
    BOOST_TEST(key(record_kind::domain, wrong) == "refused", wrong);
  for (const auto* wrong : {"", "Upper", "-x", "a b", "a/b"})
    BOOST_TEST(key(record_kind::owner, wrong) == "refused", wrong);
}

BOOST_AUTO_TEST_CASE(what_a_contact_may_not_be_is_refused_by_name) {
  record right;
  right.kind = record_kind::contact;
  right.owner = "plant";
  right.email = "noc@plant.example";
  right.language = "ru";
  BOOST_TEST(!settle(right));
  BOOST_TEST(right.key == "plant/noc@plant.example");
  const auto refused = [&](auto change, const char* member) {
    auto wrong = right;
    change(wrong);
    const auto why = settle(wrong);
    BOOST_REQUIRE_MESSAGE(why, member);
    BOOST_TEST(why->starts_with(member), *why);
  };
  refused([](record& r) { r.owner.clear(); }, "owner");
  refused([](record& r) { r.email = "a@b\r\nBcc: x@y"; }, "email");
  refused([](record& r) { r.email = "a b@c.kz"; }, "email");
  refused([](record& r) { r.email = "@c.kz"; }, "email");
  refused([](record& r) { r.email.clear(); }, "email");
  refused([](record& r) { r.name = "x\ny"; }, "name");
  refused([](record& r) { r.name = std::string(201, 'x'); }, "name");
  refused([](record& r) { r.language = "RU"; }, "language");
  refused([](record& r) { r.criticality = 6; }, "criticality");
  refused([](record& r) { r.country = "kz"; }, "country");
  refused(
      [](record& r) {
        r.valid = {parse_day("2026-01-02"), parse_day("2026-01-01")};
      },
      "valid_to");
}

BOOST_AUTO_TEST_CASE(a_day_is_one_of_the_calendar) {
  BOOST_TEST(to_string(*parse_day("2024-02-29")) == "2024-02-29");
  for (const auto* wrong : {"2026-02-29", "2026-13-01", "2026-1-1", "2026-01-01T", "", "2026-00-10",
                            "-026-01-01", "20260101"})
    BOOST_TEST(!parse_day(wrong), wrong);
}

BOOST_AUTO_TEST_SUITE_END()
