// The three formats, what is refused with its line, and the difference of two imports.
#include "coord/segment/csv_line.hpp"
#include "coord/segment/difference.hpp"
#include "coord/segment/importer.hpp"
#include "coord/segment/registry.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>
#include <sstream>

using namespace cresset;
using namespace cresset::coord::segment;

namespace {

imported taken(std::string_view text, import_options options) {
  auto read = read_import(text, options);
  BOOST_REQUIRE_MESSAGE(read, (read ? "" : read.error().front().why));
  return *std::move(read);
}

/// "3: why" of the first mistake; empty when the text is taken.
std::string refusal(std::string_view text, import_options options) {
  const auto read = read_import(text, options);
  return read ? std::string{}
              : std::to_string(read.error().front().line) + ": " + read.error().front().why;
}

std::vector<std::string> keys(const imported& all) {
  std::vector<std::string> found;
  for (const auto& r : all.records)
    found.push_back(r.key);
  return found;
}

const import_options delegations{import_format::delegated, "KZ", "", ""};
const import_options list{import_format::prefix_list, "KZ", "", ""};
const import_options table{import_format::csv, "", "", ""};

bool starts_with(const std::string& text, const char* start) {
  return text.starts_with(start);
}

} // namespace

BOOST_AUTO_TEST_SUITE(coord_segment_importer)

BOOST_AUTO_TEST_CASE(delegations_become_prefixes_and_as_numbers_of_their_country) {
  const auto read = taken("2|ripencc|1404165599|3|19830705|20140630|+0200\n"
                          "ripencc|*|ipv4|*|2|summary\n"
                          "# a comment\n\n"
                          "ripencc|KZ|ipv4|2.72.0.0|524288|20100603|allocated\n"
                          "ripencc|RU|ipv6|2a00:1000::|29|20100603|assigned|opaque\r\n"
                          "ripencc|KZ|asn|1000|2|20100603|allocated\n"
                          "ripencc||ipv4|5.5.0.0|256||available\n",
                          delegations);
  BOOST_TEST(keys(read) == (std::vector<std::string>{"2.72.0.0/13",
                                                     "2a00:1000:0000:0000:0000:0000:0000:0000/29",
                                                     "AS1000-AS1001"}),
             boost::test_tools::per_element());
  BOOST_TEST(read.records[0].ours);
  BOOST_TEST(read.records[0].country == "KZ");
  BOOST_TEST(!read.records[1].ours);
  BOOST_TEST(read.left_out == 3U);
  BOOST_TEST(read.lines == 8U);
}

BOOST_AUTO_TEST_CASE(a_count_that_is_no_power_of_two_becomes_the_fewest_prefixes) {
  const auto cut = [](const char* start, const char* count) {
    return keys(taken(std::string{"r|KZ|ipv4|"} + start + "|" + count + "|20100603|allocated",
                      delegations));
  };
  BOOST_TEST(cut("10.0.0.0", "768") == (std::vector<std::string>{"10.0.0.0/23", "10.0.2.0/24"}),
             boost::test_tools::per_element());
  BOOST_TEST(cut("10.0.1.0", "768") == (std::vector<std::string>{"10.0.1.0/24", "10.0.2.0/23"}),
             boost::test_tools::per_element());
  BOOST_TEST(cut("0.0.0.0", "4294967296") == std::vector<std::string>{"0.0.0.0/0"},
             boost::test_tools::per_element());
  BOOST_TEST(cut("0.0.0.1", "4294967294").size() == 62U);
}

BOOST_AUTO_TEST_CASE(damaged_delegations_are_refused_with_their_line) {
  for (const auto* wrong :
       {"r|KZ|ipv4|10.0.0.0|0|d|allocated", "r|KZ|ipv4|10.0.0.0|-1|d|allocated",
        "r|KZ|ipv4|255.255.255.0|257|d|allocated", "r|KZ|ipv4|2001:db8::|32|d|allocated",
        "r|KZ|ipv4|10.0.0|256|d|allocated", "r|KZ|ipv6|2001:db8::|129|d|allocated",
        "r|KZ|ipv6|2001:db8::1|32|d|allocated", "r|KZ|asn|4294967295|2|d|allocated",
        "r|KZ|asn|x|1|d|allocated", "r|kz|ipv4|10.0.0.0|256|d|allocated", "r|KZ|ipv4|10.0.0.0|256",
        "r|KZ|ipv5|10.0.0.0|256|d|allocated", "r||ipv4|10.0.0.0|256|d|assigned",
        "r|KZ|ipv4|10.0.0.0|18446744073709551616|d|allocated"})
    BOOST_TEST(starts_with(refusal(std::string{"#\n"} + wrong, delegations), "2: "), wrong);
}

BOOST_AUTO_TEST_CASE(a_list_tells_its_country_or_is_told) {
  const auto* text = "# Country: Kazakhstan (KZ)\n# Address family: IPv4\n#\n2.72.0.0/13\n"
                     "5.34.0.0/17   # of somebody\n\n";
  const auto told = taken(text, list);
  BOOST_TEST(told.records.size() == 2U);
  BOOST_TEST(told.records[0].country == "KZ");
  BOOST_TEST(told.records[0].ours);
  auto foreign = list;
  foreign.own_country = "RU";
  BOOST_TEST(!taken(text, foreign).records[0].ours);
  auto other = list;
  other.country = "UZ";
  BOOST_TEST(refusal(text, other) == "1: the list is of KZ and not of UZ");
  auto owned = list;
  owned.owner = "isp";
  owned.country = "UZ";
  BOOST_TEST(taken("10.0.0.0/8", owned).records[0].owner == "isp");
  BOOST_TEST(starts_with(refusal("10.0.0.0/8\n10.0.0.1/8", list), "2: key: '10.0.0.1/8'"));
}

BOOST_AUTO_TEST_CASE(a_table_names_its_columns_in_any_order) {
  const auto read = taken("\xEF\xBB\xBFkey;kind;owner;name;valid_to;delivery\r\n"
                          "plant;owner;;\"Plant; \"\"North\"\"\";;\r\n"
                          "192.0.2.0/24;prefix;plant;;2027-01-31;\r\n"
                          "\r\n"
                          "power.kz;domain;plant;;;\r\n",
                          table);
  BOOST_REQUIRE(read.records.size() == 3U);
  BOOST_TEST(read.records[0].name == "Plant; \"North\"");
  BOOST_TEST(!read.records[0].ours);
  BOOST_TEST(read.records[1].ours);
  BOOST_TEST(to_string(*read.records[1].valid.to) == "2027-01-31");
  BOOST_TEST(read.records[2].key == "power.kz");
}

BOOST_AUTO_TEST_CASE(a_table_that_is_wrong_is_refused_with_the_line_and_the_column) {
  const std::string head = "kind,key,owner,email,criticality,ours,valid_from\n";
  for (const auto& [line, why] : std::initializer_list<std::pair<const char*, const char*>>{
           {"ship,a,,,,,", "2: kind"},
           {"owner,a,,,,,x", "2: 'x' is no day"},
           {"owner,a,,,9,,", "2: criticality"},
           {"prefix,10.0.0.0/8,,,,maybe,", "2: ours"},
           {"owner,a", "2: has 2 fields and not 7"},
           {"owner,\"a,,,,,", "2: a quotation mark"},
           {"owner,a\"b,,,,,", "2: a quotation mark"},
           {"contact,,,a@b.kz,,,", "2: owner"},
           {"contact,,plant,,,,", "2: email"},
           {"prefix,10.0.0.0/8,Plant,,,,", "2: owner"}})
    BOOST_TEST(starts_with(refusal(head + line, table), why),
               line << " " << refusal(head + line, table));
  BOOST_TEST(starts_with(refusal("kind,colour\n", table), "1: the column 'colour'"));
  BOOST_TEST(starts_with(refusal("kind,kind\n", table), "1: the column 'kind' is there twice"));
  BOOST_TEST(starts_with(refusal("kind,name\n", table), "1: the column 'key' is missing"));
  BOOST_TEST(starts_with(refusal("", table), "0: the file is empty"));
}

BOOST_AUTO_TEST_CASE(hostile_files_are_bounded) {
  BOOST_TEST(
      starts_with(refusal(std::string(import_limit_bytes + 1, '\n'), list), "0: the file is"));
  BOOST_TEST(starts_with(refusal("#\n" + std::string(import_limit_line_bytes + 1, '1'), list),
                         "2: is longer"));
  BOOST_TEST(starts_with(refusal(std::string_view{"10.0.0.0/8\0", 11}, list), "1: is not UTF-8"));
  BOOST_TEST(starts_with(refusal("\xff\xfe", list), "1: is not UTF-8"));
  std::string many;
  for (int i = 0; i < 1000; ++i)
    many += "x\n";
  BOOST_TEST(read_import(many, list).error().size() == import_limit_mistakes);
  std::string flood;
  for (int i = 0; i < 6500; ++i)
    flood += "r|KZ|ipv4|0.0.0.1|4294967294|d|allocated\n";
  BOOST_TEST(refusal(flood, delegations).find("more than 400000 records") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_line_twice_is_one_and_two_that_differ_are_refused) {
  const auto twice = taken("10.0.0.0/8\n10.0.0.0/8\n", list);
  BOOST_TEST(twice.records.size() == 1U);
  BOOST_TEST(twice.repeated == 1U);
  BOOST_TEST(refusal("r|KZ|asn|1|1|d|allocated\nr|RU|asn|1|1|d|allocated", delegations) ==
             "2: says something else of AS1 than line 1");
}

BOOST_AUTO_TEST_CASE(what_was_written_as_csv_reads_back_as_the_same) {
  record r;
  r.kind = record_kind::contact;
  r.owner = "plant";
  r.name = "Дежурный, \"смена\"";
  r.email = "noc@plant.kz";
  r.phone = "+7 700";
  r.language = "ru";
  r.how = delivery::digest;
  r.valid.from = parse_day("2026-01-01");
  r.weight = layer::imported;
  BOOST_REQUIRE(!settle(r));
  const auto read = taken(std::string{csv_header} + "\n" + csv_line(r) + "\n", table);
  BOOST_REQUIRE(read.records.size() == 1U);
  BOOST_TEST((read.records[0] == r));
  // A text that a spreadsheet would compute is kept from it.
  BOOST_TEST(csv_line(r).find("\"'+7 700\"") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_difference_is_empty_for_the_same_and_tells_all_else) {
  const auto before = taken("10.0.0.0/8\n11.0.0.0/8\n12.0.0.0/8\n", list).records;
  BOOST_TEST(difference_of(before, before).is_empty());
  auto owned = list;
  owned.owner = "isp";
  auto after = taken("10.0.0.0/8\n12.0.0.0/8\n13.0.0.0/8\n", list).records;
  after[1].owner = "isp";
  const auto what = difference_of(before, after);
  BOOST_REQUIRE(what.added.size() == 1U);
  BOOST_TEST(what.added[0].key == "13.0.0.0/8");
  BOOST_REQUIRE(what.changed.size() == 1U);
  BOOST_TEST(what.changed[0].after.owner == "isp");
  BOOST_REQUIRE(what.removed.size() == 1U);
  BOOST_TEST(what.removed[0].key == "11.0.0.0/8");
}

BOOST_AUTO_TEST_CASE(the_lists_of_a_country_in_use_are_taken_whole) {
  std::ifstream in{CRESSET_SHARED "/data/segment/kz/ipv4-aggregated.txt"};
  if (!in)
    return; // a checkout without the shared data
  std::stringstream text;
  text << in.rdbuf();
  const auto read = taken(text.str(), list);
  BOOST_TEST(read.records.size() > 500U);
  const registry of{read.records, *parse_day("2026-11-22")};
  BOOST_TEST(of.find(*ip_address::parse("2.72.0.1")).is_ours);
  BOOST_TEST(!of.find(*ip_address::parse("8.8.8.8")).is_ours);
}

BOOST_AUTO_TEST_SUITE_END()
