#include "detect/proto/dcerpc/datagram_parser.hpp"

#include "tests/support/parser_feed.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset;
using namespace cresset::detect::proto;
using namespace cresset::detect::proto::dcerpc;
using namespace cresset::test;

namespace {

constexpr auto to_server = direction::to_server;
constexpr auto to_client = direction::to_client;

std::string datagram(int type, int flags, char sequence, const std::string& body) {
  return std::string{4} + static_cast<char>(type) + static_cast<char>(flags) +
         from_hex("00 100000 00") + std::string(16, 'o') +
         from_hex("78563412 3412 cdab ef00 01234567cffb") +
         from_hex("4e32dcddd8034eaf86ee7650df599e40") + from_hex("00000000 01000000") + sequence +
         from_hex("000000 0700 ffff ffff") + static_cast<char>(body.size()) +
         from_hex("00 0000 00 00") + body;
}

struct flow {
  dcerpc::datagram_parser parser{settings{.limit_live = 2}};
  void send(std::string_view bytes, direction way = to_server) { feed(parser, way, bytes); }
  const exchange& tx(std::size_t i) {
    BOOST_REQUIRE(parser.transactions().size() > i);
    return static_cast<const exchange&>(*parser.transactions()[i]);
  }
};

} // namespace

BOOST_AUTO_TEST_SUITE(dcerpc_datagram_parser)

BOOST_AUTO_TEST_CASE(a_call_and_its_answer_are_one_transaction) {
  flow f;
  f.send(datagram(0, 0, 2, "ask"));
  f.send(datagram(2, 0, 2, "told"), to_client);
  BOOST_TEST(f.tx(0).is_done());
  BOOST_TEST(
      members_of(f.tx(0)) ==
      R"({"request":"REQUEST","req":{"opnum":7,"frag_cnt":1,"stub_data_size":3},)"
      R"("interfaces":[{"uuid":"12345678-1234-abcd-ef00-01234567cffb","version":"1.0"}],)"
      R"("response":"RESPONSE","res":{"frag_cnt":1,"stub_data_size":4},)"
      R"("activityuuid":"dddc324e-03d8-af4e-86ee-7650df599e40","seqnum":2,"rpc_version":"4.0"})");
}

BOOST_AUTO_TEST_CASE(fragments_are_gathered_until_the_last) {
  flow f;
  f.send(datagram(0, 4, 2, "ab"));
  BOOST_TEST(!f.tx(0).is_done(to_server));
  f.send(datagram(1, 0, 2, "") + "x"); // a PING is no part of the call
  f.send(datagram(0, 6, 2, "cd"));
  BOOST_TEST(f.tx(0).is_done(to_server));
  BOOST_TEST(f.tx(0).what.side(to_server).total == 4U);
}

BOOST_AUTO_TEST_CASE(calls_are_told_apart_by_their_number) {
  flow f;
  f.send(datagram(0, 0, 2, "one"));
  f.send(datagram(0, 0, 3, "two"));
  f.send(datagram(3, 0, 3, ""), to_client);
  BOOST_TEST(!f.tx(0).is_done());
  BOOST_TEST(f.tx(1).is_done());
}

BOOST_AUTO_TEST_CASE(what_is_no_datagram_of_it_is_passed_over) {
  flow f;
  f.send("short");
  f.send(std::string(100, 'x'));
  auto wrong = datagram(0, 0, 1, "");
  wrong[1] = 20;
  f.send(wrong);
  BOOST_TEST(f.parser.transactions().empty());
  auto longer = datagram(0, 0, 1, "abc");
  f.send(longer.substr(0, longer.size() - 2)); // claims more than it brings
  BOOST_TEST(f.tx(0).what.side(to_server).total == 1U);
}

BOOST_AUTO_TEST_CASE(calls_over_the_limit_are_not_kept) {
  flow f;
  for (char i = 0; i < 20; ++i)
    f.send(datagram(0, 0, i, ""));
  BOOST_TEST(f.parser.transactions().size() == 4U);
  BOOST_TEST(f.tx(0).is_done());
  f.parser.release(0);
  f.parser.end(to_client);
  BOOST_TEST(f.tx(0).is_done(to_client));
}

BOOST_AUTO_TEST_SUITE_END()
