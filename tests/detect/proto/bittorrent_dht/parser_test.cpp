#include "detect/proto/bittorrent_dht/parser.hpp"

#include "tests/support/parser_feed.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset;
using namespace cresset::detect::proto;
using namespace cresset::test;

namespace {

constexpr auto to_server = direction::to_server;
constexpr auto to_client = direction::to_client;

struct flow {
  bittorrent_dht::parser parser;
  std::string say(direction way, std::string_view bytes) {
    feed(parser, way, bytes);
    return members_of(*parser.transactions().back());
  }
  bool is_malformed(std::string_view bytes) {
    return feed(parser, to_server, bytes) == parse_status::resynchronised &&
           parser.transactions().back()->events()[0] == "malformed_packet";
  }
};

const std::string id(20, '\x61');
const std::string id_hex = "6161616161616161616161616161616161616161";

} // namespace

BOOST_AUTO_TEST_SUITE(bittorrent_dht_parser)

BOOST_AUTO_TEST_CASE(queries_are_told_with_their_arguments) {
  flow f;
  BOOST_TEST(f.say(to_server, "d1:ad2:id20:" + id + "e1:q4:ping1:t2:aa1:v4:UT011:y1:qe") ==
             R"({"transaction_id":"6161","client_version":"55543031","request_type":"ping",)"
             R"("request":{"id":")" +
                 id_hex + R"("}})");
  BOOST_TEST(
      f.say(to_server, "d1:ad2:id20:" + id + "6:target20:" + id + "e1:q9:find_node1:t1:x1:y1:qe") ==
      R"({"transaction_id":"78","request_type":"find_node","request":{"id":")" + id_hex +
          R"(","target":")" + id_hex + R"("}})");
  BOOST_TEST(f.say(to_server, "d1:ad2:id20:" + id + "12:implied_porti1e9:info_hash20:" + id +
                                  "4:porti6881e5:token2:tke1:q13:announce_peer1:t1:x1:y1:qe")
                 .ends_with(R"("info_hash":")" + id_hex +
                            R"(","token":"746b","implied_port":1,"port":6881}})"));
}

BOOST_AUTO_TEST_CASE(responses_are_told_with_nodes_and_peers) {
  flow f;
  const std::string node = id + std::string{"\x7f\0\0\1\x1a\xe1", 6};
  const std::string node6 = id + std::string(15, '\0') + std::string{"\1\0\x50", 3};
  BOOST_TEST(
      f.say(to_client, "d1:rd2:id20:" + id + "5:nodes26:" + node + "6:nodes638:" + node6 +
                           "5:token1:t6:valuesl6:" + node.substr(20) + "ee1:t1:x1:y1:re") ==
      R"({"transaction_id":"78","response":{"id":")" + id_hex + R"(","nodes":[{"id":")" + id_hex +
          R"(","ip":"127.0.0.1","port":6881}],"nodes6":[{"id":")" + id_hex +
          R"(","ip":"0000:0000:0000:0000:0000:0000:0000:0001","port":80}],"values":[{"ip":"127.0.0.1","port":6881}],"token":"74"}})");
  BOOST_TEST(f.parser.transactions()[0]->concerns(to_client));
  BOOST_TEST(!f.parser.transactions()[0]->concerns(to_server));
}

BOOST_AUTO_TEST_CASE(errors_are_told) {
  flow f;
  BOOST_TEST(f.say(to_client, "d1:eli203e16:Malformed Packete1:t2:aa1:y1:ee") ==
             R"({"transaction_id":"6161","error":{"num":203,"msg":"Malformed Packet"}})");
}

BOOST_AUTO_TEST_CASE(what_cannot_be_read_is_an_event) {
  flow f;
  for (const auto* bytes :
       {"", "x", "de", "d1:t2:aae", "d1:t2:aa1:y1:qe", "d1:t2:aa1:y1:q1:q4:pinge",
        "d1:t2:aa1:y1:re", "d1:t2:aa1:y1:ee", "d1:t2:aa1:y1:xe", "d1:eli203ee1:t2:aa1:y1:ee",
        "d1:rd5:nodes3:abce1:t1:x1:y1:re", "d1:rd6:valuesl2:abee1:t1:x1:y1:re",
        "d1:rd6:valuesi1ee1:t1:x1:y1:re", "d1:ad4:porti1", "di1ei2ee", "d1:ti1e1:y1:qe",
        "d1:r2:id1:t1:x1:y1:re"})
    BOOST_TEST(f.is_malformed(bytes), bytes);
}

BOOST_AUTO_TEST_CASE(contacts_and_messages_are_bounded) {
  flow f;
  std::string nodes;
  for (std::size_t i = 0; i < 1000; ++i)
    nodes += id + "abcdef";
  const auto json = f.say(to_client, "d1:rd5:nodes" + std::to_string(nodes.size()) + ":" + nodes +
                                         "e1:t1:x1:y1:re");
  BOOST_TEST(json.size() < 100 * bittorrent_dht::message::contacts_limit);
  for (std::size_t i = 0; i < bittorrent_dht::parser::transaction_limit; ++i)
    f.say(to_server, "x");
  BOOST_TEST(f.parser.transactions().size() == bittorrent_dht::parser::transaction_limit);
  BOOST_TEST(f.parser.refused() == 1U);
  f.parser.release(0);
  BOOST_TEST(f.parser.transactions().front()->number() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
