#include "detect/proto/tftp/parser.hpp"

#include "tests/support/parser_feed.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset;
using namespace cresset::detect::proto;
using namespace cresset::test;

namespace {

constexpr auto to_server = direction::to_server;

std::string request(char opcode, std::string_view file, std::string_view mode) {
  return std::string{'\0', opcode} + std::string{file} + '\0' + std::string{mode} + '\0';
}

} // namespace

BOOST_AUTO_TEST_SUITE(tftp_parser)

BOOST_AUTO_TEST_CASE(requests_to_read_and_write_are_told) {
  tftp::parser parser;
  feed(parser, to_server, request(2, "rfc1350.txt", "octet"));
  feed(parser, to_server, request(1, "a", "NetASCII") + std::string{"blksize\0001400\0", 13});
  BOOST_REQUIRE(parser.transactions().size() == 2U);
  BOOST_TEST(members_of(*parser.transactions()[0]) ==
             R"({"packet":"write","file":"rfc1350.txt","mode":"octet"})");
  BOOST_TEST(members_of(*parser.transactions()[1]) ==
             R"({"packet":"read","file":"a","mode":"NetASCII"})");
  BOOST_TEST(parser.transactions()[0]->is_done());
  BOOST_TEST(!parser.transactions()[0]->concerns(direction::to_client));
}

BOOST_AUTO_TEST_CASE(what_is_no_request_makes_no_transaction) {
  tftp::parser parser;
  for (const auto& bytes :
       {std::string{"\0", 1}, std::string{"\0\1", 2}, std::string{"\0\1file", 6},
        std::string{"\0\1file\0octet", 12}, request(1, "a", "binary"), request(3, "a", "octet"),
        request(0, "a", "octet"), request(1, "a", "octe")})
    BOOST_CHECK(feed(parser, to_server, bytes) == parse_status::resynchronised);
  feed(parser, direction::to_client, request(1, "a", "octet"));
  BOOST_TEST(parser.transactions().empty());
}

BOOST_AUTO_TEST_CASE(names_and_requests_are_bounded) {
  tftp::parser parser;
  feed(parser, to_server, request(1, std::string(5000, 'x'), "mail"));
  BOOST_TEST(static_cast<const tftp::request&>(*parser.transactions()[0]).file_name().size() ==
             tftp::request::text_limit_bytes);
  for (std::size_t i = 0; i < 2 * tftp::parser::transaction_limit; ++i)
    feed(parser, to_server, request(1, "a", "mail"));
  BOOST_TEST(parser.transactions().size() == tftp::parser::transaction_limit);
  BOOST_TEST(parser.refused() == tftp::parser::transaction_limit + 1);
  parser.release(0);
  BOOST_TEST(parser.transactions().front()->number() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
