#include "coord/retention/legal_hold.hpp"
#include "coord/retention/retention_policy.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset;
using namespace cresset::coord::retention;
using namespace std::chrono_literals;

namespace {
hold_request good() {
  hold_request wanted;
  wanted.group = {7};
  wanted.reason = "the court asks";
  return wanted;
}
} // namespace

BOOST_AUTO_TEST_SUITE(coord_retention_legal_hold)

BOOST_AUTO_TEST_CASE(a_hold_names_an_incident_or_a_group) {
  auto wanted = good();
  BOOST_TEST(objection(wanted).empty());
  wanted.incident = {1};
  BOOST_TEST(!objection(wanted).empty());
  wanted.group = {};
  BOOST_TEST(objection(wanted).empty());
  wanted.incident = {};
  BOOST_TEST(!objection(wanted).empty());
}

BOOST_AUTO_TEST_CASE(texts_are_bounded_and_plain) {
  for (const std::string& reason :
       {std::string{}, std::string(2001, 'x'), std::string{"a\0b", 3}, std::string{"\xff"}}) {
    auto wanted = good();
    wanted.reason = reason;
    BOOST_TEST(!objection(wanted).empty());
    BOOST_TEST(!objection_to_reason(reason).empty());
  }
  auto wanted = good();
  wanted.legal_basis = std::string(2001, 'x');
  BOOST_TEST(!objection(wanted).empty());
}

BOOST_AUTO_TEST_CASE(no_days_are_for_ever) {
  retention_policy policy;
  const timestamp now{std::chrono::sys_days{std::chrono::year{2031} / 3 / 3}};
  BOOST_TEST(!policy.oldest_kept(data_class::journal_bodies, now));
  BOOST_TEST((*policy.oldest_kept(data_class::refused, now) == now - 30 * 24h));
}

BOOST_AUTO_TEST_SUITE_END()
