#include "coord/federation/withdrawal.hpp"

#include "coord/egress/checker.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset;
using namespace cresset::coord::federation;

namespace {

withdrawal example(std::int64_t number = 1) {
  return withdrawal_of("identity--1", "incident--1", "2026-11-21T22:07:38.123Z", "undone", number,
                       timestamp_from_ns(1'795'305'600'000'000'000));
}

} // namespace

BOOST_AUTO_TEST_SUITE(coord_federation_withdrawal)

BOOST_AUTO_TEST_CASE(what_is_written_is_read_again_and_may_leave) {
  const auto body = write_withdrawal(example());
  const auto read = read_withdrawal(body);
  BOOST_REQUIRE(read);
  BOOST_TEST(read->about_id == "incident--1");
  BOOST_TEST(read->reason == "undone");
  const auto objection = coord::egress::objection("cresset:withdrawal", body, "green");
  BOOST_TEST(!objection, objection.value_or(""));
}

BOOST_AUTO_TEST_CASE(the_same_withdrawal_has_the_same_bytes_and_another_one_another_id) {
  BOOST_TEST(write_withdrawal(example()) == write_withdrawal(example()));
  BOOST_TEST(example(1).id != example(2).id);
}

BOOST_AUTO_TEST_CASE(anything_else_is_refused) {
  auto odd = example();
  odd.reason = "because";
  BOOST_TEST(!read_withdrawal(write_withdrawal(odd)));
  for (const auto* const wrong :
       {"", "{}", R"({"type":"receipt"})",
        R"({"about":{"id":"a"},"at":"","id":"b","reason":"undone","type":"withdrawal"})"})
    BOOST_TEST(!read_withdrawal(wrong), wrong);
  BOOST_TEST(
      coord::egress::objection("cresset:withdrawal", R"({"secret":1,"type":"withdrawal"})", "green")
          .has_value());
}

BOOST_AUTO_TEST_SUITE_END()
