#include "detect/proto/ntp/parser.hpp"

#include "tests/support/parser_feed.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset;
using namespace cresset::detect::proto;
using namespace cresset::detect::proto::ntp;
using namespace cresset::test;

namespace {

constexpr auto to_server = direction::to_server;
constexpr auto to_client = direction::to_client;

std::string header(int first, int stratum, std::string_view reference) {
  return std::string{static_cast<char>(first), static_cast<char>(stratum)} + std::string(10, '\0') +
         std::string{reference} + std::string(32, '\0');
}

struct flow {
  ntp::parser parser;
  const message& say(direction way, std::string_view bytes) {
    feed(parser, way, bytes);
    return static_cast<const message&>(*parser.transactions().back());
  }
};

bool has(const transaction& tx, std::string_view event) {
  return std::find(tx.events().begin(), tx.events().end(), event) != tx.events().end();
}

} // namespace

BOOST_AUTO_TEST_SUITE(ntp_parser)

BOOST_AUTO_TEST_CASE(each_message_is_a_transaction_of_its_direction) {
  flow f;
  const auto& question = f.say(to_server, header(0xe3, 0, std::string(4, '\0')));
  BOOST_TEST(members_of(question) ==
             R"({"version":4,"mode":3,"stratum":0,"reference_id":"00:00:00:00"})");
  BOOST_TEST(question.concerns(to_server));
  BOOST_TEST(!question.concerns(to_client));
  const auto& answer = f.say(to_client, header(0x1c, 2, "LOCL"));
  BOOST_TEST(members_of(answer) ==
             R"({"version":3,"mode":4,"stratum":2,"reference_id":"4c:4f:43:4c"})");
  BOOST_TEST(as_text(*answer.buffer(static_cast<buffer_id>(buffer_index::reference_id_tc), 0)) ==
             "LOCL");
  BOOST_CHECK(!answer.buffer(static_cast<buffer_id>(buffer_index::reference_id_ts), 0));
  const auto kinds = static_cast<field_id>(field_index::count);
  BOOST_TEST(*answer.field(kinds + static_cast<field_id>(field_index::stratum), 0) == 2U);
  BOOST_CHECK(!answer.field(static_cast<field_id>(field_index::stratum), 0));
  BOOST_TEST(answer.events().empty());
}

BOOST_AUTO_TEST_CASE(control_and_private_messages_have_no_stratum) {
  flow f;
  const auto& monlist = f.say(to_server, from_hex("17000327 00000000"));
  BOOST_TEST(members_of(monlist) == R"({"version":2,"mode":7})");
  BOOST_TEST(monlist.field_instances(static_cast<field_id>(field_index::stratum)) == 0U);
  BOOST_TEST(monlist.field_instances(static_cast<field_id>(field_index::mode)) == 1U);
  BOOST_TEST(monlist.events().empty());
}

BOOST_AUTO_TEST_CASE(what_is_wrong_is_an_event) {
  flow f;
  BOOST_TEST(has(f.say(to_server, from_hex("e3")), "malformed_data"));
  BOOST_TEST(has(f.say(to_server, header(0x1b, 0, "LOCL").substr(0, 47)), "malformed_data"));
  BOOST_TEST(has(f.say(to_server, header(0x03, 0, "LOCL")), "malformed_data")); // version 0
  BOOST_TEST(has(f.say(to_client, header(0x2b, 0, "LOCL")), "malformed_data")); // version 5
  BOOST_TEST(members_of(*f.parser.transactions()[0]) == "{}");
  BOOST_TEST(has(f.say(to_server, header(0x24, 1, "GPS")), "malformed_data")); // one byte short
  BOOST_TEST(has(f.say(to_server, header(0x24, 1, "GPS ")), "not_request"));
  BOOST_TEST(has(f.say(to_client, header(0x23, 1, "GPS ")), "not_response"));
}

BOOST_AUTO_TEST_CASE(messages_are_bounded) {
  flow f;
  for (std::size_t i = 0; i < ntp::parser::transaction_limit + 5; ++i)
    f.say(to_server, header(0xe3, 0, "GPS "));
  BOOST_TEST(f.parser.transactions().size() == ntp::parser::transaction_limit);
  BOOST_TEST(f.parser.refused() == 5U);
  f.parser.release(0);
  BOOST_TEST(f.parser.transactions().front()->number() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
