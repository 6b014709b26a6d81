#include "appliance/cli/doctor.hpp"

#include "tests/detect/uplink/temporary_folder.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>
#include <sys/stat.h>

BOOST_AUTO_TEST_SUITE(cli_doctor)

using namespace cresset;
using namespace cresset::appliance::cli;

BOOST_AUTO_TEST_CASE(a_secret_others_may_read_is_a_fault_with_its_remedy) {
  const temporary_folder folder;
  const auto file = folder.path() / "a.key";
  BOOST_TEST((examine_secret(file).state == health::fault));
  std::ofstream{file} << "x";
  ::chmod(file.c_str(), 0640);
  const auto found = examine_secret(file);
  BOOST_TEST((found.state == health::fault));
  BOOST_TEST(found.remedy.find("chmod 600") != std::string::npos);
  ::chmod(file.c_str(), 0600);
  BOOST_TEST((examine_secret(file).state == health::ok));
}

BOOST_AUTO_TEST_CASE(a_folder_has_to_be_there_and_have_room) {
  const temporary_folder folder;
  BOOST_TEST((examine_folder("spool", folder.path() / "none", 0).state == health::fault));
  BOOST_TEST((examine_folder("spool", folder.path(), 1).state == health::ok));
  const auto crowded = examine_folder("spool", folder.path(), std::uint64_t{1} << 60);
  BOOST_TEST((crowded.state == health::warning));
  BOOST_TEST(!crowded.remedy.empty());
}

BOOST_AUTO_TEST_CASE(dpdk_without_huge_pages_is_a_fault) {
  BOOST_TEST((examine_huge_pages("HugePages_Total:      16\nHugePages_Free:        0\n").state ==
              health::fault));
  BOOST_TEST((examine_huge_pages("").state == health::fault));
  BOOST_TEST((examine_huge_pages("HugePages_Total:      16\nHugePages_Free:        3\n").state ==
              health::ok));
}

BOOST_AUTO_TEST_CASE(what_the_server_prints_becomes_findings_and_noise_does_not) {
  const auto all = read_server_findings(
      "noise\n{\"check\":\"disk\",\"state\":\"fault\",\"found\":\"full\",\"remedy\":\"free\"}\n"
      "{\"check\":\"disk\",\"state\":\"strange\"}\n{\"state\":\"ok\"}\n"
      "{\"check\":\"ports\",\"state\":\"ok\",\"found\":\"\",\"remedy\":\"\"}");
  BOOST_REQUIRE(all.size() == 2U);
  BOOST_TEST((all[0].state == health::fault));
  BOOST_TEST(all[0].found == "full");
  BOOST_TEST(all[1].check == "ports");
}

BOOST_AUTO_TEST_CASE(a_request_that_names_nothing_looks_at_the_machine) {
  const auto all = examine({});
  BOOST_TEST(all.size() == 3U);
  for (const auto& one : all)
    BOOST_TEST(one.part == "machine");
}

BOOST_AUTO_TEST_CASE(the_two_forms_say_the_same) {
  const std::vector<doctor_finding> all{
      {"server", "disk", health::fault, "1 MiB is free", "free space"}};
  BOOST_TEST(as_table(all).find("fault    server   disk") == 0U);
  BOOST_TEST(as_table(all).find("remedy: free space") != std::string::npos);
  BOOST_TEST(as_json(all) ==
             "{\"findings\":[{\"part\":\"server\",\"check\":\"disk\",\"state\":"
             "\"fault\",\"found\":\"1 MiB is free\",\"remedy\":\"free space\"}]}\n");
}

BOOST_AUTO_TEST_SUITE_END()
