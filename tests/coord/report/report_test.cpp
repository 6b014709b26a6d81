#include "coord/report/report.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset::coord::report;

namespace {

new_report example() {
  new_report made;
  made.title = "Our server sends spam";
  return made;
}

} // namespace

BOOST_AUTO_TEST_SUITE(coord_report_report)

BOOST_AUTO_TEST_CASE(a_title_is_enough) {
  BOOST_TEST(objection(example()) == "");
}

BOOST_AUTO_TEST_CASE(what_is_wrong_is_said) {
  const auto refused = [](auto change) {
    auto what = example();
    change(what);
    return !objection(what).empty();
  };
  BOOST_TEST(refused([](auto& r) { r.title.clear(); }));
  BOOST_TEST(refused([](auto& r) { r.title.assign(301, 'a'); }));
  BOOST_TEST(refused([](auto& r) { r.body.assign(body_limit_bytes + 1, 'a'); }));
  BOOST_TEST(refused([](auto& r) { r.body = std::string("a\0b", 3); }));
  BOOST_TEST(refused([](auto& r) { r.body = "\xff"; }));
  BOOST_TEST(refused([](auto& r) { r.channel = "pigeon"; }));
  BOOST_TEST(refused([](auto& r) { r.classified = {"nonsense", ""}; }));
  BOOST_TEST(refused([](auto& r) { r.severity = 101; }));
  BOOST_TEST(refused([](auto& r) { r.victims.resize(101); }));
  BOOST_TEST(refused([](auto& r) { r.contact.assign(501, 'a'); }));
}

BOOST_AUTO_TEST_CASE(states_have_their_words) {
  BOOST_TEST((report_state_from("in_incident") == report_state::in_incident));
  BOOST_TEST(!report_state_from("gone"));
}

BOOST_AUTO_TEST_SUITE_END()
