#include "coord/federation/release.hpp"

#include "coord/stix/to_incident.hpp"
#include "tests/coord/federation/two_servers.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset;
using namespace cresset::coord;
using namespace cresset::coord::federation;
using egress::verdict;

namespace {

struct desk : federation::example::two_servers {
  peer_directory peers;
  egress::gate gate{*egress::read_policy(R"(
name: demo
classes: {intrusion-attempts/exploit: automatic}
recipients: {CLEAR: [all], GREEN: [all], AMBER: [all]}
partners:
  south-cert: {highest-tlp: GREEN}
  east-cert: {highest-tlp: GREEN}
)",
                                         "policy.yaml")};
  release_desk out{north.self, peers, gate, north.store};
  incident::incident told = stix::example::incident();
  std::vector<incident::alert_group> groups{stix::example::group()};
  std::vector<incident::user_id> approvers;

  desk() { peers.add(north.partner); }
  release_answer release(std::string_view partner = "south-cert") {
    return out.release({told, groups, approvers}, partner, now.wall);
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(federation_release, desk)

BOOST_AUTO_TEST_CASE(a_released_incident_arrives_as_the_same_bytes_and_is_understood) {
  const auto answer = release();
  BOOST_TEST(answer.is_in_stream, answer.sentence);
  BOOST_TEST(run_until_equal());
  const auto& arrived = south.received().entries.at(0);
  BOOST_TEST((arrived.what == disposition::take));
  BOOST_TEST(arrived.entry.content.body == north.sent().entries.at(0).entry.content.body);
  const auto read = stix::to_incident(arrived.entry.content.body);
  BOOST_REQUIRE(read.has_value());
  BOOST_TEST(read->national_id == told.name);
  BOOST_TEST(read->creator == north.self.id());
  BOOST_TEST((read_envelope(arrived.entry.envelope)->stated.policy == gate.rules().hash()));
}

BOOST_AUTO_TEST_CASE(asking_twice_releases_once) {
  BOOST_TEST(release().is_in_stream);
  pass(std::chrono::seconds{5});
  BOOST_TEST(release().is_in_stream);
  BOOST_TEST(north.sent().entries.size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_new_version_keeps_the_objects_id_and_is_later) {
  BOOST_TEST(release().is_in_stream);
  told.version = 2;
  BOOST_TEST(release().is_in_stream);
  const auto& entries = north.sent().entries;
  BOOST_REQUIRE(entries.size() == 2U);
  BOOST_TEST(entries[0].seal.id == entries[1].seal.id);
  BOOST_TEST(entries[0].seal.version < entries[1].seal.version);
}

BOOST_AUTO_TEST_CASE(above_what_the_partner_may_see_nothing_is_sent_and_it_says_why) {
  told.label = incident::tlp::amber;
  const auto answer = release();
  BOOST_TEST((answer.decided == verdict::refused));
  BOOST_TEST(answer.sentence.find("above TLP:GREEN") != std::string::npos);
  BOOST_TEST(north.sent().entries.empty());
}

BOOST_AUTO_TEST_CASE(another_class_waits_for_an_analyst) {
  told.classified = {"intrusion-attempts", "brute-force"};
  BOOST_TEST((release().decided == verdict::needs_analyst));
  BOOST_TEST(north.sent().entries.empty());
  approvers = {{7}};
  BOOST_TEST(release().is_in_stream);
}

BOOST_AUTO_TEST_CASE(a_partner_of_the_policy_that_is_not_pinned_gets_nothing) {
  const auto answer = release("east-cert");
  BOOST_TEST((answer.decided == verdict::refused));
  BOOST_TEST(answer.sentence.find("not pinned") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(each_partner_has_its_own_answer) {
  const auto answers = out.release_to_all({told, groups, approvers}, now.wall);
  BOOST_REQUIRE(answers.size() == 2U);
  BOOST_TEST(!answers[0].is_in_stream); // east-cert
  BOOST_TEST(answers[1].is_in_stream);
}

BOOST_AUTO_TEST_CASE(a_database_that_does_not_answer_releases_nothing) {
  north.store.fails_next = memory_stream_store::failure::before;
  BOOST_TEST(!release().is_in_stream);
  BOOST_TEST(release().is_in_stream);
}

BOOST_AUTO_TEST_SUITE_END()
