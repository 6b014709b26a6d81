#include "detect/proto/dnp3/link.hpp"

#include "tests/support/parser_feed.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset;
using namespace cresset::detect::proto::dnp3;
using namespace cresset::test;

BOOST_AUTO_TEST_SUITE(dnp3_link)

BOOST_AUTO_TEST_CASE(a_header_tells_its_frame) {
  const auto bytes = from_hex("0564 1ac4 0200 0300 40f2");
  const auto link = read_link_header(as_bytes(bytes));
  BOOST_REQUIRE(link);
  BOOST_TEST(link->destination == 2);
  BOOST_TEST(link->source == 3);
  BOOST_TEST(link->from_master());
  BOOST_TEST(link->carries_user_bytes());
  BOOST_TEST(link->frame_size() == 35U);
  BOOST_TEST(header_is_intact(as_bytes(bytes)));
  BOOST_TEST(!header_is_intact(as_bytes(from_hex("0564 1ac4 0200 0400 40f2"))));
  BOOST_TEST(!read_link_header(as_bytes(from_hex("0565 1ac4 0200 0300 40f2"))));
}

BOOST_AUTO_TEST_CASE(blocks_lose_their_checksums) {
  auto bytes = from_hex("c0c0 030c 0128 0100 0100 0301 6400 0000 ef7d 6400 0000 0000 5b");
  std::vector<std::byte> user;
  BOOST_TEST(append_user_bytes(as_bytes(bytes), user));
  BOOST_TEST(user.size() == 21U);
  bytes[19] = 'x';
  user.clear();
  BOOST_TEST(!append_user_bytes(as_bytes(bytes), user));
  BOOST_TEST(user.size() == 16U);
}

BOOST_AUTO_TEST_SUITE_END()
