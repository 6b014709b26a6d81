#include "detect/rule/payload/variable_names.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset::detect::rule;
using text::errc;
using text::text_cursor;

BOOST_AUTO_TEST_SUITE(the_byte_variables_of_a_rule)

BOOST_AUTO_TEST_CASE(get_slots_in_order_and_keep_them) {
  payload::variable_names names;
  BOOST_CHECK(*names.define(text_cursor{"one"}) == 0);
  BOOST_CHECK(*names.define(text_cursor{" SSL.Length "}) == 1);
  BOOST_CHECK(*names.define(text_cursor{"one"}) == 0);
  BOOST_CHECK(names.read(text_cursor{"SSL.Length"}, 0, 9)->slot == 1);
  BOOST_CHECK(names.read(text_cursor{" 7 "}, 0, 9)->number == 7);
  BOOST_CHECK(!names.read(text_cursor{"7"}, 0, 9)->is_variable());
}

BOOST_AUTO_TEST_CASE(are_refused_when_undefined_or_no_name) {
  payload::variable_names names;
  BOOST_CHECK((names.read(text_cursor{"one"}, 0, 9).error().why == errc::undefined_variable));
  BOOST_CHECK((names.read(text_cursor{"10"}, 0, 9).error().why == errc::out_of_range));
  BOOST_CHECK((names.read(text_cursor{""}, 0, 9).error().why == errc::number_expected));
  for (const auto* text : {"", "1a", "a b", "-a", "a,b"})
    BOOST_CHECK(!names.define(text_cursor{text}).has_value());
  for (std::size_t i = 0; i < payload::variable_names::limit; ++i)
    BOOST_REQUIRE(names.define(text_cursor{"v" + std::to_string(i)}).has_value());
  BOOST_CHECK((names.define(text_cursor{"more"}).error().why == errc::limit));
}

BOOST_AUTO_TEST_CASE(leave_room_for_all_64_bits) {
  const payload::variable_names names;
  BOOST_CHECK(static_cast<std::uint64_t>(
                  names.read_unsigned(text_cursor{"0xffffffffffffffff"})->number) == UINT64_MAX);
}

BOOST_AUTO_TEST_SUITE_END()
