#include "detect/proto/mdns/parser.hpp"

#include "tests/support/parser_feed.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset;
using namespace cresset::detect::proto;
using namespace cresset::test;

namespace {

constexpr auto to_server = direction::to_server;
constexpr auto to_client = direction::to_client;

const std::string question =
    from_hex("0000 0000 0001 0000 0000 0000 04 5f697070 05 6c6f63616c 00 000c 0001");
const std::string response =
    from_hex("0000 8400 0000 0001 0000 0001 04 5f697070 05 6c6f63616c 00 000c 0001 00000078 0008"
             "05 7072696e74 c00c"
             "05 7072696e74 c00c 0001 8001 00000078 0004 c0000201");

std::vector<std::string> names(const transaction& tx, std::string_view keyword, direction way) {
  std::vector<std::string> all;
  for (std::size_t id = 0; id < mdns::description.buffers.size(); ++id)
    if (mdns::description.buffers[id].name == keyword && mdns::description.buffers[id].way == way)
      for (std::size_t i = 0; i < tx.instances(static_cast<buffer_id>(id)); ++i)
        all.emplace_back(as_text(*tx.buffer(static_cast<buffer_id>(id), i)));
  return all;
}

using texts = std::vector<std::string>;

} // namespace

BOOST_AUTO_TEST_SUITE(mdns_parser)

BOOST_AUTO_TEST_CASE(questions_and_responses_go_either_way) {
  mdns::parser parser;
  feed(parser, to_server, question);
  feed(parser, to_server, response);
  feed(parser, to_client, response);
  BOOST_REQUIRE(parser.transactions().size() == 3U);
  const auto& asked = *parser.transactions()[0];
  const auto& told = *parser.transactions()[1];
  BOOST_CHECK((names(asked, "mdns.queries.rrname", to_server) == texts{"_ipp.local"}));
  BOOST_CHECK((names(asked, "mdns.response.rrname", to_server) == texts{}));
  BOOST_CHECK((names(told, "mdns.answers.rrname", to_server) == texts{"_ipp.local"}));
  BOOST_CHECK((names(told, "mdns.additionals.rrname", to_server) == texts{"print._ipp.local"}));
  BOOST_CHECK((names(told, "mdns.response.rrname", to_server) ==
               texts{"_ipp.local", "print._ipp.local", "print._ipp.local"}));
  BOOST_CHECK((names(told, "mdns.answers.rrname", to_client) == texts{}));
  BOOST_CHECK((names(*parser.transactions()[2], "mdns.response.rrname", to_client).size() == 3U));
  BOOST_TEST(told.concerns(to_server));
  BOOST_TEST(!told.concerns(to_client));
}

BOOST_AUTO_TEST_CASE(the_event_log_has_the_sections) {
  mdns::parser parser;
  feed(parser, to_server, question);
  feed(parser, to_server, response);
  BOOST_TEST(members_of(*parser.transactions()[0]) ==
             R"({"type":"request","id":0,"flags":"0","opcode":0,"rcode":"NOERROR",)"
             R"("queries":[{"rrname":"_ipp.local","rrtype":"PTR"}]})");
  const auto json = members_of(*parser.transactions()[1]);
  BOOST_TEST(
      json.find(
          R"("answers":[{"rrname":"_ipp.local","rrtype":"PTR","ttl":120,"rdata":"print._ipp.local"}])") !=
      std::string::npos);
  BOOST_TEST(json.find(R"("rdata":"192.0.2.1")") != std::string::npos);
  BOOST_TEST(json.find("grouped") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_is_no_message_leaves_its_event_with_the_one_before) {
  mdns::parser parser;
  BOOST_CHECK(feed(parser, to_server, "short") == parse_status::resynchronised);
  feed(parser, to_server, question);
  feed(parser, to_server, question.substr(0, 20));
  BOOST_TEST(parser.transactions().size() == 1U);
  BOOST_TEST(parser.transactions()[0]->events()[0] == "malformed_data");
  for (std::size_t i = 0; i < mdns::parser::transaction_limit; ++i)
    feed(parser, to_server, question);
  BOOST_TEST(parser.refused() == 1U);
  parser.release(0);
  BOOST_TEST(parser.transactions().front()->number() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
