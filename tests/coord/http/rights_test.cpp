#include "coord/http/rights.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset::coord::http;

BOOST_AUTO_TEST_SUITE(coord_http_rights)

BOOST_AUTO_TEST_CASE(a_set_holds_what_was_put_in_and_no_other) {
  constexpr right_set some{right::member, right::writer};
  BOOST_TEST(some.has(right::writer));
  BOOST_TEST(!some.has(right::reader));
  BOOST_TEST(!some.has(right::administrator));
  BOOST_TEST(right_set{}.is_empty());
  BOOST_TEST(right_set{right::anyone}.is_empty());
}

BOOST_AUTO_TEST_CASE(what_is_open_needs_no_right_and_all_else_its_own) {
  BOOST_TEST(right_set{}.may(right::anyone, true));
  BOOST_TEST(!right_set{}.may(right::member, false));
  BOOST_TEST(!(right_set{right::administrator}.may(right::writer, true)));
}

BOOST_AUTO_TEST_CASE(an_auditor_reads_everything_and_changes_nothing) {
  const right_set auditor{right::auditor};
  for (std::size_t i = 1; i < right_count; ++i) {
    BOOST_TEST(auditor.may(static_cast<right>(i), false));
    if (static_cast<right>(i) != right::auditor)
      BOOST_TEST(!auditor.may(static_cast<right>(i), true));
  }
}

BOOST_AUTO_TEST_CASE(what_is_in_both_is_what_a_token_may) {
  const right_set owner{right::member, right::reader};
  const right_set asked{right::reader, right::administrator};
  BOOST_TEST(((owner & asked) == right_set{right::reader}));
}

BOOST_AUTO_TEST_CASE(a_set_is_stored_as_bits_and_unknown_bits_are_dropped) {
  const right_set some{right::member, right::administrator};
  BOOST_TEST((right_set::of_bits(some.bits()) == some));
  BOOST_TEST(right_set::of_bits(0xFE01).is_empty());
}

BOOST_AUTO_TEST_CASE(words_read_back) {
  for (std::size_t i = 0; i < right_count; ++i)
    BOOST_TEST((right_from(to_string(static_cast<right>(i))) == static_cast<right>(i)));
  BOOST_TEST(!right_from("root"));
  BOOST_TEST(!right_from(""));
}

BOOST_AUTO_TEST_SUITE_END()
