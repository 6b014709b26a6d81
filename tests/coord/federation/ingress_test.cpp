#include "coord/federation/ingress.hpp"

#include "coord/federation/message.hpp"
#include "tests/coord/stix/example.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset::coord;
using namespace cresset::coord::federation;
using namespace std::chrono_literals;

namespace {
signed_::seal of_kind(std::string kind, std::string origin = stix::example::cirt) {
  return {std::move(kind), "x", "", {}, {}, signed_::onward_terms::ask, std::move(origin)};
}
disposition judged(const signed_::seal& stated, const std::string& body) {
  return ingress_gate{}.judge(stated, body).first;
}
} // namespace

BOOST_AUTO_TEST_SUITE(federation_ingress)

BOOST_AUTO_TEST_CASE(an_incident_of_its_sender_is_taken) {
  BOOST_TEST((judged(of_kind("stix:incident"), stix::example::bytes()) == disposition::take));
}

BOOST_AUTO_TEST_CASE(what_cannot_be_read_or_is_somebody_elses_waits_for_an_analyst) {
  BOOST_TEST((judged(of_kind("stix:incident"), "{}") == disposition::hold));
  BOOST_TEST((judged(of_kind("stix:incident", "identity--00000000-0000-4000-8000-000000000000"),
                     stix::example::bytes()) == disposition::hold));
  BOOST_TEST((judged(of_kind("cresset:receipt"), "{}") == disposition::hold));
}

BOOST_AUTO_TEST_CASE(what_would_act_on_our_segment_waits_for_an_analyst) {
  BOOST_TEST((judged(of_kind("stix:indicator"), "{}") == disposition::hold));
}

BOOST_AUTO_TEST_CASE(an_unknown_kind_is_kept) {
  const auto [what, note] = ingress_gate{}.judge(of_kind("future:thing"), "{}");
  BOOST_TEST((what == disposition::keep));
  BOOST_TEST(note.find("future:thing") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_flood_costs_the_sender_its_credit_until_time_has_passed) {
  ingress_gate gate{{.entries_per_minute = 120}};
  auto now = ingress_gate::clock::time_point{1h};
  BOOST_TEST(gate.credit(now) == credit_limit);
  for (int i = 0; i < 100; ++i)
    gate.accepted(now);
  BOOST_TEST(gate.credit(now) == 20U);
  for (int i = 0; i < 100; ++i)
    gate.accepted(now);
  BOOST_TEST(gate.credit(now) == 0U);
  BOOST_TEST(gate.credit(now + 5s) == 10U);
  BOOST_TEST(gate.credit(now + 1h) == credit_limit);
}

BOOST_AUTO_TEST_SUITE_END()
