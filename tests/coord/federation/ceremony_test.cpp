#include "coord/federation/ceremony.hpp"

#include "tests/coord/federation/two_servers.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <fstream>
#include <unistd.h>

using namespace cresset::coord;
using namespace cresset::coord::federation;
namespace fs = std::filesystem;
namespace ex = federation::example;

namespace {

struct tables {
  fs::path folder = fs::temp_directory_path() / ("cresset-ceremony-" + std::to_string(::getpid()));
  fs::path pins = folder / "partners";
  own_identity south = ex::identity(ex::south_id, "south-cert", 20);
  std::string heard = south.record.record.identity.fingerprint();

  tables() { fs::create_directory(folder); }
  ~tables() { fs::remove_all(folder); }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(federation_ceremony, tables)

BOOST_AUTO_TEST_CASE(an_introduction_travels_as_a_file_and_is_pinned_after_the_comparison) {
  BOOST_REQUIRE(write_introduction(folder / "south", south.record).has_value());
  const auto record = read_introduction(folder / "south");
  BOOST_REQUIRE(record.has_value());
  BOOST_TEST(comparison_text(*record).find(heard) != std::string::npos);
  BOOST_REQUIRE(pin(pins, *record, heard).has_value());
  const auto all = load_pins(pins);
  BOOST_REQUIRE(all.has_value());
  BOOST_REQUIRE(all->size() == 1U);
  BOOST_TEST(all->front().id() == ex::south_id);
  BOOST_TEST(all->front().record.bytes == south.record.bytes);
}

BOOST_AUTO_TEST_CASE(spaces_and_capitals_of_the_fingerprint_do_not_matter_and_letters_do) {
  std::string spoken;
  for (const char c : heard)
    if (c != ' ')
      spoken += static_cast<char>(std::toupper(c));
  auto wrong = spoken;
  wrong[10] = wrong[10] == '0' ? '1' : '0';
  BOOST_TEST(!pin(pins, south.record, wrong).has_value());
  BOOST_TEST(!pin(pins, south.record, "").has_value());
  BOOST_TEST(!pin(pins, south.record, spoken.substr(0, 32)).has_value());
  BOOST_TEST(load_pins(pins)->empty());
  BOOST_TEST(pin(pins, south.record, spoken).has_value());
}

BOOST_AUTO_TEST_CASE(a_newer_record_needs_no_new_ceremony_and_an_older_one_is_refused) {
  BOOST_REQUIRE(pin(pins, south.record, heard).has_value());
  const auto newer = ex::identity(ex::south_id, "south-cert", 20, 2, 90);
  BOOST_TEST(pin(pins, newer.record, "").has_value());
  BOOST_TEST(load_pins(pins)->front().record.record.number == 2U);
  BOOST_TEST(!pin(pins, south.record, heard).has_value());
}

BOOST_AUTO_TEST_CASE(another_identity_key_for_a_pinned_owner_or_name_is_refused) {
  BOOST_REQUIRE(pin(pins, south.record, heard).has_value());
  const auto same_owner = ex::identity(ex::south_id, "south-cert", 60, 5);
  BOOST_TEST(
      !pin(pins, same_owner.record, same_owner.record.record.identity.fingerprint()).has_value());
  const auto same_name = ex::identity(ex::north_id, "south-cert", 60, 5);
  BOOST_TEST(
      !pin(pins, same_name.record, same_name.record.record.identity.fingerprint()).has_value());
}

BOOST_AUTO_TEST_CASE(damaged_files_are_named_and_a_missing_folder_holds_no_pins) {
  BOOST_TEST(load_pins(pins)->empty());
  std::ofstream{folder / "broken"} << "{}";
  BOOST_TEST(read_introduction(folder / "broken").error().sentence.find("broken") !=
             std::string::npos);
  BOOST_TEST(read_introduction(folder / "none").error().sentence.find("none") != std::string::npos);
  BOOST_REQUIRE(pin(pins, south.record, heard).has_value());
  std::ofstream{pins / "south-cert.partner", std::ios::app} << "x";
  BOOST_TEST(!load_pins(pins).has_value());
}

BOOST_AUTO_TEST_CASE(records_are_made_with_rising_numbers) {
  const auto identity = ex::key_from(1);
  record_request wanted;
  wanted.name = "north-cert";
  wanted.signing = {ex::key_from(2).public_half()};
  wanted.endpoints = {"tcp://192.0.2.1:7400"};
  const auto first = make_record(wanted, identity, nullptr);
  BOOST_REQUIRE(first.has_value());
  BOOST_TEST(first->record.number == 1U);
  const auto second = make_record(wanted, identity, &*first);
  BOOST_REQUIRE(second.has_value());
  BOOST_TEST(second->record.number == 2U);
  BOOST_TEST(second->record.owner == first->record.owner);
  BOOST_TEST(!make_record(wanted, ex::key_from(3), &*first).has_value());
  wanted.name = "North";
  BOOST_TEST(!make_record(wanted, identity, nullptr).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
