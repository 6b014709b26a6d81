#include "coord/api/query_input.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset::coord;
using cresset::coord::api::query_input;

namespace {

http::request asked(std::string_view target) {
  http::request r;
  BOOST_REQUIRE(http::read_target(target, r));
  return r;
}

unsigned refusal(std::string_view target) {
  const auto r = asked(target);
  query_input in{r};
  (void)in.text("t");
  (void)in.number("n", 1, 1, 200);
  (void)in.boolean("b", false);
  const auto wrong = in.mistake();
  return wrong ? wrong->status : 0;
}

} // namespace

BOOST_AUTO_TEST_SUITE(coord_api_query_input)

BOOST_AUTO_TEST_CASE(values_are_read_and_what_is_left_out_has_its_default) {
  const auto r = asked("/x?t=a%20b&n=200&b=true");
  query_input in{r};
  BOOST_TEST(in.text("t").value() == "a b");
  BOOST_TEST(in.number("n", 50, 1, 200) == 200);
  BOOST_TEST(in.boolean("b", false));
  BOOST_TEST(!in.mistake());
  const auto none = asked("/x");
  query_input empty{none};
  BOOST_TEST(empty.number("n", 50, 1, 200) == 50);
  BOOST_TEST(!empty.text("t"));
}

BOOST_AUTO_TEST_CASE(what_is_wrong_unknown_or_doubled_is_refused) {
  for (const auto* bad :
       {"/x?n=0", "/x?n=201", "/x?n=-1", "/x?n=", "/x?n=1x", "/x?n=99999999999999999999", "/x?b=1",
        "/x?b=TRUE", "/x?t=a&t=b", "/x?unknown=1", "/x?=1"})
    BOOST_TEST(refusal(bad) == 400U, bad);
}

BOOST_AUTO_TEST_CASE(an_id_that_cannot_be_one_is_not_found) {
  for (const auto* bad : {"0", "-1", "01", "x", "", "1x", "99999999999999999999"}) {
    http::request r;
    r.parameters = {{"id", bad}};
    query_input in{r};
    BOOST_TEST(in.id("id") == 0);
    BOOST_TEST(in.mistake()->status == 404U, bad);
  }
  http::request r;
  r.parameters = {{"id", "17"}};
  query_input in{r};
  BOOST_TEST(in.id("id") == 17);
  BOOST_TEST(!in.mistake());
}

BOOST_AUTO_TEST_SUITE_END()
