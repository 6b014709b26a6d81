#include "coord/store/sql_text.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset;
using namespace cresset::coord::store;

BOOST_AUTO_TEST_SUITE(coord_store_sql_text)

BOOST_AUTO_TEST_CASE(an_array_quotes_texts_and_nothing_else) {
  BOOST_TEST(array_text{}.str() == "{}");
  BOOST_TEST(array_text{}.add(std::int64_t{1}).add(std::int64_t{-2}).str() == "{1,-2}");
  BOOST_TEST(array_text{}.add(std::string_view{"a\"b\\c"}).add(std::string_view{""}).str() ==
             R"({"a\"b\\c",""})");
  BOOST_TEST(array_text{}.add(true).add(false).str() == "{t,f}");
  BOOST_TEST(array_text{}.add(ip_address::v4(0x0a000001)).str() == "{10.0.0.1}");
}

BOOST_AUTO_TEST_CASE(a_time_is_cut_to_microseconds_also_before_1970) {
  BOOST_TEST(sql_time(timestamp_from_ns(1'795'305'600'123'456'789)) ==
             "2026-11-22 00:00:00.123456+00");
  BOOST_TEST(sql_time(timestamp_from_ns(-1)) == "1969-12-31 23:59:59.999999+00");
}

BOOST_AUTO_TEST_CASE(bytes_are_hexadecimal) {
  const std::byte bytes[] = {std::byte{0}, std::byte{0xff}};
  BOOST_TEST(sql_bytes(bytes) == "\\x00ff");
}

BOOST_AUTO_TEST_SUITE_END()
