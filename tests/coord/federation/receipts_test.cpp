#include "coord/federation/receipts.hpp"

#include "coord/egress/checker.hpp"
#include "tests/coord/federation/two_servers.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset::coord;
using namespace cresset::coord::federation;
namespace ex = federation::example;

namespace {
const stream_position entry{std::string(32, 'a'), 3, signed_::digest::of("envelope")};
const signed_::seal told{"stix:incident", "incident--1", "v", {}, {}, signed_::onward_terms::ask,
                         ex::north_id};
receipt made(receipt_stage stage = receipt_stage::delivered) {
  return receipt_for(ex::south_id, entry, told, stage,
                     cresset::timestamp_from_ns(1'800'000'000'000'000'000));
}
} // namespace

BOOST_AUTO_TEST_SUITE(federation_receipts)

BOOST_AUTO_TEST_CASE(a_receipt_reads_back_and_may_leave) {
  const auto body = write_receipt(made());
  const auto read = read_receipt(body);
  BOOST_REQUIRE(read.has_value());
  BOOST_TEST(read->about_id == "incident--1");
  BOOST_TEST((read->entry == entry));
  BOOST_TEST((read->stage == receipt_stage::delivered));
  BOOST_TEST(egress::objection(receipt_kind, body, "clear").value_or("") == "");
}

BOOST_AUTO_TEST_CASE(the_id_follows_entry_and_stage_and_not_the_time) {
  BOOST_TEST(made().id == receipt_for(ex::south_id, entry, told, receipt_stage::delivered, {}).id);
  BOOST_TEST(made().id != made(receipt_stage::acknowledged).id);
  BOOST_TEST(made().id != receipt_for(ex::north_id, entry, told, receipt_stage::delivered, {}).id);
}

BOOST_AUTO_TEST_CASE(control_records_are_not_receipted) {
  BOOST_TEST(wants_receipt(told));
  BOOST_TEST(!wants_receipt(
      {std::string{receipt_kind}, "r", "", {}, {}, signed_::onward_terms::none, ex::north_id}));
}

BOOST_AUTO_TEST_CASE(what_is_no_receipt_is_refused) {
  for (const auto* text :
       {"", "{}", "[]", R"({"type":"receipt"})",
        R"({"about":1,"entry":2,"id":"x","stage":"delivered","type":"receipt"})"})
    BOOST_TEST(!read_receipt(text).has_value());
  auto body = write_receipt(made());
  body.replace(body.find("delivered"), 9, "invented!");
  BOOST_TEST(!read_receipt(body).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
