#include "detect/inspect/lists/country_database.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <vector>

using namespace cresset;
using detect::inspect::lists::country_database;

namespace {

std::string text(std::string_view value) {
  return static_cast<char>(0x40 | value.size()) + std::string{value};
}
std::string map(unsigned pairs, std::string_view content) {
  return static_cast<char>(0xe0 | pairs) + std::string{content};
}
std::string u32(std::uint32_t value) {
  return {static_cast<char>(0xc4), static_cast<char>(value >> 24U), static_cast<char>(value >> 16U),
          static_cast<char>(value >> 8U), static_cast<char>(value)};
}
std::string u16(std::uint32_t value) {
  return {static_cast<char>(0xa2), static_cast<char>(value >> 8U), static_cast<char>(value)};
}

/// A database whose leaves name places in `data`.
struct builder {
  explicit builder(unsigned bits, unsigned version = 6) : record_bits{bits}, ip_version{version} {}

  void add(std::string_view prefix, unsigned length, std::uint32_t place) {
    const auto address = *ip_address::parse(prefix);
    std::vector<bool> way(address.is_v4() && ip_version == 6 ? 96 : 0, false);
    for (unsigned i = 0; i < length; ++i)
      way.push_back((std::to_integer<unsigned>(address.bytes()[i / 8]) >> (7 - i % 8) & 1U) != 0);
    std::size_t at = 0;
    for (std::size_t i = 0; i + 1 < way.size(); ++i) {
      if (nodes[at][way[i]] < 0) {
        nodes[at][way[i]] = static_cast<std::int64_t>(nodes.size());
        nodes.push_back({-1, -1});
      }
      at = static_cast<std::size_t>(nodes[at][way[i]]);
    }
    nodes[at][way.back()] = -2 - std::int64_t{place};
  }

  std::string bytes() const {
    std::string out;
    const auto count = static_cast<std::uint32_t>(nodes.size());
    for (const auto& node : nodes) {
      std::array<std::uint32_t, 2> record{};
      for (std::size_t side = 0; side < 2; ++side)
        record[side] = node[side] >= 0 ? static_cast<std::uint32_t>(node[side])
                       : node[side] == -1
                           ? count
                           : count + 16 + static_cast<std::uint32_t>(-2 - node[side]);
      const auto byte = [&](std::size_t side, unsigned shift) {
        out += static_cast<char>(record[side] >> shift);
      };
      if (record_bits == 32)
        byte(0, 24);
      for (const unsigned shift : {16U, 8U, 0U})
        byte(0, shift);
      if (record_bits == 28)
        out += static_cast<char>((record[0] >> 24U & 0xfU) << 4U | (record[1] >> 24U & 0xfU));
      if (record_bits == 32)
        byte(1, 24);
      for (const unsigned shift : {16U, 8U, 0U})
        byte(1, shift);
    }
    out += std::string(16, '\0') + data + "\xab\xcd\xefMaxMind.com";
    return out + map(4, text("binary_format_major_version") + u16(2) + text("ip_version") +
                            u16(ip_version) + text("node_count") + u32(count) +
                            text("record_size") + u16(record_bits));
  }

  unsigned record_bits, ip_version;
  std::string data;
  std::vector<std::array<std::int64_t, 2>> nodes{{-1, -1}};
};

/// Germany in full, France whose country is a pointer, and a network in no country.
builder sample(unsigned bits, unsigned version = 6) {
  builder b{bits, version};
  const auto country = map(2, text("geoname_id") + u32(1) + text("iso_code") + text("FR"));
  b.data = country; // at 0
  const auto first = static_cast<std::uint32_t>(b.data.size());
  b.data += map(2, text("continent") + map(1, text("code") + text("EU")) + text("country") +
                       map(1, text("iso_code") + text("DE")));
  const auto second = static_cast<std::uint32_t>(b.data.size());
  b.data += map(1, text("country") + std::string{"\x20\x00", 2}); // a pointer to 0
  const auto third = static_cast<std::uint32_t>(b.data.size());
  b.data += map(1, text("continent") + map(0, ""));
  b.add("192.0.2.0", 24, first);
  b.add("198.51.100.0", 25, second);
  b.add("203.0.113.0", 24, third);
  if (version == 6)
    b.add("2001:db8::", 32, second);
  return b;
}

std::string country(const country_database& in, std::string_view address) {
  return std::string{in.country_of(*ip_address::parse(address)).value_or("none")};
}

} // namespace

BOOST_AUTO_TEST_SUITE(country_of_an_address)

BOOST_AUTO_TEST_CASE(is_found_in_records_of_every_size) {
  for (const unsigned bits : {24U, 28U, 32U}) {
    const auto database = country_database::from(sample(bits).bytes());
    BOOST_REQUIRE(database.has_value());
    BOOST_TEST(country(*database, "192.0.2.7") == "DE");
    BOOST_TEST(country(*database, "198.51.100.127") == "FR");
    BOOST_TEST(country(*database, "198.51.100.128") == "none");
    BOOST_TEST(country(*database, "203.0.113.1") == "none");
    BOOST_TEST(country(*database, "2001:db8::1") == "FR");
    BOOST_TEST(country(*database, "2001:db9::1") == "none");
  }
}

BOOST_AUTO_TEST_CASE(of_version_4_only_has_no_addresses_of_version_6) {
  const auto database = country_database::from(sample(24, 4).bytes());
  BOOST_REQUIRE(database.has_value());
  BOOST_TEST(country(*database, "192.0.2.7") == "DE");
  BOOST_TEST(country(*database, "2001:db8::1") == "none");
}

BOOST_AUTO_TEST_CASE(is_refused_of_what_is_no_such_file) {
  BOOST_TEST(country_database::from("").error() == "this is no MaxMind DB");
  BOOST_TEST(!country_database::from("\xab\xcd\xefMaxMind.com"));
  BOOST_TEST(!country_database::from("\xab\xcd\xefMaxMind.com" + map(1, text("node_count"))));
  auto odd = sample(24);
  odd.record_bits = 20;
  BOOST_TEST(!country_database::from(odd.bytes()));
  const auto whole = sample(24).bytes();
  BOOST_TEST(country_database::from(whole.substr(whole.find("\xab\xcd\xef") - 5)).error() ==
             "its tree is longer than the file");
}

BOOST_AUTO_TEST_CASE(of_a_damaged_file_reads_nothing_past_its_end) {
  const auto whole = sample(28).bytes();
  for (std::size_t at = 0; at < whole.size(); ++at)
    for (const char wrong : {'\0', '\x20', '\x3f', '\x7f', '\xff'}) {
      auto bytes = whole;
      bytes[at] = wrong;
      if (const auto database = country_database::from(std::move(bytes)))
        for (const auto* address : {"192.0.2.7", "198.51.100.1", "2001:db8::1"})
          country(*database, address);
    }
}

BOOST_AUTO_TEST_SUITE_END()
