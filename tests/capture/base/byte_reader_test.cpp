#include "capture/base/byte_reader.hpp"

#include <boost/test/unit_test.hpp>

using namespace std::string_view_literals;
using cresset::as_bytes;
using cresset::byte_reader;

BOOST_AUTO_TEST_SUITE(byte_reader_reads)

BOOST_AUTO_TEST_CASE(numbers_come_in_the_order_asked_for) {
  byte_reader in{as_bytes("\x01\x02\x03\x04\x05\x06\x07\x08\x09"sv)};
  BOOST_TEST(*in.u8() == 0x01);
  BOOST_TEST(*in.be16() == 0x0203);
  BOOST_TEST(*in.le16() == 0x0504);
  BOOST_TEST(*in.be24() == 0x060708U);
  BOOST_TEST(in.remaining() == 1U);
}

BOOST_AUTO_TEST_CASE(a_read_that_does_not_fit_moves_nothing) {
  byte_reader in{as_bytes("\x01\x02\x03"sv)};
  BOOST_TEST(!in.be32().has_value());
  BOOST_TEST(!in.be64().has_value());
  BOOST_TEST(!in.take(4).has_value());
  BOOST_TEST(!in.skip(std::size_t(-1)));
  BOOST_TEST(in.position() == 0U);
  BOOST_TEST(*in.be24() == 0x010203U);
  BOOST_TEST(in.empty());
  BOOST_TEST(!in.u8().has_value());
}

BOOST_AUTO_TEST_SUITE_END()
