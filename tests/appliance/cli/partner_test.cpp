#include "appliance/cli/partner.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <unistd.h>

using namespace cresset::appliance::cli;
namespace fs = std::filesystem;

namespace {

struct two_cirts {
  fs::path folder = fs::temp_directory_path() / ("cresset-partner-" + std::to_string(::getpid()));
  fs::path north = folder / "north";
  fs::path south = folder / "south";
  fs::path pins = folder / "partners";
  ~two_cirts() { fs::remove_all(folder); }

  static std::string fingerprint_in(const std::string& text) {
    const auto at = text.find("fingerprint  ") + 13;
    return text.substr(at, 79);
  }
};

std::string silent(const std::string&) {
  return "";
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(cli_partner, two_cirts)

BOOST_AUTO_TEST_CASE(an_introduction_is_exported_compared_and_pinned) {
  const auto made = new_identity(north, "north-cert", {"tcp://192.0.2.1:7400"});
  BOOST_REQUIRE_MESSAGE(made.has_value(), (made ? "" : made.error()));
  const auto told = export_introduction(north, folder / "introduction");
  BOOST_REQUIRE(told.has_value());
  std::string shown;
  const auto pinned =
      import_introduction(folder / "introduction", pins, [&](const std::string& text) {
        shown = text;
        return fingerprint_in(*told);
      });
  BOOST_TEST(pinned.has_value());
  BOOST_TEST(shown.find("tcp://192.0.2.1:7400") != std::string::npos);
  BOOST_TEST(list_partners(pins)->find("north-cert") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(without_the_right_fingerprint_nobody_is_pinned) {
  BOOST_REQUIRE(new_identity(north, "north-cert", {}).has_value());
  BOOST_REQUIRE(export_introduction(north, folder / "introduction").has_value());
  BOOST_TEST(!import_introduction(folder / "introduction", pins, silent).has_value());
  BOOST_TEST(*list_partners(pins) == "no partner is pinned\n");
}

BOOST_AUTO_TEST_CASE(a_newer_record_of_a_pinned_partner_is_taken_without_a_question) {
  const auto made = new_identity(north, "north-cert", {});
  BOOST_REQUIRE(made.has_value());
  BOOST_REQUIRE(export_introduction(north, folder / "introduction").has_value());
  BOOST_REQUIRE(import_introduction(folder / "introduction", pins, [&](const std::string& text) {
                  return fingerprint_in(text);
                }).has_value());
  BOOST_REQUIRE(renew_identity(north, {"tcp://192.0.2.9:7400"}).has_value());
  BOOST_REQUIRE(export_introduction(north, folder / "newer").has_value());
  BOOST_TEST(import_introduction(folder / "newer", pins, silent).has_value());
  BOOST_TEST(list_partners(pins)->find("192.0.2.9") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_done_is_told_in_one_line) {
  for (const auto& outcome :
       {new_identity(north, "North", {}), export_introduction(south, folder / "x"),
        import_introduction(folder / "none", pins, silent)}) {
    BOOST_REQUIRE(!outcome.has_value());
    BOOST_TEST(outcome.error().find('\n') == std::string::npos);
  }
}

BOOST_AUTO_TEST_SUITE_END()
