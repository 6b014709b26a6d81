#include "coord/stix/told_work.hpp"

#include "coord/egress/checker.hpp"
#include "coord/stix/to_incident.hpp"
#include "tests/coord/stix/example.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset;
using namespace cresset::coord;
namespace example = coord::stix::example;

namespace {

casework::case_content work() {
  casework::case_content made;
  casework::task task;
  task.kind = "containment";
  task.outcome = "ongoing";
  task.title = "Block the address";
  task.assignee_name = "ana";
  task.asked_of = "The provider";
  task.note = "call 555-0100";
  made.tasks = {task};
  casework::happening happening;
  happening.kind = "exploit";
  happening.status = "occurred";
  happening.description = "The server answered";
  made.happenings = {happening};
  casework::impact impact;
  impact.category = "availability";
  impact.criticality = 40;
  impact.description = "Two hours away";
  impact.entity = "customer";
  impact.entities = 12;
  auto old = impact;
  old.superseded_by = casework::impact_id{2};
  made.impacts = {old, impact};
  made.attachments.resize(1);
  made.attachments[0].name = "passwords.txt";
  made.attachments[0].size = 5;
  return made;
}

std::string object_of(const casework::case_content& with) {
  auto told = example::incident();
  told.techniques = {"T1190"};
  told.cves = {"CVE-2021-44228"};
  told.personal_data = true;
  told.recoverability = "regular";
  told.determination = "confirmed";
  told.constituent = "Ministry of Secrets";
  const std::vector groups{example::group()};
  return *stix::from_incident(told, groups, example::frame(), with);
}

} // namespace

BOOST_AUTO_TEST_SUITE(coord_stix_told_work)

BOOST_AUTO_TEST_CASE(what_is_told_is_understood_at_the_other_end) {
  const auto read = stix::to_incident(object_of(work()));
  BOOST_REQUIRE_MESSAGE(read, (read ? "" : read.error().sentence));
  BOOST_TEST(read->work.techniques.at(0) == "T1190");
  BOOST_TEST(read->work.cves.at(0) == "CVE-2021-44228");
  BOOST_TEST(read->work.tasks.at(0).kind == "containment");
  BOOST_TEST(read->work.tasks.at(0).text == "Block the address");
  BOOST_TEST(read->work.events.at(0).status == "occurred");
  BOOST_REQUIRE(read->work.impacts.size() == 1U);
  BOOST_TEST(read->determination == "confirmed");
}

BOOST_AUTO_TEST_CASE(the_checker_lets_all_of_it_leave) {
  const auto objection = egress::objection("stix:incident", object_of(work()), "green");
  BOOST_TEST(!objection, objection.value_or(""));
}

BOOST_AUTO_TEST_CASE(names_notes_and_files_stay_here) {
  const auto object = object_of(work());
  for (const auto* const secret :
       {"ana", "provider", "555-0100", "passwords.txt", "Ministry of Secrets"})
    BOOST_TEST(object.find(secret) == std::string::npos, secret);
}

BOOST_AUTO_TEST_CASE(no_more_than_a_bounded_number_of_each_is_told) {
  auto much = work();
  much.tasks.resize(1000, much.tasks.front());
  BOOST_TEST(stix::to_incident(object_of(much))->work.tasks.size() == stix::told_work_limit);
}

BOOST_AUTO_TEST_SUITE_END()
